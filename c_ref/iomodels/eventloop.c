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

/*
 * At most this many connections are accepted before the others get their turn;
 * but one for every few of the others, because an accept that finds nothing
 * costs more than to be told that somebody waits.
 */
enum { ACCEPTS_PER_ROUND = 64, TURNS_PER_ACCEPT = 4 };

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
	int most_accepts;   /* in this round */
	struct timer pause; /* nothing is accepted until its deadline */
	int pausing;
};

static int run(struct eventloop *loop);
static void update_listener(struct eventloop *loop);
static void dispatch(struct eventloop *loop, const struct ready *ready);
static void accept_waiting(struct eventloop *loop);
static void rest(struct eventloop *loop);
static void adopt(struct eventloop *loop, int fd, const char *peer);
static int is_beyond_limit(const struct eventloop *loop, int fd, const char *peer);
static int make_room(struct eventloop *loop, int fd);
static int program_fd(const struct connection *connection);
static void unwatch_program(struct eventloop *loop, struct connection *connection);
static void update(struct eventloop *loop, struct connection *connection);
static int watch(struct eventloop *loop, struct connection *connection);
static void forget(struct eventloop *loop, struct connection *connection);
static void work(struct eventloop *loop);
static void expire(struct eventloop *loop);
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

	if (loop->poller->watch(loop->poller, signals_stop_fd, 1, 0) == -1)
		return -1;
	update_listener(loop);
	while (!loop->stopping) {
		double left = loop->working != NULL ? 0 : timers_seconds_left(&loop->timers, net_clock());
		int count = loop->poller->wait(loop->poller, left, ready);

		if (count == -1)
			return -1;
		loop->most_accepts = 1 + count / TURNS_PER_ACCEPT;
		if (loop->most_accepts > ACCEPTS_PER_ROUND)
			loop->most_accepts = ACCEPTS_PER_ROUND;
		for (int i = 0; i < count; i++)
			dispatch(loop, &ready[i]);
		work(loop);
		expire(loop);
	}
	return 0;
}

/* Watch the listener, unless the connection limit is reached, or the descriptors are used up. */
static void update_listener(struct eventloop *loop)
{
	int accepting = !loop->pausing && loop->count < loop->service->max_connections;

	if (accepting && !loop->accepting) {
		if (loop->poller->watch(loop->poller, loop->service->listener, 1, 0) == -1) {
			service_log_exhausted();
			rest(loop);
			return;
		}
	} else if (loop->accepting && !accepting) {
		loop->poller->unwatch(loop->poller, loop->service->listener);
		if (!loop->pausing)
			service_log_full(loop->service);
	}
	loop->accepting = accepting;
}

static void dispatch(struct eventloop *loop, const struct ready *ready)
{
	struct connection *connection;
	int is_program;

	if (ready->fd == signals_stop_fd) {
		loop->stopping = 1;
		return;
	}
	if (ready->fd == loop->service->listener) {
		accept_waiting(loop);
		return;
	}
	connection = loop->connections[ready->fd];
	/* A connection that was closed a moment ago may still be in the list. */
	if (connection == NULL)
		return;
	is_program = ready->fd == program_fd(connection);
	unwatch_program(loop, connection);
	if (is_program)
		connection_on_output(connection);
	else
		connection_on_ready(connection, ready->readable);
	update(loop, connection);
}

static void accept_waiting(struct eventloop *loop)
{
	char peer[NAME_SIZE];

	for (int i = 0; i < loop->most_accepts && loop->accepting; i++) {
		int fd = service_accept_some(loop->service, peer);

		if (fd == -1 && listening_exhausted(errno)) {
			service_log_exhausted();
			rest(loop);
			return;
		}
		if (fd == -1)
			return;
		adopt(loop, fd, peer);
	}
}

/* Accept nothing for a while. */
static void rest(struct eventloop *loop)
{
	loop->pause.deadline = net_clock() + EXHAUSTED_PAUSE;
	if (timers_add(&loop->timers, &loop->pause) == -1)
		return;
	loop->pausing = 1;
	update_listener(loop);
}

/* Take over an accepted socket. */
static void adopt(struct eventloop *loop, int fd, const char *peer)
{
	struct connection *connection;

	if (is_beyond_limit(loop, fd, peer)) {
		close(fd);
		return;
	}
	connection = connection_new(loop->service, fd, peer);
	if (connection == NULL) {
		service_log("%s: no memory for another connection", peer);
		return;
	}
	/* A client mostly says something at once: then it is answered without a wait. */
	connection_on_ready(connection, 1);
	if (make_room(loop, fd) == -1 || timers_add(&loop->timers, &connection->timer) == -1) {
		connection_free(connection);
		service_log("%s: no memory for another connection", peer);
		return;
	}
	loop->connections[fd] = connection;
	loop->count++;
	update(loop, connection);
	update_listener(loop);
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

static int program_fd(const struct connection *connection)
{
	return connection->execution == NULL ? -1 : connection->execution->fd;
}

/* Before its pipe is closed: the next program's pipe may get the same number. */
static void unwatch_program(struct eventloop *loop, struct connection *connection)
{
	int fd = program_fd(connection);

	if (fd == -1)
		return;
	loop->poller->unwatch(loop->poller, fd);
	if ((size_t)fd < loop->capacity)
		loop->connections[fd] = NULL;
}

/* Watch what the connection waits for now, or forget it. */
static void update(struct eventloop *loop, struct connection *connection)
{
	if (connection->execution != NULL && is_beyond_limit(loop, connection->execution->fd, connection->peer))
		connection_close(connection);
	if (!connection->closed && watch(loop, connection) == -1) {
		/* No memory, or more than a user may watch: epoll_ctl(2).  It costs this connection. */
		service_log("%s: cannot watch: %s", connection->peer, strerror(errno));
		unwatch_program(loop, connection);
		connection_close(connection);
	}
	if (connection->closed) {
		forget(loop, connection);
		return;
	}
	if (connection->wants_more_time && !connection->is_working) {
		connection->is_working = 1;
		connection->next_working = loop->working;
		loop->working = connection;
	}
	timers_moved(&loop->timers, &connection->timer);
}

/* Watch a connection, and the program that runs for it.  -1: errno. */
static int watch(struct eventloop *loop, struct connection *connection)
{
	struct poller *poller = loop->poller;
	int program = program_fd(connection);

	if (poller->watch(poller, connection->fd, connection->wants_read, connection->wants_write) == -1)
		return -1;
	if (program == -1)
		return 0;
	if (make_room(loop, program) == -1)
		return -1;
	loop->connections[program] = connection;
	return poller->watch(poller, program, 1, 0);
}

static void forget(struct eventloop *loop, struct connection *connection)
{
	loop->poller->closed(loop->poller, connection->fd);
	timers_remove(&loop->timers, &connection->timer);
	loop->connections[connection->fd] = NULL;
	loop->count--;
	/* One that is in the list of those that work is freed when its turn comes. */
	if (!connection->is_working)
		connection_free(connection);
	update_listener(loop);
}

/* Let each connection that has more to do go on once. */
static void work(struct eventloop *loop)
{
	struct connection *connection = loop->working;

	loop->working = NULL;
	while (connection != NULL) {
		struct connection *next = connection->next_working;

		connection->is_working = 0;
		if (connection->closed) {
			connection_free(connection);
		} else {
			unwatch_program(loop, connection);
			connection_on_time(connection);
			update(loop, connection);
		}
		connection = next;
	}
}

static void expire(struct eventloop *loop)
{
	struct timer *timer;

	while ((timer = timers_expired(&loop->timers, net_clock())) != NULL) {
		if (timer == &loop->pause) {
			timers_remove(&loop->timers, timer);
			loop->pausing = 0;
			update_listener(loop);
		} else {
			struct connection *connection = (struct connection *)timer;

			unwatch_program(loop, connection);
			connection_on_time(connection);
			update(loop, connection);
		}
	}
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
