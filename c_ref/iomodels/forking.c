/*
 * Concurrent server, one process for each connection (Stevens, UNP section 4.8).
 *
 *     accept -> fork -> parent: close the connection -> accept -> ...
 *                |
 *                child: close the listener -> talk until the client is done -> exit
 *
 * Both processes hold both sockets after the fork.  The parent must close the
 * connection, or its end would never reach the client; the child must close the
 * listener, or the port would outlive the parent.  A child that has ended stays
 * a zombie until the parent calls waitpid.
 *
 * Python twin: pyside/iomodels/forking.py.
 * Read next: iomodels/connection.c, which never waits.
 */
#include "iomodels/service.h"
#include "net/listening.h"
#include "net/signals.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The processes that were started here: a process may be born with others. */
struct children {
	pid_t *pids;
	size_t count;
	size_t capacity;
};

static void accept_one(const struct service *service, struct children *children, int child_fd);
static void reap(struct children *children, int flags);
static int make_room(struct children *children);
static void fork_child(const struct service *service, struct children *children, int fd, const char *peer);

int serve_forking(const struct service *service)
{
	int child_fd = signals_catch_children();
	struct children children = {0};
	int result = -1;

	if (child_fd == -1)
		return -1;
	for (;;) {
		int full = children.count >= service->max_connections;
		struct pollfd fds[] = {
			{.fd = signals_stop_fd, .events = POLLIN},
			{.fd = child_fd, .events = POLLIN},
			{.fd = full ? -1 : service->listener, .events = POLLIN},
		};

		if (net_poll(fds, 3, -1) == -1)
			goto free;
		if (fds[0].revents)
			break;
		if (fds[1].revents) {
			signals_drain(child_fd);
			reap(&children, WNOHANG);
		}
		if (fds[2].revents)
			accept_one(service, &children, child_fd);
	}
	reap(&children, 0);
	result = 0;
free:
	free(children.pids);
	return result;
}

/* Accept one connection, without waiting for it: children end meanwhile. */
static void accept_one(const struct service *service, struct children *children, int child_fd)
{
	char peer[NAME_SIZE] = "";
	int fd = service_accept_some(service, peer);

	if (fd != -1) {
		fork_child(service, children, fd, peer);
	} else if (listening_exhausted(errno)) {
		struct pollfd fds[] = {
			{.fd = child_fd, .events = POLLIN},
			{.fd = signals_stop_fd, .events = POLLIN},
		};

		service_log_exhausted();
		/* Let children end before accept is tried again: it would fail at once, and spin. */
		net_poll(fds, 2, EXHAUSTED_PAUSE);
	}
}

/* Wait for children that have ended; with flags 0, for all. */
static void reap(struct children *children, int flags)
{
	while (children->count > 0) {
		pid_t pid = waitpid(-1, NULL, flags);
		size_t i = 0;

		if (pid == -1 && errno == EINTR)
			continue;
		if (pid == -1)
			children->count = 0;
		if (pid <= 0)
			return;
		while (i < children->count && children->pids[i] != pid)
			i++;
		if (i < children->count)
			children->pids[i] = children->pids[--children->count];
	}
}

/* For one more child.  -1: no memory. */
static int make_room(struct children *children)
{
	size_t capacity = children->capacity ? 2 * children->capacity : 64;
	pid_t *pids;

	if (children->count < children->capacity)
		return 0;
	pids = realloc(children->pids, capacity * sizeof *pids);
	if (pids == NULL)
		return -1;
	children->pids = pids;
	children->capacity = capacity;
	return 0;
}

/* Start a child, and note its number. */
static void fork_child(const struct service *service, struct children *children, int fd, const char *peer)
{
	pid_t pid = make_room(children) == -1 ? -1 : fork();

	if (pid == 0) {
		signals_restore_in_child();
		close(service->listener);
		iterative_talk(service, fd, peer);
		/* Not exit: the child must not run what the parent means to do at its own end. */
		_exit(EXIT_SUCCESS);
	}
	if (pid == -1) {
		service_log("%s: cannot fork: %s", peer, strerror(errno));
	} else {
		children->pids[children->count++] = pid;
		if (children->count >= service->max_connections)
			service_log_full(service);
	}
	close(fd);
}
