/* The one table of I/O models.  Python twin: pyside/iomodels/table.py. */
#ifndef MODEL_TABLE_H
#define MODEL_TABLE_H

#include <stddef.h>

struct service;

struct model {
	const char *name;
	/* Serve until SIGTERM or SIGINT.  0, or -1 with errno. */
	int (*serve)(const struct service *service);
	int over_seqpacket; /* whether it waits for one connection at a time, and so keeps the boundaries of messages */
	const char *summary; /* the line in --help */
};

/* The names, in a fixed order, then NULL. */
const char *model_name(size_t index);

/* NULL: there is none of that name. */
const struct model *model_find(const char *name);

#endif
