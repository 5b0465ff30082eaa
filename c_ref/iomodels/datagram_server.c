/*
 * Iterative server for datagrams (Stevens, UNP section 8.4): one socket, all clients.
 *
 *     bind -> recvfrom -> sendto -> recvfrom -> ...
 *
 * Nobody is accepted and nobody closes: each datagram is a conversation of its
 * own, and its answer goes where it came from.  One that cannot be answered
 * costs one line.
 *
 * Python twin: datagram_server.py.  Read next: datagram_client.c.
 */
#include "iomodels/service.h"
#include "net/datagrams.h"
#include "wire/errors.h"

#include <errno.h>

/* 1: answered; 0: there was no room for the answer; -1: *error. */
static int answer(const struct server *server, struct datagram_socket *sock, size_t size, const struct address *address,
		  struct error *error)
{
	struct session *session = server_new_session(server);
	struct buffer out = {0};
	int result = -1;

	if (session == NULL)
		return error_no_memory(error);
	if (session_receive(session, sock->room, size, &out) == -1)
		*error = *session_error(session);
	else
		result = datagram_send(sock, buffer_front(&out), buffer_size(&out), address, error);
	buffer_free(&out);
	session_free(session);
	return result;
}

static void answer_next(const struct server *server, struct datagram_socket *sock)
{
	struct address address;
	struct error error;
	char peer[NAME_SIZE] = "somebody";
	size_t size;
	enum datagram_result came = datagram_receive(sock, &size, &address, &error);
	int result = -1;

	if (came == DATAGRAM_NONE)
		return;
	if (came != DATAGRAM_ERROR)
		net_name(&address, peer);
	if (came == DATAGRAM_TOO_LONG)
		datagram_too_long(server->options, &error);
	/* A client without a name, which only unix sockets allow. */
	if (came == DATAGRAM_CAME && address.length <= sizeof address.storage.ss_family) {
		server_note(server, "unix", "has no address to answer to");
		return;
	}
	if (came == DATAGRAM_CAME)
		result = answer(server, sock, size, &address, &error);
	if (result == -1)
		server_log("%s: %s: %s", peer, error_name(error.kind), error.text);
	else if (result == 0)
		server_note(server, peer, "has no room for the answer");
}

int serve_datagrams(const struct server *server)
{
	struct datagram_socket sock;
	struct error error;

	if (datagram_socket_init(&sock, server->listener, server->options->max_frame) == -1)
		return -1;
	while (net_wait(server->listener, POLLIN, -1, &error) == 0)
		answer_next(server, &sock);
	datagram_socket_free(&sock);
	return 0;
}

/* Wait for room, and send; -1: *error. */
static int answer_waiting(const struct server *server, struct datagram_socket *sock, size_t size, struct error *error)
{
	int sent;

	while ((sent = answer(server, sock, size, NULL, error)) == 0)
		if (net_wait(sock->fd, POLLOUT, server->options->timeout, error) == -1)
			return -1;
	return sent;
}

/* 1: the end of input; 0: a datagram was answered, or none was there; -1: *error. */
static int step(const struct server *server, struct datagram_socket *sock, struct error *error)
{
	struct address address;
	size_t size = 0;

	switch (datagram_receive(sock, &size, &address, error)) {
	case DATAGRAM_NONE:
		return 0;
	case DATAGRAM_ERROR:
		return -1;
	case DATAGRAM_TOO_LONG:
		return datagram_too_long(server->options, error);
	case DATAGRAM_CAME:
		break;
	}
	if (size == 0 && datagram_ended(sock))
		return 1;
	return answer_waiting(server, sock, size, error) == -1 ? -1 : 0;
}

int converse_in_datagrams(const struct server *server, int connection, struct error *error)
{
	struct datagram_socket sock;
	int result = 0;

	if (datagram_socket_init(&sock, connection, server->options->max_frame) == -1)
		return error_no_memory(error);
	while (result == 0) {
		result = net_wait(connection, POLLIN, server->options->timeout, error);
		if (result == 0)
			result = step(server, &sock, error);
	}
	datagram_socket_free(&sock);
	return result == 1 ? 0 : -1;
}
