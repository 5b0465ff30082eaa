/*
 * I/O multiplexing with poll (Stevens, UNP section 6.10).
 *
 *     poll(fds, count, milliseconds) -> how many are ready, and fds[i].revents
 *
 * A list instead of an array of bits: any descriptor will do.  Still the kernel
 * looks at all of them in each call.  POLLHUP and POLLERR come without being
 * asked for; an entry with a negative descriptor is passed over.
 *
 * Call by call, as Python makes them: python -m pyside map poll.
 * Python twin: pyside/iomodels/polling.py.  Read next: iomodels/epolling.c.
 */
#include "iomodels/eventloop.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

/* One entry for each descriptor up to the highest; -1 where nothing is watched. */
struct interest {
	struct pollfd *fds;
	size_t capacity;
	/* Not the capacity: poll refuses more entries than there may be descriptors (EINVAL). */
	size_t count;
	/* Where the search for ready ones goes on. */
	size_t next;
};

static int watch(struct poller *poller, int fd, int reading, int writing);
static void unwatch(struct poller *poller, int fd);
static int wait_ready(struct poller *poller, double seconds, struct ready *ready);

int serve_polling(const struct service *service)
{
	struct interest interest = {0};
	struct poller poller = {
		.state = &interest, .watch = watch, .unwatch = unwatch, .closed = unwatch, .wait = wait_ready};
	int result = eventloop_serve(service, &poller);

	free(interest.fds);
	return result;
}

static int watch(struct poller *poller, int fd, int reading, int writing)
{
	struct interest *interest = poller->state;

	if ((size_t)fd >= interest->capacity) {
		size_t capacity = 2 * ((size_t)fd + 1);
		struct pollfd *fds = realloc(interest->fds, capacity * sizeof *fds);

		if (fds == NULL)
			return -1;
		interest->fds = fds;
		interest->capacity = capacity;
	}
	for (; interest->count <= (size_t)fd; interest->count++)
		interest->fds[interest->count] = (struct pollfd){.fd = -1};
	interest->fds[fd].fd = fd;
	interest->fds[fd].events = (short)((reading ? POLLIN : 0) | (writing ? POLLOUT : 0));
	return 0;
}

static void unwatch(struct poller *poller, int fd)
{
	struct interest *interest = poller->state;

	/* Where the table could not grow, it was never watched. */
	if ((size_t)fd < interest->count)
		interest->fds[fd].fd = -1;
}

static int wait_ready(struct poller *poller, double seconds, struct ready *ready)
{
	struct interest *interest = poller->state;
	int left = poll(interest->fds, (nfds_t)interest->count, net_milliseconds(seconds));
	int count = 0;

	if (left == -1)
		return errno == EINTR ? 0 : -1;
	for (; left > 0 && count < MOST_READY; interest->next++) {
		const struct pollfd *at = &interest->fds[interest->next %= interest->count];

		if (at->fd != -1 && at->revents != 0) {
			left--;
			ready[count++] = (struct ready){.fd = at->fd, .readable = at->revents != POLLOUT};
		}
	}
	return count;
}
