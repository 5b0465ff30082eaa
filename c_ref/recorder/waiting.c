/*
 * Waiting for several descriptors: select, poll, epoll.  Read next: resolving.c.
 */
#include "notation.h"
#include "real.h"
#include <poll.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <time.h>

int ppoll(struct pollfd *polled, nfds_t count, const struct timespec *timeout, const sigset_t *mask);
int __poll_chk(struct pollfd *polled, nfds_t count, int timeout, size_t room);
int __ppoll_chk(struct pollfd *polled, nfds_t count, const struct timespec *timeout, const sigset_t *mask, size_t room);
int epoll_pwait2(int fd, struct epoll_event *events, int count, const struct timespec *timeout, const sigset_t *mask);

int poll(struct pollfd *polled, nfds_t count, int timeout)
{
	REAL(poll);
	struct record *record = enter("poll", "pd", polled, (size_t)count, timeout);
	int ready = real_poll(polled, count, timeout);
	leave(record, ready, "r", polled, (size_t)count);
	return ready;
}

int __poll_chk(struct pollfd *polled, nfds_t count, int timeout, size_t room)
{
	REAL(__poll_chk);
	struct record *record = enter("poll", "pd", polled, (size_t)count, timeout);
	int ready = real___poll_chk(polled, count, timeout, room);
	leave(record, ready, "r", polled, (size_t)count);
	return ready;
}

int ppoll(struct pollfd *polled, nfds_t count, const struct timespec *timeout, const sigset_t *mask)
{
	REAL(ppoll);
	struct record *record = enter("ppoll", "pn", polled, (size_t)count, timeout);
	int ready = real_ppoll(polled, count, timeout, mask);
	leave(record, ready, "r", polled, (size_t)count);
	return ready;
}

int __ppoll_chk(struct pollfd *polled, nfds_t count, const struct timespec *timeout, const sigset_t *mask, size_t room)
{
	REAL(__ppoll_chk);
	struct record *record = enter("ppoll", "pn", polled, (size_t)count, timeout);
	int ready = real___ppoll_chk(polled, count, timeout, mask, room);
	leave(record, ready, "r", polled, (size_t)count);
	return ready;
}

int select(int bound, fd_set *restrict reading, fd_set *restrict writing, fd_set *restrict special,
	   struct timeval *restrict timeout)
{
	REAL(select);
	struct record *record =
		enter("select", "dSSSt", bound, reading, bound, writing, bound, special, bound, timeout);
	int ready = real_select(bound, reading, writing, special, timeout);
	leave(record, ready, "SSS", reading, bound, writing, bound, special, bound);
	return ready;
}

int pselect(int bound, fd_set *restrict reading, fd_set *restrict writing, fd_set *restrict special,
	    const struct timespec *restrict timeout, const sigset_t *restrict mask)
{
	REAL(pselect);
	struct record *record =
		enter("pselect", "dSSSn", bound, reading, bound, writing, bound, special, bound, timeout);
	int ready = real_pselect(bound, reading, writing, special, timeout, mask);
	leave(record, ready, "SSS", reading, bound, writing, bound, special, bound);
	return ready;
}

int epoll_create(int size)
{
	REAL(epoll_create);
	struct record *record = enter("epoll_create", "d", size);
	int fd = real_epoll_create(size);
	leave_descriptor(record, fd, "");
	return fd;
}

int epoll_create1(int flags)
{
	REAL(epoll_create1);
	struct record *record = enter("epoll_create1", "H", flags);
	int fd = real_epoll_create1(flags);
	leave_descriptor(record, fd, "");
	return fd;
}

int epoll_ctl(int fd, int command, int other, struct epoll_event *event)
{
	REAL(epoll_ctl);
	struct record *record = event == NULL ? enter("epoll_ctl", "fAf", fd, command, other)
					      : enter("epoll_ctl", "fAfV", fd, command, other, event->events);
	int result = real_epoll_ctl(fd, command, other, event);
	leave(record, result, "");
	return result;
}

int epoll_wait(int fd, struct epoll_event *events, int count, int timeout)
{
	REAL(epoll_wait);
	struct record *record = enter("epoll_wait", "fdd", fd, count, timeout);
	int ready = real_epoll_wait(fd, events, count, timeout);
	leave(record, ready, "e", events, ready);
	return ready;
}

int epoll_pwait(int fd, struct epoll_event *events, int count, int timeout, const sigset_t *mask)
{
	REAL(epoll_pwait);
	struct record *record = enter("epoll_pwait", "fdd", fd, count, timeout);
	int ready = real_epoll_pwait(fd, events, count, timeout, mask);
	leave(record, ready, "e", events, ready);
	return ready;
}

int epoll_pwait2(int fd, struct epoll_event *events, int count, const struct timespec *timeout, const sigset_t *mask)
{
	REAL(epoll_pwait2);
	struct record *record = enter("epoll_pwait2", "fdn", fd, count, timeout);
	int ready = real_epoll_pwait2(fd, events, count, timeout, mask);
	leave(record, ready, "e", events, ready);
	return ready;
}
