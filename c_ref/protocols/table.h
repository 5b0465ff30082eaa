/* The one table of protocols.  Python twin: pyside/protocols/table.py. */
#ifndef PROTOCOL_TABLE_H
#define PROTOCOL_TABLE_H

#include "wire/session.h"

struct protocol {
	const char *name;
	const struct session_class *server;
	const struct session_class *client;
	int over_datagrams;  /* whether the server answers each datagram with one */
	const char *summary; /* the line in --help */
};

/* NULL: there is none of that name. */
const struct protocol *protocol_find(const char *name);

/* protocol_name and session_new, which libcref has too, are in wire/cref.h. */

#endif
