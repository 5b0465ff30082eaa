/*
 * The BSD calls: connect, recv, send, half-close.
 * Python twin: pyside/net/netio.py.
 */
#ifndef NETIO_H
#define NETIO_H

#include "net/address.h"
#include "wire/cref.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/types.h>

/* What is received at a time; and what stands on a stack, which may be small: a thread's, or one under ulimit -s. */
enum { CHUNK = 256 * 1024, STACK_CHUNK = 64 * 1024 };

/* Seconds on a clock that never goes back: CLOCK_MONOTONIC of clock_gettime(2). */
double net_clock(void);

/* For poll and epoll_wait, rounded up: one too early would find nothing to do, again and again.  -1: for ever. */
int net_milliseconds(double seconds);

/* poll(2), begun again after a signal.  seconds: negative waits for ever.  How many are ready; 0: time-out. */
int net_poll(struct pollfd *fds, nfds_t count, double seconds);

/* Wait until the socket is ready.  timeout: seconds of silence allowed; negative waits for ever.  -1: timed-out,
 * stopped. */
int net_wait(int fd, short events, double timeout, struct error *error);

/* recv(2) once: how many bytes; 0: the end of input; -1: errno, EAGAIN when nothing is there yet. */
ssize_t net_recv(int fd, uint8_t *data, size_t size);

/* send(2) once: how many bytes the kernel took, maybe fewer than given, or none: a short write; -1: errno. */
ssize_t net_send(int fd, const uint8_t *data, size_t size);

/* Tell the peer that nothing more comes (FIN); receiving goes on.  Calling it again does no harm. */
void net_half_close(int fd);

/*
 * Whether the peer has reset the connection, or, on a unix socket, closed it.
 * TCP cannot tell a close from a half-close before it has sent something: both
 * are a FIN.
 */
int net_has_left(int fd);

/* Make a socket non-blocking, close it in programs that are started, and let small writes go out at once. */
void net_prepare(int fd);

/* Let small writes go out at once. */
void net_no_delay(int fd);

/* Fill in the error for an address that cannot be had; number is an errno.  -1. */
int net_unreachable(const char *what, const struct address *address, int number, struct error *error);

/*
 * Give a unix datagram socket a name, without which it gets no answer; any
 * other gets one with its first datagram.  -1: errno.
 */
int net_bind_to_any_name(int fd, sa_family_t family, int type);

/* Connect to the first address that answers; timeout is in seconds, for each.  -1: unreachable, timed-out, stopped. */
int net_connect(const struct addresses *addresses, int type, double timeout, struct error *error);

#endif
