/*
 * A connection that never waits: a socket, its conversation, and its program.
 * Python twin: pyside/iomodels/connection.py.
 */
#ifndef CONNECTION_H
#define CONNECTION_H

#include "iomodels/service.h"
#include "net/timers.h"

struct connection {
	struct timer timer; /* with the deadline */
	int fd;             /* also after the close */
	const char *peer;   /* its name, for the log */
	int closed;
	int wants_read;
	int wants_write;
	int wants_more_time;         /* call connection_on_time soon, although nothing is ready */
	struct execution *execution; /* the program that runs for the client, or NULL */
	const struct service *service;
	struct conversation *conversation;
	/* The event loop's: a list of those that want more time. */
	struct connection *next_working;
	int is_working;
};

/*
 * Take over an accepted socket; what it waits for is known after the first
 * connection_on_ready.  NULL: no memory, and the socket is closed.
 */
struct connection *connection_new(const struct service *service, int fd, const char *peer);
void connection_free(struct connection *connection);

/* Move what can be moved without waiting. */
void connection_on_ready(struct connection *connection, int readable);

/* The program that runs for the client has written something, or ended. */
void connection_on_output(struct connection *connection);

/* The deadline has come, or there is time for more work. */
void connection_on_time(struct connection *connection);

/* Close at once, whatever waits to be sent. */
void connection_close(struct connection *connection);

#endif
