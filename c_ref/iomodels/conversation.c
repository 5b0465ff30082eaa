/*
 * One session over one connection: the inner loop of the iterative, thread and
 * fork models.
 *
 *     socket()  bind()  listen()                     netio.c
 *         accept()  <------------------------------  iomodels/...c
 *             session_start()                        send()
 *             recv()   -> session_receive()     -> send()     this file
 *             recv()=0 -> session_receive_eof() -> send()
 *             poll()=0 -> session_receive_timeout() -> send()
 *             a program -> session_receive_result() -> send()
 *             close()
 *
 * While a reply is being sent nothing is read, so a peer that does not read its
 * replies is not read from either, and memory stays bounded.
 *
 * Python twin: conversation.py.  Read next: iomodels/iterative.c.
 */
#include "iomodels/service.h"
#include "net/signals.h"
#include "wire/errors.h"

#include <unistd.h>

/* One session over one connection. */
struct conversation {
	const struct server *server;
	const char *peer;
	int connection;
	struct session *session;
	double timeout;
	double deadline;
	int heard_all;
	struct error error;
};

/* Send what the session said, and forget it.  -1: conversation->error. */
static int send_out(struct conversation *conversation, struct buffer *out)
{
	int result = net_send_all(conversation->connection, buffer_front(out), buffer_size(out), conversation->timeout,
				  &conversation->error);

	buffer_free(out);
	return result;
}

/* As net_recv, but the deadline is ERROR_TIMED_OUT even when there is something to read. */
static ssize_t recv_until_deadline(struct conversation *conversation, uint8_t *data, size_t size)
{
	double left = conversation->deadline - net_clock();

	if (left <= 0)
		return net_silence(conversation->timeout, &conversation->error);
	return net_recv(conversation->connection, data, size, left, &conversation->error);
}

/* Wait until the program is over.  -1: conversation->error: stopped, or the client is gone. */
static int wait_for(struct conversation *conversation, struct execution *execution)
{
	while (!execution->over) {
		double left = execution->deadline - net_clock();
		/* POLLHUP and POLLERR come without being asked for: nobody is there any more. */
		struct pollfd fds[] = {
			{.fd = execution->fd, .events = POLLIN},
			{.fd = signals_stop_fd, .events = POLLIN},
			{.fd = conversation->connection},
		};
		int ready = net_poll(fds, 3, left > 0 ? left : 0);

		if (ready == -1)
			return error_from_errno(&conversation->error);
		if (fds[1].revents)
			return error_set(&conversation->error, ERROR_STOPPED, "told to stop");
		if (fds[2].revents)
			return error_set(&conversation->error, ERROR_RESET, "the client left while its command ran");
		if (ready == 0)
			execution_on_deadline(execution);
		else
			execution_read(execution);
	}
	return 0;
}

/* Run the program that the session asks for, and send its answer.  -1: conversation->error. */
static int execute(struct conversation *conversation, const uint8_t *name, size_t size)
{
	struct session *session = conversation->session;
	struct execution execution;
	struct buffer out = {0};
	int result;

	execution_start(&execution, conversation->server->options, name, size);
	result = wait_for(conversation, &execution);
	if (result == 0) {
		server_note_killed(conversation->server, conversation->peer, session, &execution);
		session_receive_result(session, execution.status, buffer_front(&execution.output),
				       buffer_size(&execution.output), &out);
		result = send_out(conversation, &out);
	}
	execution_free(&execution);
	return result;
}

/* What the peer sent goes in, what the session says goes out.  -1: conversation->error. */
static int step(struct conversation *conversation)
{
	struct session *session = conversation->session;
	uint8_t data[CHUNK];
	struct buffer out = {0};
	const uint8_t *name;
	size_t name_size;
	ssize_t size;
	int result;

	if (!session_time_limit_is_total(session))
		conversation->deadline = net_clock() + conversation->timeout;
	size = recv_until_deadline(conversation, data, sizeof data);
	if (size > 0) {
		session_receive(session, data, (size_t)size, &out);
	} else if (size == 0) {
		conversation->heard_all = 1;
		session_receive_eof(session, &out);
	} else if (conversation->error.kind == ERROR_TIMED_OUT) {
		conversation->error.kind = ERROR_NONE;
		session_receive_timeout(session, conversation->timeout, &out);
	} else {
		return -1;
	}
	result = send_out(conversation, &out);
	while (result == 0 && session_request(session, &name, &name_size))
		result = execute(conversation, name, name_size);
	return result;
}

static int start(struct conversation *conversation)
{
	struct buffer out = {0};

	conversation->deadline = net_clock() + conversation->timeout;
	session_start(conversation->session, &out);
	return send_out(conversation, &out);
}

void conversation_hold(const struct server *server, int connection, const char *peer)
{
	struct conversation conversation = {
		.server = server,
		.peer = peer,
		.connection = connection,
		.session = server_new_session(server),
		.timeout = server->options->timeout,
	};
	struct error *error = &conversation.error;
	int result;

	server_note(server, peer, "connected");
	if (conversation.session == NULL) {
		error_no_memory(error);
		goto close;
	}
	if (server->options->type == SOCK_SEQPACKET) {
		converse_in_datagrams(server, connection, error);
		goto close;
	}
	result = start(&conversation);
	while (result == 0 && !session_finished(conversation.session))
		result = step(&conversation);
	if (result == 0) {
		*error = *session_error(conversation.session);
		if (!conversation.heard_all)
			net_linger(connection, conversation.timeout);
	}
close:
	close(connection);
	if (error->kind != ERROR_NONE && error->kind != ERROR_STOPPED)
		server_log("%s: %s: %s", peer, error_name(error->kind), error->text);
	server_note(server, peer, "closed");
	session_free(conversation.session);
}
