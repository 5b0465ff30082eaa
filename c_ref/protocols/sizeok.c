/*
 * sizeok: the size, an acknowledgement, then that many bytes.
 *
 *     client                          server
 *       | -- "hello\n" ---------------> |     a request is a line
 *       | <-- "5\n" ------------------- |     size of the reply, ASCII decimal
 *       | -- "ok\n" ------------------> |
 *       | <-- "HELLO" ----------------- |     the request in upper case, no newline
 *       | -- "bye\n" -----------------> |     and so on; one request at a time
 *
 * As it is usually taught, the size has no terminator, and the acknowledgement
 * is there to keep size and data from arriving together.  With a newline behind
 * the size the acknowledgement is superfluous: it costs a round trip.
 *
 * Python twin: pyside/protocols/sizeok.py.  Read next: protocols/greet.c.
 */
#include "protocols/upper.h"
#include "wire/errors.h"
#include "wire/lines.h"
#include "wire/message_client.h"

#include <stdio.h>
#include <string.h>

static const char ok[] = "ok\n";

enum { SIZE_LINE = 32 };

struct sizeok_server {
	struct session session;
	struct line_reader lines;
	struct buffer reply;
	int waits_for_ok;
};

struct sizeok_client {
	struct message_client base;
	struct line_reader lines;
	int knows_size;
	uint64_t size;
};

static void server_destroy(struct session *session);
static int server_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out);
static int answer_reply(struct sizeok_server *server, struct buffer *out);
static int answer_size(struct sizeok_server *server, struct buffer *out);
static int server_receive_eof(struct session *session, struct buffer *out);
static void client_init(struct session *session);
static int ask(struct message_client *base, const uint8_t *message, size_t size, struct buffer *out,
	       struct error *error);
static void client_destroy(struct session *session);
static int client_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out);
static int step(struct sizeok_client *client, struct buffer *out);
static int client_receive_eof(struct session *session, struct buffer *out);

const struct session_class sizeok_server = {
	.size = sizeof(struct sizeok_server),
	.destroy = server_destroy,
	.receive = server_receive,
	.receive_eof = server_receive_eof,
};

const struct session_class sizeok_client = {
	.size = sizeof(struct sizeok_client),
	.init = client_init,
	.destroy = client_destroy,
	.receive = client_receive,
	.receive_eof = client_receive_eof,
	.submit = message_client_submit,
	.submit_eof = message_client_submit_eof,
};

static void server_destroy(struct session *session)
{
	struct sizeok_server *server = (struct sizeok_server *)session;

	line_reader_free(&server->lines);
	buffer_free(&server->reply);
}

static int server_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out)
{
	struct sizeok_server *server = (struct sizeok_server *)session;
	int found = 1;

	if (line_reader_feed(&server->lines, session, data, size) == -1)
		return -1;
	for (int i = 0; i < MESSAGES_PER_CALL && found == 1; i++)
		found = server->waits_for_ok ? answer_reply(server, out) : answer_size(server, out);
	session->pending = found == 1;
	return found == -1 ? -1 : 0;
}

/* 1: the acknowledgement was answered with the reply; 0: it is incomplete; -1: the session's error. */
static int answer_reply(struct sizeok_server *server, struct buffer *out)
{
	int found = line_reader_next_word(&server->lines, &server->session, ok);

	if (found != 1)
		return found;
	if (buffer_append(out, buffer_front(&server->reply), buffer_size(&server->reply)) == -1)
		return session_no_memory(&server->session);
	buffer_consume(&server->reply, buffer_size(&server->reply));
	server->waits_for_ok = 0;
	return 1;
}

/* 1: a request was answered with a size; 0: it is incomplete; -1: the session's error. */
static int answer_size(struct sizeok_server *server, struct buffer *out)
{
	struct session *session = &server->session;
	const uint8_t *line;
	size_t length;
	char digits[SIZE_LINE];
	int found = line_reader_next(&server->lines, session, session->max_frame, &line, &length);
	int size;

	if (found != 1)
		return found;
	size = snprintf(digits, sizeof digits, "%zu\n", length);
	if (upper_append(&server->reply, line, length) == -1 ||
	    buffer_append(out, (const uint8_t *)digits, (size_t)size) == -1)
		return session_no_memory(session);
	server->waits_for_ok = 1;
	return 1;
}

static int server_receive_eof(struct session *session, struct buffer *out)
{
	struct sizeok_server *server = (struct sizeok_server *)session;

	(void)out;
	if (server->waits_for_ok)
		return session_fail(session, ERROR_TRUNCATED, "end of input before the acknowledgement");
	return line_reader_check_nothing_left(&server->lines, session);
}

static void client_init(struct session *session)
{
	((struct message_client *)session)->ask = ask;
}

static int ask(struct message_client *base, const uint8_t *message, size_t size, struct buffer *out,
	       struct error *error)
{
	struct buffer expected = {0};
	struct buffer line = {0};
	int result = -1;

	if (size > 0 && memchr(message, '\n', size) != NULL)
		return error_set(error, ERROR_UNSENDABLE, "a message of sizeok cannot hold a newline");
	if (upper_append(&expected, message, size) == -1)
		error_no_memory(error);
	else
		result = message_client_expect(base, buffer_front(&expected), size, error);
	buffer_free(&expected);
	if (result == -1)
		return -1;
	if (buffer_append(&line, message, size) == -1 || buffer_append(&line, (const uint8_t *)"\n", 1) == -1)
		result = error_no_memory(error);
	else
		result = message_client_in_turn(base, 1, buffer_front(&line), size + 1, out, error);
	buffer_free(&line);
	return result;
}

static void client_destroy(struct session *session)
{
	struct sizeok_client *client = (struct sizeok_client *)session;

	message_client_free(&client->base);
	line_reader_free(&client->lines);
}

static int client_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out)
{
	struct sizeok_client *client = (struct sizeok_client *)session;
	int found = 1;

	if (line_reader_feed(&client->lines, session, data, size) == -1)
		return -1;
	while (found == 1)
		found = step(client, out);
	if (found == -1)
		return -1;
	message_client_settle(&client->base);
	return 0;
}

/* 1: a reply was taken; 0: more bytes are needed; -1: the session's error. */
static int step(struct sizeok_client *client, struct buffer *out)
{
	struct session *session = &client->base.session;
	const uint8_t *reply;

	if (!client->knows_size) {
		int found = line_reader_next_number(&client->lines, session, session->max_frame, &client->size);

		if (found != 1)
			return found;
		client->knows_size = 1;
		if (buffer_append(out, (const uint8_t *)ok, strlen(ok)) == -1)
			return session_no_memory(session);
	}
	if (!line_reader_next_bytes(&client->lines, client->size, &reply))
		return 0;
	client->knows_size = 0;
	if (message_client_take_reply(&client->base, reply, (size_t)client->size) == -1)
		return -1;
	return message_client_next_in_turn(&client->base, out) == -1 ? -1 : 1;
}

static int client_receive_eof(struct session *session, struct buffer *out)
{
	struct sizeok_client *client = (struct sizeok_client *)session;

	(void)out;
	if (!client->knows_size && line_reader_check_nothing_left(&client->lines, session) == -1)
		return -1;
	return message_client_check_nothing_owed(&client->base);
}
