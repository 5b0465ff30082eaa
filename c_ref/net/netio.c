/*
 * The BSD calls: connect, recv, send, half-close.
 *
 * Everything that surprises people about sockets lives here and nowhere else:
 * a call interrupted by a signal, a short write, a descriptor that is not
 * ready, a peer that is silent, a close that destroys what was just sent.
 *
 * All sockets are non-blocking.  Code that must wait does so in poll(), where
 * the peer, the time limit and the request to stop are waited for together.
 *
 * Call by call, as Python makes them: python -m pyside map connect.
 * Python twin: pyside/net/netio.py.  Read next: net/listening.c.
 */
#include "net/netio.h"

#include "net/signals.h"
#include "wire/errors.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static const double backlog_pause = 0.01;

static int connect_to(const struct address *address, int type, double timeout, struct error *error);
static int make_nonblocking(int fd);

double net_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int net_milliseconds(double seconds)
{
	if (seconds < 0)
		return -1;
	return seconds > INT_MAX / 1000 - 1 ? INT_MAX : (int)(seconds * 1000 + 0.999);
}

int net_poll(struct pollfd *fds, nfds_t count, double seconds)
{
	double deadline = net_clock() + seconds;

	for (;;) {
		double left = deadline - net_clock();
		int ready = poll(fds, count, net_milliseconds(seconds < 0 ? -1 : left > 0 ? left : 0));

		if (ready != -1 || errno != EINTR)
			return ready;
	}
}

int net_wait(int fd, short events, double timeout, struct error *error)
{
	struct pollfd fds[] = {{.fd = fd, .events = events}, {.fd = signals_stop_fd, .events = POLLIN}};
	int ready = net_poll(fds, 2, timeout);

	if (ready == -1)
		return error_from_errno(error);
	if (fds[1].revents)
		return error_set(error, ERROR_STOPPED, "told to stop");
	return ready == 0 ? error_silence(error, timeout) : 0;
}

ssize_t net_recv(int fd, uint8_t *data, size_t size)
{
	ssize_t received;

	do
		received = recv(fd, data, size, 0);
	while (received == -1 && errno == EINTR);
	if (received == -1 && errno == EWOULDBLOCK)
		errno = EAGAIN;
	return received;
}

ssize_t net_send(int fd, const uint8_t *data, size_t size)
{
	ssize_t sent;

	do
		sent = send(fd, data, size, MSG_NOSIGNAL);
	while (sent == -1 && errno == EINTR);
	return sent == -1 && (errno == EAGAIN || errno == EWOULDBLOCK) ? 0 : sent;
}

void net_half_close(int fd)
{
	shutdown(fd, SHUT_WR);
}

int net_has_left(int fd)
{
	struct pollfd hung_up = {.fd = fd};

	return net_poll(&hung_up, 1, 0) == 1;
}

int net_connect(const struct addresses *addresses, int type, double timeout, struct error *error)
{
	int fd = -1;

	for (size_t i = 0; i < addresses->count && fd == -1; i++)
		fd = connect_to(&addresses->list[i], type, timeout, error);
	return fd;
}

/* The name is one that the kernel chooses, in no file system: autobind of unix(7), on Linux only. */
int net_bind_to_any_name(int fd, sa_family_t family, int type)
{
	struct sockaddr_un any = {.sun_family = AF_UNIX};

	if (family != AF_UNIX || type != SOCK_DGRAM)
		return 0;
	return bind(fd, (const struct sockaddr *)&any, sizeof any.sun_family);
}

int net_unreachable(const char *what, const struct address *address, int number, struct error *error)
{
	/* What bind and connect say about a path with something else than a socket. */
	int no_socket = number == EADDRINUSE || number == ECONNREFUSED;
	char name[NAME_SIZE];

	address_name(address, name);
	return error_set(error, ERROR_UNREACHABLE, "%s %.150s: %s%s", what, name, strerror(number),
			 no_socket ? address_what_is_there(address) : "");
}

void net_prepare(int fd)
{
	make_nonblocking(fd);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	net_no_delay(fd);
}

void net_no_delay(int fd)
{
	int one = 1;

	/*
	 * Nagle's algorithm would hold a small frame back until the one before is
	 * acknowledged, up to 40 ms.  A unix socket refuses the option and needs none.
	 */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

static int connect_to(const struct address *address, int type, double timeout, struct error *error)
{
	double deadline = net_clock() + timeout;
	int fd = socket(address->storage.ss_family, type, 0);
	int status;
	socklen_t status_size = sizeof status;

	if (fd == -1)
		return net_unreachable("cannot connect to", address, errno, error);
	if (net_bind_to_any_name(fd, address->storage.ss_family, type) == -1) {
		net_unreachable("cannot connect to", address, errno, error);
		goto fail;
	}
	net_prepare(fd);
	do {
		status = connect(fd, (const struct sockaddr *)&address->storage, address->length) == -1 ? errno : 0;
		/* A unix listener's backlog is full.  Linux gives nothing to wait for then: connect(2), EAGAIN. */
		if (status == EAGAIN)
			net_poll(NULL, 0, backlog_pause);
	} while (status == EAGAIN && net_clock() < deadline);
	if (status == EINPROGRESS || status == EINTR) {
		if (net_wait(fd, POLLOUT, timeout, error) == -1)
			goto fail;
		if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &status, &status_size) == -1)
			status = errno;
	}
	if (status == 0)
		return fd;
	net_unreachable("cannot connect to", address, status, error);
fail:
	close(fd);
	return -1;
}

static int make_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags == -1 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}
