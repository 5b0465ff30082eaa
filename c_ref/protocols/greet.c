/*
 * greet: one line within a time limit, one line back.
 *
 *     client                                   server
 *       | -- "1\n" ----------------------------> |     within the time limit, in all
 *       | <-- "welcome to server!\n" ----------- |     to "1"
 *       | <-- "please go out!\n" --------------- |     to anything else
 *       | <-- "time out\n" --------------------- |     to silence, or a line that does not end in time
 *       | <-- FIN ------------------------------ |
 *
 * The limit is for the whole line.  A limit for each recv() would start again
 * with every byte: a client that sends one a second would stay for ever.
 *
 * Python twin: pyside/protocols/greet.py.  Read next: protocols/command.c.
 */
#include "wire/errors.h"
#include "wire/message_client.h"

#include <string.h>

static const char welcome[] = "welcome to server!";
static const char go_out[] = "please go out!";
static const char time_out[] = "time out";

enum { LONGEST_REPLY = sizeof welcome - 1 };

struct greet_server {
	struct session session;
	/* Two bytes are enough to know that it is not "1"; a line of any length passes through. */
	uint8_t line[2];
	size_t size;
};

struct greet_client {
	struct message_client base;
	struct buffer reply;
	int asked;
};

static int server_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out);
static int answer(struct session *session, const char *text, struct buffer *out);
static const char *greeting(const uint8_t *line, size_t size);
static int server_receive_eof(struct session *session, struct buffer *out);
static int server_receive_timeout(struct session *session, double seconds, struct buffer *out);
static void client_init(struct session *session);
static int ask(struct message_client *base, const uint8_t *message, size_t size, struct buffer *out,
	       struct error *error);
static void client_destroy(struct session *session);
static int client_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out);
static int take_reply(struct greet_client *client, const uint8_t *reply, size_t size);
static int client_receive_eof(struct session *session, struct buffer *out);

const struct session_class greet_server = {
	.size = sizeof(struct greet_server),
	.time_limit_is_total = 1,
	.receive = server_receive,
	.receive_eof = server_receive_eof,
	.receive_timeout = server_receive_timeout,
};

const struct session_class greet_client = {
	.size = sizeof(struct greet_client),
	.init = client_init,
	.destroy = client_destroy,
	.receive = client_receive,
	.receive_eof = client_receive_eof,
	.submit = message_client_submit,
	.submit_eof = message_client_submit_eof,
};

static int server_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out)
{
	struct greet_server *server = (struct greet_server *)session;
	const uint8_t *newline = size > 0 ? memchr(data, '\n', size) : NULL;
	size_t length = newline == NULL ? size : (size_t)(newline - data);

	for (size_t i = 0; i < length && server->size < sizeof server->line; i++)
		server->line[server->size++] = data[i];
	return newline == NULL ? 0 : answer(session, greeting(server->line, server->size), out);
}

static int answer(struct session *session, const char *text, struct buffer *out)
{
	session->finished = 1;
	if (buffer_append(out, (const uint8_t *)text, strlen(text)) == -1 ||
	    buffer_append(out, (const uint8_t *)"\n", 1) == -1)
		return session_no_memory(session);
	return 0;
}

static const char *greeting(const uint8_t *line, size_t size)
{
	return size == 1 && line[0] == '1' ? welcome : go_out;
}

static int server_receive_eof(struct session *session, struct buffer *out)
{
	struct greet_server *server = (struct greet_server *)session;

	return answer(session, greeting(server->line, server->size), out);
}

static int server_receive_timeout(struct session *session, double seconds, struct buffer *out)
{
	(void)seconds;
	return answer(session, time_out, out);
}

static void client_init(struct session *session)
{
	((struct message_client *)session)->ask = ask;
}

static int ask(struct message_client *base, const uint8_t *message, size_t size, struct buffer *out,
	       struct error *error)
{
	struct greet_client *client = (struct greet_client *)base;
	const char *expected = greeting(message, size);

	if (client->asked) /* only the first message counts */
		return 0;
	if (size > 0 && memchr(message, '\n', size) != NULL)
		return error_set(error, ERROR_UNSENDABLE, "a message of greet cannot hold a newline");
	client->asked = 1;
	if (message_client_expect(base, (const uint8_t *)expected, strlen(expected), error) == -1)
		return -1;
	if (buffer_append(out, message, size) == -1 || buffer_append(out, (const uint8_t *)"\n", 1) == -1)
		return error_no_memory(error);
	return 0;
}

static void client_destroy(struct session *session)
{
	struct greet_client *client = (struct greet_client *)session;

	message_client_free(&client->base);
	buffer_free(&client->reply);
}

static int client_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out)
{
	struct greet_client *client = (struct greet_client *)session;
	size_t end;
	int complete;

	(void)out;
	if (buffer_append(&client->reply, data, size) == -1)
		return session_no_memory(session);
	complete = buffer_find(&client->reply, '\n', 0, &end);
	if ((complete ? end : buffer_size(&client->reply)) > LONGEST_REPLY)
		return session_fail(session, ERROR_MALFORMED, "reply of more than %d bytes", LONGEST_REPLY);
	if (!complete)
		return 0;
	if (take_reply(client, buffer_front(&client->reply), end) == -1)
		return -1;
	if (buffer_size(&client->reply) > end + 1)
		return session_fail(session, ERROR_MALFORMED, "%zu bytes after the reply",
				    buffer_size(&client->reply) - end - 1);
	return 0;
}

static int take_reply(struct greet_client *client, const uint8_t *reply, size_t size)
{
	struct session *session = &client->base.session;

	session->finished = 1;
	if (client->asked && (size != strlen(time_out) || memcmp(reply, time_out, size) != 0))
		return message_client_take_reply(&client->base, reply, size);
	/* True whatever was sent: it came too late, or nothing was sent at all. */
	session->in_flight = 0;
	return pieces_push(&session->replies, reply, size, 1) == -1 ? session_no_memory(session) : 0;
}

static int client_receive_eof(struct session *session, struct buffer *out)
{
	(void)out;
	return session_fail(session, ERROR_TRUNCATED, "end of input before the reply");
}
