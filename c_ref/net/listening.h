/* The server's end of the BSD calls: socket, bind, listen, accept, and who is admitted.  Python twin: listening.py. */
#ifndef LISTENING_H
#define LISTENING_H

#include "iomodels/service.h"

#define EXHAUSTED_PAUSE 0.25

/*
 * Make the listening socket; for datagrams, the one socket that there is.
 * -1: unreachable; ERROR_NONE when programs would be run for strangers, and nobody said that this is meant.
 */
int listening_listen(const struct options *options, struct error *error);

/* One accept, and the name of the peer.  -1: errno; ECONNABORTED when it is nobody who is admitted. */
int listening_accept_some(const struct server *server, char peer[NAME_SIZE]);

/* Whether an errno of accept means that there are no descriptors, or no memory, for another connection. */
int listening_exhausted(int number);

/* Wait for the next connection and name the peer.  -1: SIGTERM or SIGINT. */
int listening_accept(const struct server *server, char peer[NAME_SIZE]);

/* The line that says where a listener can be reached, without the newline; 0, or -1 with errno. */
int listening_announcement(int listener, char line[NAME_SIZE]);

/* Close a listener and, where it has a path, remove it. */
void listening_forget(int listener, const struct options *options);

#endif
