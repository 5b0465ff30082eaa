/* One thread, many connections.  Python twin: pyside/iomodels/eventloop.py. */
#ifndef EVENTLOOP_H
#define EVENTLOOP_H

#include "iomodels/service.h"

enum { MOST_READY = 512 };

struct ready {
	int fd;
	int readable; /* not only writable: an error and a hang-up are read too */
};

/* How to wait: the only thing in which select, poll and epoll differ here. */
struct poller {
	int fd_limit; /* an exclusive upper bound for descriptors; 0: none */
	void *state;
	/* Begin to watch a descriptor, or change what it is watched for.  -1: errno. */
	int (*watch)(struct poller *poller, int fd, int reading, int writing);
	void (*unwatch)(struct poller *poller, int fd);
	/* The descriptor was closed: forget it. */
	void (*closed)(struct poller *poller, int fd);
	/*
	 * seconds: negative waits for ever.  How many are ready, at most MOST_READY; 0 also after a signal; -1: errno.
	 * Those that find no room come first the next time, or the last would never have their turn.
	 */
	int (*wait)(struct poller *poller, double seconds, struct ready *ready);
};

/* Serve until SIGTERM or SIGINT.  0, or -1 with errno. */
int eventloop_serve(const struct service *service, struct poller *poller);

#endif
