/*
 * The BSD calls: addresses, listen, accept, connect, recv, send, half-close.
 * Python twin: netio.py.
 */
#ifndef NETIO_H
#define NETIO_H

#include "cref.h"
#include "options.h"

#include <poll.h>
#include <sys/types.h>

enum { CHUNK = 64 * 1024, NAME_SIZE = 256 };

#define LINGER_SECONDS 2.0
#define EXHAUSTED_PAUSE 0.25

/* Seconds on a clock that never goes back. */
double net_clock(void);

/* For poll and epoll_wait, rounded up: one too early would find nothing to do, again and again.  -1: for ever. */
int net_milliseconds(double seconds);

/* poll(2), begun again after a signal.  seconds: negative waits for ever.  How many are ready; 0: time-out. */
int net_poll(struct pollfd *fds, nfds_t count, double seconds);

/* Fill in the error for a peer that neither sent nor took anything for so long; -1. */
int net_silence(double seconds, struct error *error);

/* One recv: how many bytes; 0: the end of input; -1: errno, EAGAIN when nothing is there yet. */
ssize_t net_recv_some(int fd, uint8_t *data, size_t size);

/* One send: how many bytes the kernel took, maybe fewer than given, or none; -1: errno. */
ssize_t net_send_some(int fd, const uint8_t *data, size_t size);

/* Wait for bytes.  0: the peer half-closed; -1: reset, timed-out, stopped. */
ssize_t net_recv(int fd, uint8_t *data, size_t size, double timeout, struct error *error);

/* Send everything; the time limit starts anew whenever the peer takes something.  -1: as net_recv. */
int net_send_all(int fd, const uint8_t *data, size_t size, double timeout, struct error *error);

/* Tell the peer that nothing more comes (FIN); receiving goes on.  Calling it again does no harm. */
void net_half_close(int fd);

/* Wait, for a bounded time, until the peer has read what was sent; to be called before close. */
void net_linger(int fd, double timeout);

/* Make the listening socket.  -1: unreachable. */
int net_listen(const struct options *options, struct error *error);

/* One accept, and the name of the peer.  -1: errno. */
int net_accept_some(int listener, char peer[NAME_SIZE]);

/* Whether an errno of accept means that there are no descriptors, or no memory, for another connection. */
int net_exhausted(int number);

/*
 * Wait for the next connection and name the peer.  -1: SIGTERM or SIGINT.
 * log is called when connections cannot be accepted for want of descriptors or memory.
 */
int net_accept(int listener, char peer[NAME_SIZE], void (*log)(const char *format, ...));

/* Connect, within options->timeout seconds, to the first address that answers.  -1: unreachable, timed-out. */
int net_connect(const struct options *options, struct error *error);

/* The line that says where a listener can be reached, without the newline; 0, or -1 with errno. */
int net_announcement(int listener, char line[NAME_SIZE]);

/* Close a listener and, where it has a path, remove it. */
void net_forget(int listener, const struct options *options);

#endif
