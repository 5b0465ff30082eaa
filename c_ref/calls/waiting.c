/*
 * Waiting for several descriptors: select, poll, epoll.  Read next: resolving.c.
 */
#include "calls/notation.h"
#include "calls/real.h"
#include <poll.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <time.h>

int ppoll(struct pollfd *polled, nfds_t count, const struct timespec *timeout, const sigset_t *mask);
int __poll_chk(struct pollfd *polled, nfds_t count, int timeout, size_t room);
int __ppoll_chk(struct pollfd *polled, nfds_t count, const struct timespec *timeout, const sigset_t *mask, size_t room);
int epoll_pwait2(int fd, struct epoll_event *events, int count, const struct timespec *timeout, const sigset_t *mask);

REAL(poll);
int poll(struct pollfd *polled, nfds_t count, int timeout)
{
	find_poll();
	struct record *record = enter("poll", "pd", polled, (size_t)count, timeout);
	int ready = real_poll(polled, count, timeout);
	leave(record, ready, "r", polled, (size_t)count);
	return ready;
}

REAL(__poll_chk);
int __poll_chk(struct pollfd *polled, nfds_t count, int timeout, size_t room)
{
	find___poll_chk();
	struct record *record = enter("poll", "pd", polled, (size_t)count, timeout);
	int ready = real___poll_chk(polled, count, timeout, room);
	leave(record, ready, "r", polled, (size_t)count);
	return ready;
}

REAL(ppoll);
int ppoll(struct pollfd *polled, nfds_t count, const struct timespec *timeout, const sigset_t *mask)
{
	find_ppoll();
	struct record *record = enter("ppoll", "pn", polled, (size_t)count, timeout);
	int ready = real_ppoll(polled, count, timeout, mask);
	leave(record, ready, "r", polled, (size_t)count);
	return ready;
}

REAL(__ppoll_chk);
int __ppoll_chk(struct pollfd *polled, nfds_t count, const struct timespec *timeout, const sigset_t *mask, size_t room)
{
	find___ppoll_chk();
	struct record *record = enter("ppoll", "pn", polled, (size_t)count, timeout);
	int ready = real___ppoll_chk(polled, count, timeout, mask, room);
	leave(record, ready, "r", polled, (size_t)count);
	return ready;
}

REAL(select);
int select(int bound, fd_set *restrict reading, fd_set *restrict writing, fd_set *restrict special,
	   struct timeval *restrict timeout)
{
	find_select();
	struct record *record =
		enter("select", "dSSSt", bound, reading, bound, writing, bound, special, bound, timeout);
	int ready = real_select(bound, reading, writing, special, timeout);
	leave(record, ready, "SSS", reading, bound, writing, bound, special, bound);
	return ready;
}

REAL(pselect);
int pselect(int bound, fd_set *restrict reading, fd_set *restrict writing, fd_set *restrict special,
	    const struct timespec *restrict timeout, const sigset_t *restrict mask)
{
	find_pselect();
	struct record *record =
		enter("pselect", "dSSSn", bound, reading, bound, writing, bound, special, bound, timeout);
	int ready = real_pselect(bound, reading, writing, special, timeout, mask);
	leave(record, ready, "SSS", reading, bound, writing, bound, special, bound);
	return ready;
}

REAL(epoll_create);
int epoll_create(int size)
{
	find_epoll_create();
	struct record *record = enter("epoll_create", "d", size);
	int fd = real_epoll_create(size);
	leave_descriptor(record, fd, "");
	return fd;
}

REAL(epoll_create1);
int epoll_create1(int flags)
{
	find_epoll_create1();
	struct record *record = enter("epoll_create1", "H", flags);
	int fd = real_epoll_create1(flags);
	leave_descriptor(record, fd, "");
	return fd;
}

REAL(epoll_ctl);
int epoll_ctl(int fd, int command, int other, struct epoll_event *event)
{
	find_epoll_ctl();
	// EPOLL_CTL_DEL has no use for the event, and callers pass one with nothing in it.
	struct record *record = event == NULL || command == EPOLL_CTL_DEL
					? enter("epoll_ctl", "fAf", fd, command, other)
					: enter("epoll_ctl", "fAfV", fd, command, other, event->events);
	int result = real_epoll_ctl(fd, command, other, event);
	leave(record, result, "");
	return result;
}

REAL(epoll_wait);
int epoll_wait(int fd, struct epoll_event *events, int count, int timeout)
{
	find_epoll_wait();
	struct record *record = enter("epoll_wait", "fdd", fd, count, timeout);
	int ready = real_epoll_wait(fd, events, count, timeout);
	leave(record, ready, "e", events, ready);
	return ready;
}

REAL(epoll_pwait);
int epoll_pwait(int fd, struct epoll_event *events, int count, int timeout, const sigset_t *mask)
{
	find_epoll_pwait();
	struct record *record = enter("epoll_pwait", "fdd", fd, count, timeout);
	int ready = real_epoll_pwait(fd, events, count, timeout, mask);
	leave(record, ready, "e", events, ready);
	return ready;
}

REAL(epoll_pwait2);
int epoll_pwait2(int fd, struct epoll_event *events, int count, const struct timespec *timeout, const sigset_t *mask)
{
	find_epoll_pwait2();
	struct record *record = enter("epoll_pwait2", "fdn", fd, count, timeout);
	int ready = real_epoll_pwait2(fd, events, count, timeout, mask);
	leave(record, ready, "e", events, ready);
	return ready;
}
