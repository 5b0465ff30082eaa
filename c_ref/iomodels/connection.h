/* One session over one connection that never waits.  Python twin: connection.py. */
#ifndef CONNECTION_H
#define CONNECTION_H

#include "iomodels/service.h"
#include "net/execution.h"
#include "net/timers.h"

struct connection {
	struct timer timer;
	int fd; /* -1: closed */
	const struct server *server;
	char peer[NAME_SIZE];
	double timeout;
	struct session *session;
	struct buffer out;
	struct execution execution; /* the program that runs for the client, if its fd is not -1 */
	int execution_fd;           /* what the event loop watches for it, or -1 */
	int heard_all;
	int lingering;
};

/* Take over an accepted socket.  NULL: no memory, and the socket is closed. */
struct connection *connection_new(const struct server *server, int fd, const char *peer);

/* What the connection waits for. */
int connection_reading(const struct connection *connection);
int connection_writing(const struct connection *connection);

/* Do what can be done without waiting; afterwards the connection may be closed. */
void connection_on_ready(struct connection *connection, int readable, int writable);

/* Take the result of the program that ran for the client and is over. */
void connection_on_result(struct connection *connection);

/* The time limit is over; not that of a program. */
void connection_on_deadline(struct connection *connection);

void connection_close(struct connection *connection);
void connection_free(struct connection *connection);

#endif
