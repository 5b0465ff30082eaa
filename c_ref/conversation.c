/*
 * One session over one connection: the inner loop of the iterative, thread and
 * fork models.
 *
 *     socket()  bind()  listen()                     netio.c
 *         accept()  <------------------------------  iomodels/...c
 *             session_start()                        send()
 *             recv()   -> session_receive()     -> send()     this file
 *             recv()=0 -> session_receive_eof() -> send()
 *             close()
 *
 * While a reply is being sent nothing is read, so a peer that does not read its
 * replies is not read from either, and memory stays bounded.
 *
 * Python twin: conversation.py.  Read next: iomodels/iterative.c.
 */
#include "error.h"
#include "server.h"

#include <unistd.h>

/* One step: what the peer sent goes in, what the session says goes out.  -1: *error, which is the connection's. */
static int step(int connection, struct session *session, double timeout, int *heard_all, struct error *error)
{
	uint8_t data[CHUNK];
	struct buffer reply = {0};
	ssize_t size = net_recv(connection, data, sizeof data, timeout, error);
	int result;

	if (size == -1)
		return -1;
	if (size > 0) {
		session_receive(session, data, (size_t)size, &reply);
	} else {
		*heard_all = 1;
		session_receive_eof(session, &reply);
	}
	result = net_send_all(connection, buffer_front(&reply), buffer_size(&reply), timeout, error);
	buffer_free(&reply);
	return result;
}

static int greet(int connection, struct session *session, double timeout, struct error *error)
{
	struct buffer greeting = {0};
	int result;

	session_start(session, &greeting);
	result = net_send_all(connection, buffer_front(&greeting), buffer_size(&greeting), timeout, error);
	buffer_free(&greeting);
	return result;
}

void conversation_hold(const struct server *server, int connection, const char *peer)
{
	double timeout = server->options->timeout;
	struct session *session = server_new_session(server);
	struct error error = {.kind = ERROR_NONE};
	int heard_all = 0;
	int result;

	if (session == NULL) {
		error_no_memory(&error);
		goto close;
	}
	result = greet(connection, session, timeout, &error);
	while (result == 0 && !session_finished(session))
		result = step(connection, session, timeout, &heard_all, &error);
	if (result == 0) {
		error = *session_error(session);
		if (!heard_all)
			net_linger(connection, timeout);
	}
close:
	close(connection);
	if (error.kind != ERROR_NONE && error.kind != ERROR_STOPPED)
		server_log("%s: %s: %s", peer, error_name(error.kind), error.text);
	session_free(session);
}
