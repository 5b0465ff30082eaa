/*
 * One thread, many connections: the loop that the select, poll and epoll models
 * share.
 *
 *     watch the listener and the stop pipe
 *     repeat:  wait until something is ready, or a deadline
 *              the stop pipe:   close everything, return
 *              the listener:    accept those that wait, watch the new connections
 *              a connection:    let it do what it can without waiting, watch what it waits for now
 *              a program:       take its output
 *              a deadline, or more work:  tell the connection
 *
 * How to wait is the only thing in which the models differ: see selecting.c.
 *
 * Python twin: pyside/iomodels/eventloop.py.  Read next: iomodels/selecting.c.
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

/* At most this many connections are accepted before the others get their turn. */
enum { ACCEPTS_PER_ROUND = 64 };

struct eventloop {
	const struct service *service;
	struct poller *poller;
	struct timers timers;
	struct connection **connections; /* by descriptor, that of a program too */
	size_t capacity;
	uint64_t count;
	struct connection *working;
	int stopping;
	int accepting;
	struct timer pause; /* nothing is accepted until its deadline */
	int pausing;
};

static int run(struct eventloop *loop);
static int update_listener(struct eventloop *loop);
static int dispatch(struct eventloop *loop, const struct ready *ready);
static int accept_waiting(struct eventloop *loop);
static int adopt(struct eventloop *loop, int fd, const char *peer);
static int is_beyond_limit(const struct eventloop *loop, int fd, const char *peer);
static int make_room(struct eventloop *loop, int fd);
static void unwatch_program(struct eventloop *loop, struct connection *connection);
static int update(struct eventloop *loop, struct connection *connection);
static int forget(struct eventloop *loop, struct connection *connection);
static int watch_program(struct eventloop *loop, struct connection *connection);
static int work(struct eventloop *loop);
static int expire(struct eventloop *loop);
static void close_all(struct eventloop *loop);

int eventloop_serve(const struct service *service, struct poller *poller)
{
	struct eventloop loop = {.service = service, .poller = poller};
	int result = run(&loop);

	close_all(&loop);
	free(loop.connections);
	timers_free(&loop.timers);
	return result;
}

static int run(struct eventloop *loop)
{
	struct ready ready[MOST_READY];
	int result = 0;

	if (loop->poller->watch(loop->poller, signals_stop_fd, 1, 0) == -1 || update_listener(loop) == -1)
		return -1;
	while (result == 0 && !loop->stopping) {
		double left = loop->working != NULL ? 0 : timers_seconds_left(&loop->timers, net_clock());
		int count = loop->poller->wait(loop->poller, left, ready, MOST_READY);

		if (count == -1)
			return -1;
		for (int i = 0; i < count && result == 0; i++)
			result = dispatch(loop, &ready[i]);
		if (result == 0)
			result = work(loop);
		if (result == 0)
			result = expire(loop);
	}
	return result;
}

/* Watch the listener, unless the connection limit is reached, or the descriptors are used up.  -1: errno. */
static int update_listener(struct eventloop *loop)
{
	int accepting = !loop->pausing && loop->count < loop->service->max_connections;

	if (accepting == loop->accepting)
		return 0;
	loop->accepting = accepting;
	if (accepting)
		return loop->poller->watch(loop->poller, loop->service->listener, 1, 0);
	loop->poller->unwatch(loop->poller, loop->service->listener);
	return 0;
}

/* -1: errno. */
static int dispatch(struct eventloop *loop, const struct ready *ready)
{
	struct connection *connection;
	int is_program;

	if (ready->fd == signals_stop_fd) {
		loop->stopping = 1;
		return 0;
	}
	if (ready->fd == loop->service->listener)
		return accept_waiting(loop);
	connection = loop->connections[ready->fd];
	/* A connection that was closed a moment ago may still be in the list. */
	if (connection == NULL)
		return 0;
	is_program = ready->fd == connection->execution.fd;
	unwatch_program(loop, connection);
	if (is_program)
		connection_on_output(connection);
	else
		connection_on_ready(connection, ready->readable);
	return update(loop, connection);
}

/* -1: errno. */
static int accept_waiting(struct eventloop *loop)
{
	char peer[NAME_SIZE];

	for (int i = 0; i < ACCEPTS_PER_ROUND && loop->accepting; i++) {
		int fd = service_accept_some(loop->service, peer);

		if (fd == -1 && listening_exhausted(errno)) {
			service_log_exhausted();
			loop->pause.deadline = net_clock() + EXHAUSTED_PAUSE;
			loop->pausing = timers_add(&loop->timers, &loop->pause) == 0;
			return update_listener(loop);
		}
		if (fd == -1)
			return 0;
		if (adopt(loop, fd, peer) == -1)
			return -1;
	}
	return 0;
}

/* Take over an accepted socket.  -1: errno. */
static int adopt(struct eventloop *loop, int fd, const char *peer)
{
	struct connection *connection;

	if (is_beyond_limit(loop, fd, peer)) {
		close(fd);
		return 0;
	}
	connection = connection_new(loop->service, fd, peer);
	if (connection == NULL) {
		service_log("%s: no memory for another connection", peer);
		return 0;
	}
	if (make_room(loop, fd) == -1 || timers_add(&loop->timers, &connection->timer) == -1) {
		connection_free(connection);
		service_log("%s: no memory for another connection", peer);
		return 0;
	}
	loop->connections[fd] = connection;
	loop->count++;
	return update(loop, connection) == -1 ? -1 : update_listener(loop);
}

static int is_beyond_limit(const struct eventloop *loop, int fd, const char *peer)
{
	int limit = loop->poller->fd_limit;

	if (limit == 0 || fd < limit)
		return 0;
	service_log("%s: refused: descriptor %d is not below FD_SETSIZE, %d", peer, fd, limit);
	return 1;
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

/* Before its pipe is closed: the next program's pipe may get the same number. */
static void unwatch_program(struct eventloop *loop, struct connection *connection)
{
	int fd = connection->execution.fd;

	if (fd == -1)
		return;
	loop->poller->unwatch(loop->poller, fd);
	loop->connections[fd] = NULL;
}

/* Watch what the connection waits for now, or forget it.  -1: errno. */
static int update(struct eventloop *loop, struct connection *connection)
{
	if (connection->execution.fd != -1 && is_beyond_limit(loop, connection->execution.fd, connection->peer))
		connection_close(connection);
	if (connection->closed)
		return forget(loop, connection);
	if ((connection->execution.fd != -1 && watch_program(loop, connection) == -1) ||
	    loop->poller->watch(loop->poller, connection->fd, connection->wants_read, connection->wants_write) == -1) {
		service_log("%s: cannot watch: %s", connection->peer, strerror(errno));
		unwatch_program(loop, connection);
		connection_close(connection);
		return forget(loop, connection);
	}
	if (connection->wants_more_time && !connection->is_working) {
		connection->is_working = 1;
		connection->next_working = loop->working;
		loop->working = connection;
	}
	timers_moved(&loop->timers, &connection->timer);
	return 0;
}

/* -1: errno. */
static int forget(struct eventloop *loop, struct connection *connection)
{
	loop->poller->unwatch(loop->poller, connection->fd);
	timers_remove(&loop->timers, &connection->timer);
	loop->connections[connection->fd] = NULL;
	loop->count--;
	/* One that is in the list of those that work is freed when its turn comes. */
	if (!connection->is_working)
		connection_free(connection);
	return update_listener(loop);
}

/* -1: errno. */
static int watch_program(struct eventloop *loop, struct connection *connection)
{
	int fd = connection->execution.fd;

	if (make_room(loop, fd) == -1)
		return -1;
	loop->connections[fd] = connection;
	return loop->poller->watch(loop->poller, fd, 1, 0);
}

/* Let each connection that has more to do go on once.  -1: errno. */
static int work(struct eventloop *loop)
{
	struct connection *connection = loop->working;
	int result = 0;

	loop->working = NULL;
	while (connection != NULL) {
		struct connection *next = connection->next_working;

		connection->is_working = 0;
		if (connection->closed) {
			connection_free(connection);
		} else {
			unwatch_program(loop, connection);
			connection_on_time(connection);
			if (update(loop, connection) == -1)
				result = -1;
		}
		connection = next;
	}
	return result;
}

/* -1: errno. */
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

			unwatch_program(loop, connection);
			connection_on_time(connection);
			result = update(loop, connection);
		}
	}
	return result;
}

static void close_all(struct eventloop *loop)
{
	for (size_t fd = 0; fd < loop->capacity; fd++) {
		struct connection *connection = loop->connections[fd];

		if (connection == NULL || connection->fd != (int)fd)
			continue;
		unwatch_program(loop, connection);
		connection->is_working = 0;
		connection_free(connection);
	}
}
