/*
 * command: the name of a program goes there, its exit status and output come
 * back; every message is a u32be frame.
 *
 *     client                                   server
 *       | <-- frame "Welcome" ---------------- |     before it hears anything
 *       | -- frame "date" -------------------> |     a name on the server's allow-list, no command line
 *       | <-- frame 00 "Sat Nov 21 ...\n" ----- |     exit status as one byte, then the output
 *       | -- frame "false" ------------------> |     and so on; one request at a time
 *       | <-- frame 01 "Done.\n" -------------- |     there was no output
 *
 * As it is usually taught, the server hands what it receives to a shell.  Here
 * the session asks for a program by name, and who owns the sockets runs it.
 *
 * Python twin: pyside/protocols/command.py.  Read next: net/address.c.
 */
#include "wire/errors.h"
#include "wire/message_client.h"

#include <string.h>

static const char format_of_all[] = "u32be";
static const char welcome[] = "Welcome";
static const char done[] = "Done.\n";

struct command_server {
	struct session session;
	struct decoder decoder;
};

struct command_client {
	struct message_client base;
	struct decoder decoder;
	int welcomed;
};

static void server_init(struct session *session);
static void server_destroy(struct session *session);
static int server_start(struct session *session, struct buffer *out);
static int server_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out);
static int next_request(struct command_server *server);
static int server_receive_eof(struct session *session, struct buffer *out);
static int server_receive_result(struct session *session, int status, const uint8_t *output, size_t size,
				 struct buffer *out);
static void client_init(struct session *session);
static int ask(struct message_client *base, const uint8_t *message, size_t size, struct buffer *out,
	       struct error *error);
static int check_sendable(const struct message_client *base, uint64_t length, struct error *error);
static void client_destroy(struct session *session);
static int client_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out);
static int take(struct command_client *client, const uint8_t *payload, size_t size);
static int client_receive_eof(struct session *session, struct buffer *out);
static int client_submit_eof(struct session *session, struct buffer *out);

const struct session_class command_server = {
	.size = sizeof(struct command_server),
	.init = server_init,
	.destroy = server_destroy,
	.start = server_start,
	.receive = server_receive,
	.receive_eof = server_receive_eof,
	.receive_result = server_receive_result,
};

const struct session_class command_client = {
	.size = sizeof(struct command_client),
	.init = client_init,
	.destroy = client_destroy,
	.receive = client_receive,
	.receive_eof = client_receive_eof,
	.submit = message_client_submit,
	.submit_eof = client_submit_eof,
};

static void server_init(struct session *session)
{
	session->format = format_find(format_of_all);
	decoder_init(&((struct command_server *)session)->decoder, session->format, session->max_frame);
}

static void server_destroy(struct session *session)
{
	decoder_free(&((struct command_server *)session)->decoder);
}

static int server_start(struct session *session, struct buffer *out)
{
	return frame_encode(session->format, (const uint8_t *)welcome, strlen(welcome), UINT32_MAX, out,
			    &session->error);
}

static int server_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out)
{
	struct command_server *server = (struct command_server *)session;

	(void)out;
	if (decoder_feed(&server->decoder, data, size) == -1)
		return session_note(session, &server->decoder.error);
	return next_request(server);
}

/* Ask for the next program, if the name of one is there. */
static int next_request(struct command_server *server)
{
	struct session *session = &server->session;
	int found = decoder_next(&server->decoder, &session->program, &session->program_size);

	session->wants_program = found == 1;
	return found == -1 ? session_note(session, &server->decoder.error) : 0;
}

static int server_receive_eof(struct session *session, struct buffer *out)
{
	struct command_server *server = (struct command_server *)session;

	(void)out;
	return decoder_feed_eof(&server->decoder) == -1 ? session_note(session, &server->decoder.error) : 0;
}

static int server_receive_result(struct session *session, int status, const uint8_t *output, size_t size,
				 struct buffer *out)
{
	const uint8_t status_byte = (uint8_t)status;
	struct buffer payload = {0};
	int result = -1;

	if (size == 0) {
		output = (const uint8_t *)done;
		size = strlen(done);
	}
	if (buffer_append(&payload, &status_byte, 1) == -1 || buffer_append(&payload, output, size) == -1)
		session_no_memory(session);
	else
		result = frame_encode(session->format, buffer_front(&payload), size + 1, UINT32_MAX, out,
				      &session->error);
	buffer_free(&payload);
	return result == -1 ? -1 : next_request((struct command_server *)session);
}

static void client_init(struct session *session)
{
	struct command_client *client = (struct command_client *)session;

	session->format = format_find(format_of_all);
	client->base.ask = ask;
	client->base.check_sendable = check_sendable;
	decoder_init(&client->decoder, session->format, session->max_frame);
}

static int ask(struct message_client *base, const uint8_t *message, size_t size, struct buffer *out,
	       struct error *error)
{
	struct command_client *client = (struct command_client *)base;
	struct buffer frame = {0};
	int result;

	if (message_client_expect_anything(base, error) == -1)
		return -1;
	result = frame_encode(base->session.format, message, size, base->session.max_frame, &frame, error);
	if (result == 0)
		result = message_client_in_turn(base, client->welcomed, buffer_front(&frame), buffer_size(&frame), out,
						error);
	buffer_free(&frame);
	return result;
}

static int check_sendable(const struct message_client *base, uint64_t length, struct error *error)
{
	return frame_check_sendable(base->session.format, length, base->session.max_frame, error);
}

static void client_destroy(struct session *session)
{
	struct command_client *client = (struct command_client *)session;

	decoder_free(&client->decoder);
	message_client_free(&client->base);
}

static int client_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out)
{
	struct command_client *client = (struct command_client *)session;
	const uint8_t *payload;
	size_t length;
	int found;

	if (decoder_feed(&client->decoder, data, size) == -1)
		return session_note(session, &client->decoder.error);
	while ((found = decoder_next(&client->decoder, &payload, &length)) == 1)
		if (take(client, payload, length) == -1 || message_client_next_in_turn(&client->base, out) == -1)
			return -1;
	if (found == -1)
		return session_note(session, &client->decoder.error);
	if (client->welcomed)
		message_client_settle(&client->base);
	return 0;
}

static int take(struct command_client *client, const uint8_t *payload, size_t size)
{
	struct session *session = &client->base.session;

	if (client->welcomed) {
		if (size == 0)
			return session_fail(session, ERROR_MALFORMED, "an answer without an exit status");
		return message_client_take_reply(&client->base, payload, size);
	}
	if (size != strlen(welcome) || memcmp(payload, welcome, size) != 0)
		return session_fail(session, ERROR_MALFORMED, "Welcome is expected");
	client->welcomed = 1;
	return 0;
}

static int client_receive_eof(struct session *session, struct buffer *out)
{
	struct command_client *client = (struct command_client *)session;

	(void)out;
	if (decoder_feed_eof(&client->decoder) == -1)
		return session_note(session, &client->decoder.error);
	if (message_client_check_nothing_owed(&client->base) == -1)
		return -1;
	if (!client->welcomed)
		return session_fail(session, ERROR_TRUNCATED, "end of input before Welcome");
	return 0;
}

static int client_submit_eof(struct session *session, struct buffer *out)
{
	struct command_client *client = (struct command_client *)session;

	message_client_submit_eof(session, out);
	session->finished = session->finished && client->welcomed;
	return 0;
}
