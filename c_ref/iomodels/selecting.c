/*
 * I/O multiplexing with select (Stevens, UNP section 6.3).
 *
 *     select(highest + 1, &readers, &writers, NULL, &timeout) -> how many are ready
 *
 * Each call tells the kernel everything again, and the kernel looks at every
 * descriptor up to the highest.  A descriptor is a bit in an array of FD_SETSIZE
 * bits, 1024 mostly: FD_SET of a higher one writes beside the array, so it must
 * never come so far.
 *
 * Call by call, as Python makes them: python -m pyside map select.
 * Python twin: pyside/iomodels/selecting.py.  Read next: iomodels/polling.c.
 */
#include "iomodels/eventloop.h"

#include <errno.h>
#include <sys/select.h>

struct interest {
	fd_set readers;
	fd_set writers;
	int highest;
	/* Where the search for ready ones goes on. */
	int next;
};

static int watch(struct poller *poller, int fd, int reading, int writing);
static void unwatch(struct poller *poller, int fd);
static int wait_ready(struct poller *poller, double seconds, struct ready *ready);

int serve_selecting(const struct service *service)
{
	struct interest interest = {.highest = -1};
	struct poller poller = {
		.fd_limit = FD_SETSIZE,
		.state = &interest,
		.watch = watch,
		.unwatch = unwatch,
		.closed = unwatch,
		.wait = wait_ready,
	};

	FD_ZERO(&interest.readers);
	FD_ZERO(&interest.writers);
	return eventloop_serve(service, &poller);
}

static int watch(struct poller *poller, int fd, int reading, int writing)
{
	struct interest *interest = poller->state;

	FD_CLR(fd, &interest->readers);
	FD_CLR(fd, &interest->writers);
	if (reading)
		FD_SET(fd, &interest->readers);
	if (writing)
		FD_SET(fd, &interest->writers);
	if (fd > interest->highest)
		interest->highest = fd;
	return 0;
}

static void unwatch(struct poller *poller, int fd)
{
	watch(poller, fd, 0, 0);
}

static int wait_ready(struct poller *poller, double seconds, struct ready *ready)
{
	struct interest *interest = poller->state;
	/* select writes its answer over the question. */
	fd_set readers = interest->readers;
	fd_set writers = interest->writers;
	struct timeval timeout = {.tv_sec = (time_t)seconds};
	int count = 0, left;

	timeout.tv_usec = (suseconds_t)((seconds - (double)timeout.tv_sec) * 1e6);
	left = select(interest->highest + 1, &readers, &writers, NULL, seconds < 0 ? NULL : &timeout);
	if (left == -1)
		return errno == EINTR ? 0 : -1;
	for (; left > 0 && count < MOST_READY; interest->next++) {
		int fd = interest->next %= interest->highest + 1;
		int readable = FD_ISSET(fd, &readers) != 0;
		int writable = FD_ISSET(fd, &writers) != 0;

		left -= readable + writable;
		if (readable || writable)
			ready[count++] = (struct ready){.fd = fd, .readable = readable};
	}
	return count;
}
