/*
 * A connection that never waits: a socket, its conversation, and the program
 * that may run for it.
 *
 *     recv -> conversation_feed      conversation_to_send -> send      wanted_program -> execution_start
 *     recv = 0 -> feed_eof           wants_half_close -> shutdown      its end -> program_done
 *
 * The loops that serve many connections with one thread keep one of these for
 * each.
 *
 * Python twin: pyside/iomodels/connection.py.  Read next: iomodels/eventloop.c.
 */
#include "iomodels/connection.h"

#include "wire/errors.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static void settle(struct connection *connection);
static void start_program(struct connection *connection, const uint8_t *name, size_t size);
static void drop_execution(struct connection *connection);
static void receive(struct connection *connection, double now);
static void lost(struct connection *connection);
static void send_out(struct connection *connection, double now);
static void end_program(struct connection *connection);

struct connection *connection_new(const struct service *service, int fd, const char *peer)
{
	struct connection *connection = calloc(1, sizeof *connection);
	struct conversation *conversation = service_new_conversation(service, peer);

	if (connection == NULL || conversation == NULL) {
		conversation_free(conversation);
		free(connection);
		close(fd);
		return NULL;
	}
	connection->fd = fd;
	connection->peer = conversation_peer(conversation);
	connection->service = service;
	connection->conversation = conversation;
	return connection;
}

void connection_free(struct connection *connection)
{
	connection_close(connection);
	conversation_free(connection->conversation);
	free(connection);
}

void connection_on_ready(struct connection *connection, int readable)
{
	struct conversation *conversation = connection->conversation;
	double now = net_clock();

	if (readable && conversation_wants_read(conversation)) {
		receive(connection, now);
	} else if (readable && connection->execution != NULL && net_has_left(connection->fd)) {
		/*
		 * It was not watched for reading: POLLHUP and POLLERR come without being asked for.  Asked again,
		 * because epoll also tells of a closed socket that a child still holds, under a number that is
		 * another's now.
		 */
		struct error error;

		error_set(&error, ERROR_RESET, "the client left while its command ran");
		conversation_lost(conversation, &error);
	}
	send_out(connection, now);
	settle(connection);
}

void connection_on_output(struct connection *connection)
{
	execution_read(connection->execution);
	end_program(connection);
}

void connection_on_time(struct connection *connection)
{
	double now = net_clock();

	if (connection->execution == NULL) {
		/* What has come counts, although the process was stopped, or busy elsewhere, until the deadline. */
		if (now >= connection->timer.deadline)
			connection_on_ready(connection, 1);
		conversation_tick(connection->conversation, now);
		connection_on_ready(connection, 0);
	} else if (now >= connection->execution->deadline) {
		execution_look(connection->execution);
		end_program(connection);
		settle(connection);
		/* select(2) tells of no POLLHUP. */
		if (connection->execution != NULL && net_has_left(connection->fd))
			connection_on_ready(connection, 1);
	}
}

void connection_close(struct connection *connection)
{
	conversation_stop(connection->conversation);
	settle(connection);
}

static void settle(struct connection *connection)
{
	struct conversation *conversation = connection->conversation;
	int runs = connection->execution != NULL;
	const uint8_t *name;
	size_t size;
	int wanted = conversation_wanted_program(conversation, &name, &size);

	if (wanted && !runs) {
		start_program(connection, name, size);
		runs = connection->execution != NULL;
		wanted = conversation_wanted_program(conversation, &name, &size);
	}
	connection->wants_read = conversation_wants_read(conversation);
	connection->wants_write = conversation_wants_write(conversation);
	connection->wants_more_time = conversation_wants_more_time(conversation) || (wanted && !runs);
	connection->timer.deadline = runs ? connection->execution->deadline : conversation_deadline(conversation);
	service_log_lines(conversation);
	if (conversation_over(conversation) && !connection->closed) {
		connection->closed = 1;
		drop_execution(connection);
		close(connection->fd);
	}
}

/* Start one program; one that cannot be started is over at once, and the next has to wait its turn. */
static void start_program(struct connection *connection, const uint8_t *name, size_t size)
{
	struct execution execution;
	struct error error;

	execution_start(&execution, &connection->service->programs, name, size);
	if (execution.over) {
		conversation_program_done(connection->conversation, execution.status, buffer_front(&execution.output),
					  buffer_size(&execution.output), net_clock(), NULL);
	} else if ((connection->execution = malloc(sizeof execution)) != NULL) {
		*connection->execution = execution;
		return;
	} else {
		error_no_memory(&error);
		conversation_lost(connection->conversation, &error);
	}
	execution_free(&execution);
}

static void drop_execution(struct connection *connection)
{
	if (connection->execution == NULL)
		return;
	execution_free(connection->execution);
	free(connection->execution);
	connection->execution = NULL;
}

static void receive(struct connection *connection, double now)
{
	static uint8_t data[CHUNK]; /* one thread runs the loop */
	ssize_t size = net_recv(connection->fd, data, sizeof data);

	if (size > 0)
		conversation_feed(connection->conversation, data, (size_t)size, now);
	else if (size == 0)
		conversation_feed_eof(connection->conversation, now);
	else if (errno != EAGAIN)
		lost(connection);
}

/* The connection ended with errno. */
static void lost(struct connection *connection)
{
	struct error error;

	error_from_errno(&error);
	conversation_lost(connection->conversation, &error);
}

static void send_out(struct connection *connection, double now)
{
	struct conversation *conversation = connection->conversation;

	/* Before the answer, so that the line about it is in the log when the peer sees the answer. */
	service_log_lines(conversation);
	if (conversation_wants_write(conversation)) {
		const uint8_t *data;
		size_t size = conversation_to_send(conversation, &data);
		ssize_t sent = net_send(connection->fd, data, size);

		if (sent == -1)
			lost(connection);
		else
			conversation_sent(conversation, (size_t)sent, now);
	}
	if (conversation_wants_half_close(conversation)) {
		net_half_close(connection->fd);
		conversation_half_closed(conversation);
	}
}

static void end_program(struct connection *connection)
{
	const struct execution *execution = connection->execution;

	if (!execution->over)
		return;
	conversation_program_done(connection->conversation, execution->status, buffer_front(&execution->output),
				  buffer_size(&execution->output), net_clock(), execution_killed(execution));
	drop_execution(connection);
	connection_on_ready(connection, 0);
}
