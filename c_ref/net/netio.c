/*
 * The BSD calls: addresses, connect, recv, send, half-close.
 *
 * Everything that surprises people about sockets lives here and nowhere else:
 * a call interrupted by a signal, a short write, a descriptor that is not
 * ready, a peer that is silent, a close that destroys what was just sent.
 *
 * All sockets are non-blocking.  Who has to wait does so in poll(), where the
 * peer, the time limit and the request to stop are waited for together.
 *
 * Call by call, as Python makes them: python -m pyside map connect.
 * Python twin: netio.py.  Read next: conversation.c.
 */
#include "net/netio.h"

#include "net/signals.h"
#include "wire/errors.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static const double backlog_pause = 0.01;

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
	return seconds > INT_MAX / 1000 - 1 ? INT_MAX : (int)(seconds * 1000) + 1;
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

unsigned net_numeric(const struct address *address, char host[INET6_ADDRSTRLEN])
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)&address->storage;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)&address->storage;

	if (address->storage.ss_family == AF_INET6) {
		inet_ntop(AF_INET6, &in6->sin6_addr, host, INET6_ADDRSTRLEN);
		return ntohs(in6->sin6_port);
	}
	inet_ntop(AF_INET, &in->sin_addr, host, INET6_ADDRSTRLEN);
	return ntohs(in->sin_port);
}

void net_name(const struct address *address, char name[NAME_SIZE])
{
	const struct sockaddr_un *un = (const struct sockaddr_un *)&address->storage;
	char host[INET6_ADDRSTRLEN];
	unsigned port;

	if (address->storage.ss_family == AF_UNIX) {
		size_t path_size = address->length - sizeof un->sun_family;

		/* A name that begins with a NUL is in no file system; the field writes it with an @. */
		if (path_size > 0 && un->sun_path[0] == '\0')
			snprintf(name, NAME_SIZE, "@%.*s", (int)path_size - 1, un->sun_path + 1);
		else
			snprintf(name, NAME_SIZE, "%s", path_size > 0 ? un->sun_path : "unix");
		return;
	}
	port = net_numeric(address, host);
	snprintf(name, NAME_SIZE, strchr(host, ':') != NULL ? "[%s]:%u" : "%s:%u", host, port);
}

int net_unreachable(const char *what, const struct address *address, int number, struct error *error)
{
	char name[NAME_SIZE];

	net_name(address, name);
	return error_set(error, ERROR_UNREACHABLE, "%s %.200s: %s", what, name, strerror(number));
}

/* -1: unreachable.  The result is to be freed with freeaddrinfo. */
static int resolve(const struct options *options, struct addrinfo **found, struct error *error)
{
	struct addrinfo hints = {.ai_family = options->family, .ai_socktype = SOCK_STREAM};
	char port[8];
	int status;

	snprintf(port, sizeof port, "%u", options->port);
	status = getaddrinfo(options->host, port, &hints, found);
	if (status != 0)
		return error_set(error, ERROR_UNREACHABLE, "no %s address for %.100s: %s",
				 options->family == AF_INET ? "inet" : "inet6", options->host, gai_strerror(status));
	return 0;
}

static void unix_address(const struct options *options, struct address *address)
{
	struct sockaddr_un *un = (struct sockaddr_un *)&address->storage;

	*address = (struct address){.length = sizeof *un};
	un->sun_family = AF_UNIX;
	snprintf(un->sun_path, sizeof un->sun_path, "%s", options->path);
}

static void inet_address(const struct addrinfo *entry, struct address *address)
{
	*address = (struct address){.length = entry->ai_addrlen};
	memcpy(&address->storage, entry->ai_addr, entry->ai_addrlen);
}

static int make_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags == -1 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

void net_prepare(int fd)
{
	int one = 1;

	make_nonblocking(fd);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	/*
	 * Nagle's algorithm would hold a small frame back until the one before is
	 * acknowledged, up to 40 ms.  A unix socket refuses the option and needs none.
	 */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

/* The name is one that the kernel chooses, in no file system: autobind of unix(7), on Linux only. */
int net_bind_to_any_name(int fd, const struct options *options)
{
	struct sockaddr_un any = {.sun_family = AF_UNIX};

	if (options->family != AF_UNIX || options->type != SOCK_DGRAM)
		return 0;
	return bind(fd, (const struct sockaddr *)&any, sizeof any.sun_family);
}

static int connect_to(const struct address *address, const struct options *options, struct error *error)
{
	double deadline = net_clock() + options->timeout;
	int fd = socket(address->storage.ss_family, options->type, 0);
	int status;
	socklen_t status_size = sizeof status;

	if (fd == -1)
		return net_unreachable("cannot connect to", address, errno, error);
	if (net_bind_to_any_name(fd, options) == -1) {
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
		if (net_wait(fd, POLLOUT, options->timeout, error) == -1)
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

int net_first_address(const struct options *options, struct address *address, struct error *error)
{
	struct addrinfo *found;

	if (options->family == AF_UNIX) {
		unix_address(options, address);
		return 0;
	}
	if (resolve(options, &found, error) == -1)
		return -1;
	inet_address(found, address);
	freeaddrinfo(found);
	return 0;
}

int net_connect(const struct options *options, struct error *error)
{
	struct address address;
	struct addrinfo *found;
	int fd = -1;

	if (options->family == AF_UNIX) {
		unix_address(options, &address);
		return connect_to(&address, options, error);
	}
	if (resolve(options, &found, error) == -1)
		return -1;
	for (const struct addrinfo *entry = found; entry != NULL && fd == -1; entry = entry->ai_next) {
		inet_address(entry, &address);
		fd = connect_to(&address, options, error);
	}
	freeaddrinfo(found);
	return fd;
}
