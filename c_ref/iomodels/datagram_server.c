/*
 * Iterative server for datagrams (Stevens, UNP section 8.4): one socket, all clients.
 *
 *     bind -> recvfrom -> sendto -> recvfrom -> ...
 *
 * Nothing is accepted or closed: each datagram has a session of its
 * own, and its answer goes where it came from.  One that cannot be answered
 * costs one line.
 *
 * Python twin: pyside/iomodels/datagram_server.py.  Read next: programs/program.c.
 */
#include "iomodels/loops.h"
#include "iomodels/service.h"
#include "net/datagrams.h"
#include "wire/errors.h"

#include <errno.h>

static void answer_next(const struct service *service, struct datagram_socket *sock, struct loop_guard *guard);
static int answer(const struct service *service, struct datagram_socket *sock, size_t size,
		  const struct address *address, struct error *error);

int serve_datagrams(const struct service *service)
{
	struct loop_guard guard;
	struct datagram_socket sock;
	struct error error;
	int number;

	loop_guard_init(&guard, service->listener);
	if (datagram_socket_init(&sock, service->listener, service->max_frame) == -1)
		return -1;
	while (net_wait(service->listener, POLLIN, -1, &error) == 0)
		answer_next(service, &sock, &guard);
	number = errno;
	datagram_socket_free(&sock);
	errno = number;
	return error.kind == ERROR_STOPPED ? 0 : -1;
}

static void answer_next(const struct service *service, struct datagram_socket *sock, struct loop_guard *guard)
{
	struct address address;
	struct error error;
	char peer[NAME_SIZE] = "somebody";
	size_t size;
	enum datagram_result came = datagram_receive(sock, &size, &address, &error);
	const char *obstacle;
	int result = -1;

	if (came == DATAGRAM_NONE)
		return;
	if (came != DATAGRAM_ERROR)
		address_name(&address, peer);
	if (came == DATAGRAM_TOO_LONG)
		datagram_too_long(service->max_frame, &error);
	/* A client without a name, which only unix sockets allow. */
	if (came == DATAGRAM_CAME && address.length <= sizeof address.storage.ss_family) {
		service_note(service, "unix", "has no address to answer to");
		return;
	}
	if (came == DATAGRAM_CAME && (obstacle = loop_guard_obstacle(guard, &address, sock->room, size)) != NULL) {
		service_log("%s: not answered: %s", peer, obstacle);
		return;
	}
	if (came == DATAGRAM_CAME)
		result = answer(service, sock, size, &address, &error);
	if (result == -1)
		service_log("%s: %s: %s", peer, error_name(error.kind), error.text);
	else if (result == 0)
		service_note(service, peer, "has no room for the answer");
}

/* 1: answered; 0: there was no room for the answer; -1: *error. */
static int answer(const struct service *service, struct datagram_socket *sock, size_t size,
		  const struct address *address, struct error *error)
{
	struct session *session = service_new_session(service);
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
