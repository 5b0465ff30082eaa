/*
 * Sockets that keep the boundaries of messages: SOCK_DGRAM and SOCK_SEQPACKET.
 *
 *     sendto(fd, datagram, size, 0, &address, length)     all of it or nothing
 *     recvfrom(fd, room, size, 0, &address, &length)      one datagram; what does not fit is gone, without a word
 *
 * So the room is one byte more than the longest datagram allowed: a datagram
 * that fills it was too long.  The longest that can be sent is not for us to
 * say: 65507 bytes over IPv4, 65527 over IPv6 (less the headers, RFC 768), on
 * unix sockets what SO_SNDBUF holds; beyond that sendto fails with EMSGSIZE.
 *
 * An empty datagram is a message, although recv returns 0 for it as it does at
 * the end of a stream.  A SOCK_SEQPACKET has both, and only poll can tell which.
 *
 * Call by call, as Python makes them: python -m pyside map recvfrom.
 * Python twin: pyside/net/datagrams.py.  Read next: net/allowlist.c.
 */
#define _GNU_SOURCE /* POLLRDHUP, which is in POSIX since 2024 */
#include "net/datagrams.h"

#include "wire/errors.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* More than any system sends; what is not touched of the room for it costs nothing. */
enum { ROOM = 16 * 1024 * 1024 };

static int set_error(const struct datagram_socket *sock, const struct address *address, struct error *error);
static int is_nobody_there(int number);

int datagram_socket_init(struct datagram_socket *sock, int fd, uint64_t limit)
{
	size_t size = limit < ROOM ? (size_t)limit : ROOM;

	*sock = (struct datagram_socket){.fd = fd, .limit = size, .room = malloc(size + 1)};
	return sock->room == NULL ? -1 : 0;
}

void datagram_socket_free(struct datagram_socket *sock)
{
	free(sock->room);
	sock->room = NULL;
}

enum datagram_result datagram_receive(struct datagram_socket *sock, size_t *size, struct address *address,
				      struct error *error)
{
	ssize_t received;

	address->length = sizeof address->storage;
	received = recvfrom(sock->fd, sock->room, sock->limit + 1, 0, (struct sockaddr *)&address->storage,
			    &address->length);
	if (received == -1 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
		return DATAGRAM_NONE;
	if (received == -1) {
		set_error(sock, NULL, error);
		return DATAGRAM_ERROR;
	}
	*size = (size_t)received;
	return *size > sock->limit ? DATAGRAM_TOO_LONG : DATAGRAM_CAME;
}

int datagram_send(struct datagram_socket *sock, const uint8_t *data, size_t size, const struct address *address,
		  struct error *error)
{
	const struct sockaddr *to = address == NULL ? NULL : (const struct sockaddr *)&address->storage;

	if (sendto(sock->fd, data, size, MSG_NOSIGNAL, to, address == NULL ? 0 : address->length) != -1)
		return 1;
	if (errno == EMSGSIZE)
		return error_set(error, ERROR_UNSENDABLE, "datagram of %zu bytes: %s", size, strerror(errno));
	if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR || errno == ENOBUFS)
		return 0;
	return set_error(sock, address, error);
}

int datagram_ended(const struct datagram_socket *sock)
{
	struct pollfd fd = {.fd = sock->fd, .events = POLLRDHUP};

	return net_poll(&fd, 1, 0) == 1 && (fd.revents & (POLLRDHUP | POLLHUP)) != 0;
}

int datagram_too_long(uint64_t limit, struct error *error)
{
	return error_set(error, ERROR_TOO_LONG, "datagram of more than %" PRIu64 " bytes", limit);
}

/* Fill in the error from errno, with the address where no socket listens; NULL: that of the connected socket.  -1. */
static int set_error(const struct datagram_socket *sock, const struct address *address, struct error *error)
{
	struct address peer = {.length = sizeof peer.storage};
	int number = errno;

	if (!is_nobody_there(number))
		return error_set(error, ERROR_RESET, "%s", strerror(number));
	if (address == NULL && getpeername(sock->fd, (struct sockaddr *)&peer.storage, &peer.length) == 0)
		address = &peer;
	if (address == NULL)
		return error_set(error, ERROR_UNREACHABLE, "%s", strerror(number));
	return net_unreachable("cannot reach", address, number, error);
}

static int is_nobody_there(int number)
{
	return number == ECONNREFUSED || number == ENOENT || number == EHOSTUNREACH || number == ENETUNREACH;
}
