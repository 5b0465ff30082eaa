/*
 * I/O multiplexing with epoll, on Linux (epoll(7); Kerrisk, TLPI section 63.4).
 *
 *     epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event)           once, and when the events change
 *     epoll_wait(epoll, events, most, milliseconds) -> how many are ready
 *
 * The kernel keeps the list and hands out only what is ready: ten thousand idle
 * connections cost nothing in a call.  Level-triggered, as here, it goes on to
 * report what is still ready.
 *
 * Call by call, as Python makes them: python -m pyside map epoll.
 * Python twin: pyside/iomodels/epolling.py.  Read next: iomodels/seqpackets.c.
 */
#include "iomodels/eventloop.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

struct interest {
	int epoll;
	/* What the kernel was told for each descriptor; 0: nothing. */
	struct told {
		int watched;
		uint32_t events;
	} *told;
	size_t count;
};

static int watch(struct poller *poller, int fd, int reading, int writing);
static int make_room(struct interest *interest, int fd);
static void unwatch(struct poller *poller, int fd);
static void closed(struct poller *poller, int fd);
static int wait_ready(struct poller *poller, double seconds, struct ready *ready);

int serve_epolling(const struct service *service)
{
	struct interest interest = {.epoll = epoll_create1(EPOLL_CLOEXEC)};
	struct poller poller = {
		.state = &interest, .watch = watch, .unwatch = unwatch, .closed = closed, .wait = wait_ready};
	int result;

	if (interest.epoll == -1)
		return -1;
	result = eventloop_serve(service, &poller);
	close(interest.epoll);
	free(interest.told);
	return result;
}

static int watch(struct poller *poller, int fd, int reading, int writing)
{
	struct interest *interest = poller->state;
	uint32_t events = (reading ? (uint32_t)EPOLLIN : 0) | (writing ? (uint32_t)EPOLLOUT : 0);
	struct epoll_event event = {.events = events, .data.fd = fd};
	int operation = EPOLL_CTL_ADD;

	if (make_room(interest, fd) == -1)
		return -1;
	if (interest->told[fd].watched) {
		if (interest->told[fd].events == events)
			return 0;
		operation = EPOLL_CTL_MOD;
	}
	if (epoll_ctl(interest->epoll, operation, fd, &event) == -1)
		return -1;
	interest->told[fd] = (struct told){.watched = 1, .events = events};
	return 0;
}

static int make_room(struct interest *interest, int fd)
{
	size_t count = 2 * ((size_t)fd + 1);
	struct told *told;

	if ((size_t)fd < interest->count)
		return 0;
	told = realloc(interest->told, count * sizeof *told);
	if (told == NULL)
		return -1;
	for (size_t i = interest->count; i < count; i++)
		told[i] = (struct told){0};
	interest->told = told;
	interest->count = count;
	return 0;
}

static void unwatch(struct poller *poller, int fd)
{
	const struct interest *interest = poller->state;

	closed(poller, fd);
	epoll_ctl(interest->epoll, EPOLL_CTL_DEL, fd, NULL);
}

/* Closing the last descriptor of a socket has taken it out of the kernel's list. */
static void closed(struct poller *poller, int fd)
{
	struct interest *interest = poller->state;

	/* Where the table could not grow, it was never watched. */
	if ((size_t)fd < interest->count)
		interest->told[fd].watched = 0;
}

static int wait_ready(struct poller *poller, double seconds, struct ready *ready)
{
	const struct interest *interest = poller->state;
	struct epoll_event events[MOST_READY];
	int count = epoll_wait(interest->epoll, events, MOST_READY, net_milliseconds(seconds));

	if (count == -1)
		return errno == EINTR ? 0 : -1;
	for (int i = 0; i < count; i++)
		ready[i] = (struct ready){
			.fd = events[i].data.fd,
			.readable = events[i].events != EPOLLOUT,
		};
	return count;
}
