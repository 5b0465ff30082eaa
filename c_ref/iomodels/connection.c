/*
 * One session over one connection that never waits: the state that an event
 * loop keeps for each client.
 *
 *               +---------+  session finished,   +-----------+  FIN came, or
 *     accept -> | talking |  all sent            | lingering |  time is over
 *               +---------+ -------------------> +-----------+ -------------> closed
 *                    |        FIN was heard                                     ^
 *                    +----------------------------------------------------------+
 *                      or an error, or the time limit
 *
 * It is read from only while little waits to be sent: so a client that does not
 * read its replies is not read from either, and the buffer stays bounded.  Nor
 * is it read from while a program runs for it.
 *
 * Python twin: connection.py.  Read next: eventloop.c.
 */
#include "iomodels/connection.h"

#include "wire/errors.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct connection *connection_new(const struct server *server, int fd, const char *peer)
{
	struct connection *connection = calloc(1, sizeof *connection);
	struct session *session = server_new_session(server);

	if (connection == NULL || session == NULL || session_start(session, &connection->out) == -1) {
		session_free(session);
		free(connection);
		close(fd);
		return NULL;
	}
	connection->fd = fd;
	connection->execution.fd = -1;
	connection->execution_fd = -1;
	connection->server = server;
	connection->session = session;
	connection->timeout = server->options->timeout;
	connection->timer.deadline = net_clock() + connection->timeout;
	memcpy(connection->peer, peer, sizeof connection->peer);
	server_note(server, peer, "connected");
	return connection;
}

static int has_request(const struct connection *connection)
{
	const uint8_t *name;
	size_t size;

	return session_request(connection->session, &name, &size);
}

int connection_reading(const struct connection *connection)
{
	return connection->lingering || (!session_finished(connection->session) && !has_request(connection) &&
					 buffer_size(&connection->out) < CHUNK);
}

int connection_writing(const struct connection *connection)
{
	return buffer_size(&connection->out) > 0;
}

void connection_close(struct connection *connection)
{
	if (connection->fd == -1)
		return;
	close(connection->fd);
	connection->fd = -1;
	execution_free(&connection->execution);
	server_note(connection->server, connection->peer, "closed");
}

void connection_free(struct connection *connection)
{
	connection_close(connection);
	session_free(connection->session);
	buffer_free(&connection->out);
	free(connection);
}

static void log_error(const struct connection *connection, const struct error *error)
{
	if (error->kind != ERROR_NONE)
		server_log("%s: %s: %s", connection->peer, error_name(error->kind), error->text);
}

static int fail(struct connection *connection, const struct error *error)
{
	if (!connection->lingering)
		log_error(connection, error);
	connection_close(connection);
	return -1;
}

static int fail_from_errno(struct connection *connection)
{
	struct error error;

	error_from_errno(&error);
	return fail(connection, &error);
}

static void progress(struct connection *connection)
{
	if (!session_time_limit_is_total(connection->session))
		connection->timer.deadline = net_clock() + connection->timeout;
}

/* -1: the connection is closed. */
static int send_out(struct connection *connection)
{
	ssize_t sent;

	if (!connection_writing(connection))
		return 0;
	sent = net_send_some(connection->fd, buffer_front(&connection->out), buffer_size(&connection->out));
	if (sent == -1)
		return fail_from_errno(connection);
	buffer_consume(&connection->out, (size_t)sent);
	if (sent > 0)
		progress(connection);
	return 0;
}

/* -1: the connection is closed. */
static int receive(struct connection *connection)
{
	uint8_t data[CHUNK];
	ssize_t size = net_recv_some(connection->fd, data, sizeof data);

	if (size == -1)
		return errno == EAGAIN ? 0 : fail_from_errno(connection);
	if (connection->lingering) {
		if (size == 0)
			connection_close(connection);
		return size == 0 ? -1 : 0;
	}
	progress(connection);
	if (size > 0) {
		session_receive(connection->session, data, (size_t)size, &connection->out);
	} else {
		connection->heard_all = 1;
		session_receive_eof(connection->session, &connection->out);
	}
	return send_out(connection);
}

/* Hand the result of a program to the session. */
static void answer(struct connection *connection, struct execution *execution)
{
	server_note_killed(connection->server, connection->peer, connection->session, execution);
	session_receive_result(connection->session, execution->status, buffer_front(&execution->output),
			       buffer_size(&execution->output), &connection->out);
	execution_free(execution);
}

/* Begin to run the program that the session asks for; one that cannot be started is over at once.  -1: closed. */
static int execute(struct connection *connection)
{
	struct execution *execution = &connection->execution;
	const uint8_t *name;
	size_t size;

	while (execution->fd == -1 && buffer_size(&connection->out) < CHUNK &&
	       session_request(connection->session, &name, &size)) {
		execution_start(execution, connection->server->options, name, size);
		if (!execution->over) {
			connection->timer.deadline = execution->deadline;
			return 0;
		}
		answer(connection, execution);
		if (send_out(connection) == -1)
			return -1;
	}
	return 0;
}

/* Run what is to be run; once everything has been said close, or wait until the peer has read it. */
static void settle(struct connection *connection)
{
	double seconds = connection->timeout < LINGER_SECONDS ? connection->timeout : LINGER_SECONDS;

	if (execute(connection) == -1)
		return;
	if (connection->lingering || connection_writing(connection) || !session_finished(connection->session))
		return;
	log_error(connection, session_error(connection->session));
	if (connection->heard_all) {
		connection_close(connection);
		return;
	}
	net_half_close(connection->fd);
	connection->lingering = 1;
	connection->timer.deadline = net_clock() + seconds;
}

void connection_on_ready(struct connection *connection, int readable, int writable)
{
	if (writable && send_out(connection) == -1)
		return;
	if (readable && connection->execution.fd != -1) {
		/* Nobody asked whether it is readable: it is POLLHUP or POLLERR. */
		struct error error;

		error_set(&error, ERROR_RESET, "the client left while its command ran");
		fail(connection, &error);
		return;
	}
	if (readable && connection_reading(connection) && receive(connection) == -1)
		return;
	settle(connection);
}

void connection_on_result(struct connection *connection)
{
	answer(connection, &connection->execution);
	connection->timer.deadline = net_clock() + connection->timeout;
	connection_on_ready(connection, 0, 1);
}

void connection_on_deadline(struct connection *connection)
{
	struct error error;

	if (connection->lingering) {
		connection_close(connection);
	} else if (connection_writing(connection)) {
		net_silence(connection->timeout, &error);
		fail(connection, &error);
	} else {
		session_receive_timeout(connection->session, connection->timeout, &connection->out);
		connection->timer.deadline = net_clock() + connection->timeout;
		if (send_out(connection) == 0)
			settle(connection);
	}
}
