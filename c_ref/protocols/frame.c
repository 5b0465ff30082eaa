/*
 * frame: each frame comes back as a frame with the same payload.
 *
 *     client                                 server
 *       | -- length | payload --------------> |
 *       | -- length | payload --------------> |     frames may follow each other at once
 *       | <-------------- length | payload -- |
 *       | <-------------- length | payload -- |
 *       | -- FIN ---------------------------> |     allowed between frames only
 *
 * How the length is written is the framing, --format; see framing.c.
 *
 * Python twin: pyside/protocols/frame.py.
 * Read next: protocols/count.c, where the end of input ends the message.
 */
#include "wire/errors.h"
#include "wire/message_client.h"

struct frame_server {
	struct session session;
	struct decoder decoder;
};

struct frame_client {
	struct message_client base;
	struct decoder decoder;
};

static void server_init(struct session *session);
static void server_destroy(struct session *session);
static int server_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out);
static int server_receive_eof(struct session *session, struct buffer *out);
static void client_init(struct session *session);
static int ask(struct message_client *client, const uint8_t *message, size_t size, struct buffer *out,
	       struct error *error);
static int check_sendable(const struct message_client *client, uint64_t length, struct error *error);
static void client_destroy(struct session *session);
static int client_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out);
static int client_receive_eof(struct session *session, struct buffer *out);

const struct session_class frame_server = {
	.size = sizeof(struct frame_server),
	.init = server_init,
	.destroy = server_destroy,
	.receive = server_receive,
	.receive_eof = server_receive_eof,
};

const struct session_class frame_client = {
	.size = sizeof(struct frame_client),
	.init = client_init,
	.destroy = client_destroy,
	.receive = client_receive,
	.receive_eof = client_receive_eof,
	.submit = message_client_submit,
	.submit_eof = message_client_submit_eof,
};

static void server_init(struct session *session)
{
	decoder_init(&((struct frame_server *)session)->decoder, session->format, session->max_frame);
}

static void server_destroy(struct session *session)
{
	decoder_free(&((struct frame_server *)session)->decoder);
}

static int server_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out)
{
	struct decoder *decoder = &((struct frame_server *)session)->decoder;
	const uint8_t *payload;
	size_t length;
	int found = 1;

	decoder_lend(decoder, data, size);
	for (int i = 0; i < MESSAGES_PER_CALL && (found = decoder_next(decoder, &payload, &length)) == 1; i++) {
		struct error error;

		if (frame_encode(session->format, payload, length, session->max_frame, out, &error) == -1)
			return session_note(session, &error);
	}
	session->pending = found == 1;
	return found == -1 || decoder_keep(decoder) == -1 ? session_note(session, &decoder->error) : 0;
}

static int server_receive_eof(struct session *session, struct buffer *out)
{
	struct decoder *decoder = &((struct frame_server *)session)->decoder;

	(void)out;
	return decoder_feed_eof(decoder) == -1 ? session_note(session, &decoder->error) : 0;
}

static void client_init(struct session *session)
{
	struct frame_client *client = (struct frame_client *)session;

	client->base.ask = ask;
	client->base.check_sendable = check_sendable;
	decoder_init(&client->decoder, session->format, session->max_frame);
}

static int ask(struct message_client *client, const uint8_t *message, size_t size, struct buffer *out,
	       struct error *error)
{
	if (message_client_expect(client, message, size, error) == -1)
		return -1;
	return frame_encode(client->session.format, message, size, client->session.max_frame, out, error);
}

static int check_sendable(const struct message_client *client, uint64_t length, struct error *error)
{
	return frame_check_sendable(client->session.format, length, client->session.max_frame, error);
}

static void client_destroy(struct session *session)
{
	struct frame_client *client = (struct frame_client *)session;

	message_client_free(&client->base);
	decoder_free(&client->decoder);
}

static int client_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out)
{
	struct frame_client *client = (struct frame_client *)session;
	const uint8_t *payload;
	size_t length;
	int found;

	(void)out;
	if (decoder_feed(&client->decoder, data, size) == -1)
		return session_note(session, &client->decoder.error);
	while ((found = decoder_next(&client->decoder, &payload, &length)) == 1)
		if (message_client_take_reply(&client->base, payload, length) == -1)
			return -1;
	if (found == -1)
		return session_note(session, &client->decoder.error);
	message_client_settle(&client->base);
	return 0;
}

static int client_receive_eof(struct session *session, struct buffer *out)
{
	struct frame_client *client = (struct frame_client *)session;

	(void)out;
	if (decoder_feed_eof(&client->decoder) == -1)
		return session_note(session, &client->decoder.error);
	return message_client_check_nothing_owed(&client->base);
}
