/*
 * SOCK_SEQPACKET: connections whose messages are datagrams, under the models
 * that wait for one connection at a time.
 *
 *     accept -> recvfrom -> send -> recvfrom -> ... -> the end of input -> close
 *
 * Each datagram has a session of its own, so nothing is fed in pieces.
 *
 * Python twin: pyside/iomodels/seqpackets.py.  Read next: iomodels/loops.c.
 */
#include "iomodels/service.h"
#include "net/datagrams.h"
#include "wire/errors.h"

#include <unistd.h>

static int converse(const struct service *service, int fd, struct error *error);
static int step(const struct service *service, struct datagram_socket *sock, struct error *error);
static int answer(const struct service *service, struct datagram_socket *sock, size_t size, struct error *error);

void seqpackets_talk(const struct service *service, int fd, const char *peer)
{
	struct error error = {.kind = ERROR_NONE};

	service_note(service, peer, "connected");
	if (converse(service, fd, &error) == -1 && error.kind != ERROR_STOPPED)
		service_log("%s: %s: %s", peer, error_name(error.kind), error.text);
	close(fd);
	service_note(service, peer, "closed");
}

/* Answer until the end of input.  -1: *error. */
static int converse(const struct service *service, int fd, struct error *error)
{
	struct datagram_socket sock;
	int result = 0;

	if (datagram_socket_init(&sock, fd, service->max_frame) == -1)
		return error_no_memory(error);
	while (result == 0) {
		result = net_wait(fd, POLLIN, service->timeout, error);
		if (result == 0)
			result = step(service, &sock, error);
	}
	datagram_socket_free(&sock);
	return result == 1 ? 0 : -1;
}

/* 1: the end of input; 0: a datagram was answered, or none was there; -1: *error. */
static int step(const struct service *service, struct datagram_socket *sock, struct error *error)
{
	struct address address;
	size_t size = 0;

	switch (datagram_receive(sock, &size, &address, error)) {
	case DATAGRAM_NONE:
		return 0;
	case DATAGRAM_ERROR:
		return -1;
	case DATAGRAM_TOO_LONG:
		return datagram_too_long(service->max_frame, error);
	case DATAGRAM_CAME:
		break;
	}
	if (size == 0 && datagram_ended(sock))
		return 1;
	return answer(service, sock, size, error);
}

/* Wait for room, and send.  -1: *error. */
static int answer(const struct service *service, struct datagram_socket *sock, size_t size, struct error *error)
{
	struct session *session = service_new_session(service);
	struct buffer out = {0};
	int sent = 0;

	if (session == NULL)
		return error_no_memory(error);
	if (session_receive(session, sock->room, size, &out) == -1) {
		*error = *session_error(session);
		sent = -1;
	}
	while (sent == 0) {
		sent = datagram_send(sock, buffer_front(&out), buffer_size(&out), NULL, error);
		if (sent == 0 && net_wait(sock->fd, POLLOUT, service->timeout, error) == -1)
			sent = -1;
	}
	buffer_free(&out);
	session_free(session);
	return sent == -1 ? -1 : 0;
}
