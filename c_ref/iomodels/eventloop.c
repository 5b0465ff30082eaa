/*
 * One thread, many connections: the loop that the select, poll and epoll models
 * share.
 *
 *     watch the listener and the stop pipe
 *     repeat:  wait until something is ready, or a time limit is over
 *              the stop pipe:   close everything, return
 *              the listener:    accept, watch the new connection
 *              a connection:    let it do what it can without waiting, watch what it waits for now
 *              a program:       take its output; when it is over, tell the connection it runs for
 *              a time limit:    tell the connection
 *
 * How to wait is the only thing in which the models differ: see
 * iomodels/selecting.c.
 *
 * Python twin: eventloop.py.  Read next: iomodels/selecting.c.
 */
#include "iomodels/eventloop.h"

#include "iomodels/connection.h"
#include "net/listening.h"
#include "net/signals.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_READY = 512 };

struct eventloop {
	const struct server *server;
	struct poller *poller;
	struct timers timers;
	struct connection **connections; /* by descriptor, that of a program too */
	size_t capacity;
	uint64_t count;
	int accepting;
	struct timer pause; /* no connection is accepted until its deadline */
	int pausing;
};

/* Watch the listener unless there are as many connections as may be, or no descriptors left. */
static int update_listener(struct eventloop *loop)
{
	int accepting = !loop->pausing && loop->count < loop->server->options->max_connections;

	if (accepting == loop->accepting)
		return 0;
	loop->accepting = accepting;
	if (accepting)
		return loop->poller->watch(loop->poller, loop->server->listener, 1, 0);
	loop->poller->unwatch(loop->poller, loop->server->listener);
	return 0;
}

static int make_room(struct eventloop *loop, int fd)
{
	size_t needed = (size_t)fd + 1;
	size_t capacity = loop->capacity ? loop->capacity : 64;
	struct connection **connections;

	if (needed <= loop->capacity)
		return 0;
	while (capacity < needed)
		capacity *= 2;
	connections = realloc(loop->connections, capacity * sizeof(struct connection *));
	if (connections == NULL)
		return -1;
	memset(connections + loop->capacity, 0, (capacity - loop->capacity) * sizeof(struct connection *));
	loop->connections = connections;
	loop->capacity = capacity;
	return 0;
}

static void unwatch_execution(struct eventloop *loop, struct connection *connection)
{
	int fd = connection->execution_fd;

	if (fd == -1)
		return;
	loop->poller->unwatch(loop->poller, fd);
	loop->connections[fd] = NULL;
	connection->execution_fd = -1;
}

static int is_beyond_limit(const struct eventloop *loop, int fd, const char *peer)
{
	int limit = loop->poller->fd_limit;

	if (limit == 0 || fd < limit)
		return 0;
	server_log("%s: refused: descriptor %d is not below FD_SETSIZE, %d", peer, fd, limit);
	return 1;
}

/* -1: errno. */
static int watch_execution(struct eventloop *loop, struct connection *connection)
{
	int fd = connection->execution.fd;

	if (fd == connection->execution_fd)
		return 0;
	if (make_room(loop, fd) == -1)
		return -1;
	loop->connections[fd] = connection;
	connection->execution_fd = fd;
	return loop->poller->watch(loop->poller, fd, 1, 0);
}

static void forget(struct eventloop *loop, struct connection *connection, int fd)
{
	unwatch_execution(loop, connection);
	loop->poller->unwatch(loop->poller, fd);
	timers_remove(&loop->timers, &connection->timer);
	loop->connections[fd] = NULL;
	loop->count--;
	connection_free(connection);
}

/* Watch what the connection waits for now, or forget it.  -1: errno. */
static int update(struct eventloop *loop, struct connection *connection, int fd)
{
	if (connection->execution.fd != -1 && is_beyond_limit(loop, connection->execution.fd, connection->peer))
		connection_close(connection);
	if (connection->fd == -1) {
		forget(loop, connection, fd);
		return update_listener(loop);
	}
	if (watch_execution(loop, connection) == -1)
		return -1;
	if (connection->timer.deadline < connection->timer.entry)
		timers_came_nearer(&loop->timers, &connection->timer);
	return loop->poller->watch(loop->poller, fd, connection_reading(connection), connection_writing(connection));
}

/* The program's output came, or its time limit.  -1: errno. */
static int on_execution(struct eventloop *loop, struct connection *connection, int is_deadline)
{
	struct execution *execution = &connection->execution;
	int fd = connection->fd;

	if (is_deadline)
		execution_on_deadline(execution);
	else
		execution_read(execution);
	if (!execution->over)
		return 0;
	/* First of all: the next program's pipe may get the same number. */
	unwatch_execution(loop, connection);
	connection_on_result(connection);
	return update(loop, connection, fd);
}

static int adopt(struct eventloop *loop, int fd, const char *peer)
{
	struct connection *connection;

	if (is_beyond_limit(loop, fd, peer)) {
		close(fd);
		return 0;
	}
	connection = connection_new(loop->server, fd, peer);
	if (connection == NULL) {
		server_log("%s: no memory for another connection", peer);
		return 0;
	}
	if (make_room(loop, fd) == -1 || timers_add(&loop->timers, &connection->timer) == -1) {
		connection_free(connection);
		server_log("%s: no memory for another connection", peer);
		return 0;
	}
	loop->connections[fd] = connection;
	loop->count++;
	return update(loop, connection, fd) == -1 ? -1 : update_listener(loop);
}

static int accept_one(struct eventloop *loop)
{
	char peer[NAME_SIZE];
	int fd = listening_accept_some(loop->server, peer);

	if (fd != -1)
		return adopt(loop, fd, peer);
	if (!listening_exhausted(errno))
		return 0;
	server_log("cannot accept: %s; trying again", strerror(errno));
	loop->pause.deadline = net_clock() + EXHAUSTED_PAUSE;
	loop->pausing = timers_add(&loop->timers, &loop->pause) == 0;
	return update_listener(loop);
}

/* 0; 1: told to stop; -1: errno. */
static int dispatch(struct eventloop *loop, const struct ready *ready)
{
	struct connection *connection;

	if (ready->fd == signals_stop_fd)
		return 1;
	if (ready->fd == loop->server->listener)
		return accept_one(loop);
	connection = loop->connections[ready->fd];
	/* One that was closed a moment ago may be still in the list. */
	if (connection == NULL)
		return 0;
	if (ready->fd == connection->execution_fd)
		return on_execution(loop, connection, 0);
	connection_on_ready(connection, ready->readable, ready->writable);
	return update(loop, connection, ready->fd);
}

static int expire(struct eventloop *loop)
{
	struct timer *timer;
	int result = 0;

	while (result == 0 && (timer = timers_expired(&loop->timers, net_clock())) != NULL) {
		if (timer == &loop->pause) {
			timers_remove(&loop->timers, timer);
			loop->pausing = 0;
			result = update_listener(loop);
		} else {
			struct connection *connection = (struct connection *)timer;
			int fd = connection->fd;

			if (connection->execution.fd != -1) {
				result = on_execution(loop, connection, 1);
				continue;
			}
			connection_on_deadline(connection);
			result = update(loop, connection, fd);
		}
	}
	return result;
}

static int run(struct eventloop *loop)
{
	struct ready ready[MOST_READY];
	int result = 0;

	if (loop->poller->watch(loop->poller, signals_stop_fd, 1, 0) == -1 || update_listener(loop) == -1)
		return -1;
	while (result == 0) {
		double left = timers_seconds_left(&loop->timers, net_clock());
		int count = loop->poller->wait(loop->poller, left, ready, MOST_READY);

		if (count == -1)
			return -1;
		for (int i = 0; i < count && result == 0; i++)
			result = dispatch(loop, &ready[i]);
		if (result == 0)
			result = expire(loop);
	}
	return result == 1 ? 0 : -1;
}

int eventloop_serve(const struct server *server, struct poller *poller)
{
	struct eventloop loop = {.server = server, .poller = poller};
	int result = run(&loop);

	for (size_t fd = 0; fd < loop.capacity; fd++)
		if (loop.connections[fd] != NULL && loop.connections[fd]->execution_fd != (int)fd)
			forget(&loop, loop.connections[fd], (int)fd);
	free(loop.connections);
	timers_free(&loop.timers);
	return result;
}
