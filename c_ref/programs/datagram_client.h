/* The client for datagrams: stop and wait.  Python twin: pyside/programs/datagram_client.py. */
#ifndef DATAGRAM_CLIENT_H
#define DATAGRAM_CLIENT_H

#include "programs/messages.h"
#include "programs/options.h"

/* Send each message and print its reply; *error is what went wrong first. */
void datagram_client_run(const struct options *options, struct source *source, struct error *error);

#endif
