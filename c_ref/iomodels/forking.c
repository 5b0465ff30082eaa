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
 * Python twin: iomodels/forking.py.  Read next: ../client.c.
 */
#include "iomodels/service.h"
#include "net/signals.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static uint64_t reap(void);
static uint64_t fork_child(const struct service *service, int connection, const char *peer);
static void wait_for_all(void);

int serve_forking(const struct service *service)
{
	int child_fd = signals_catch_children();
	uint64_t children = 0;
	char peer[NAME_SIZE] = "";

	if (child_fd == -1)
		return -1;
	for (;;) {
		int full = children >= service->max_connections;
		struct pollfd fds[] = {
			{.fd = signals_stop_fd, .events = POLLIN},
			{.fd = child_fd, .events = POLLIN},
			{.fd = full ? -1 : service->listener, .events = POLLIN},
		};

		if (net_poll(fds, 3, -1) == -1)
			return -1;
		if (fds[0].revents)
			break;
		if (fds[1].revents) {
			signals_drain(child_fd);
			children -= reap();
		}
		if (fds[2].revents) {
			int connection = service_accept(service, peer);

			if (connection == -1)
				break;
			children += fork_child(service, connection, peer);
		}
	}
	wait_for_all();
	return 0;
}

/* Take the children that have ended; how many there were. */
static uint64_t reap(void)
{
	uint64_t count = 0;

	while (waitpid(-1, NULL, WNOHANG) > 0)
		count++;
	return count;
}

/* How many children were started: 1, or 0 when the system has no room for another. */
static uint64_t fork_child(const struct service *service, int connection, const char *peer)
{
	pid_t pid = fork();

	if (pid == 0) {
		signals_restore_in_child();
		close(service->listener);
		iterative_talk(service, connection, peer);
		/* Not exit: the child must not run what the parent means to do at its own end. */
		_exit(EXIT_SUCCESS);
	}
	if (pid == -1)
		service_log("%s: cannot fork: %s", peer, strerror(errno));
	close(connection);
	return pid == -1 ? 0 : 1;
}

static void wait_for_all(void)
{
	while (waitpid(-1, NULL, 0) != -1 || errno == EINTR)
		continue;
}
