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
 * Python twin: protocols/frame.py.  Read next: count.c, where the end of input
 * is the frame.
 */
#include "error.h"
#include "session.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN = 16, SHOWN_TEXT = 64 + 2 * SHOWN };

struct frame_server {
	struct session session;
	struct decoder decoder;
};

struct frame_client {
	struct session session;
	struct decoder decoder;
	struct buffer message;
	struct pieces unanswered;
	size_t unanswered_count;
	uint64_t answered;
	int input_ended;
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
	int found;

	if (decoder_feed(decoder, data, size) == -1)
		return session_note(session, &decoder->error);
	while ((found = decoder_next(decoder, &payload, &length)) == 1) {
		struct error error;

		if (frame_encode(session->format, payload, length, session->max_frame, out, &error) == -1)
			return session_note(session, &error);
	}
	return found == -1 ? session_note(session, &decoder->error) : 0;
}

static int server_receive_eof(struct session *session, struct buffer *out)
{
	struct decoder *decoder = &((struct frame_server *)session)->decoder;

	(void)out;
	return decoder_feed_eof(decoder) == -1 ? session_note(session, &decoder->error) : 0;
}

static void client_init(struct session *session)
{
	decoder_init(&((struct frame_client *)session)->decoder, session->format, session->max_frame);
}

static void client_destroy(struct session *session)
{
	struct frame_client *client = (struct frame_client *)session;

	decoder_free(&client->decoder);
	buffer_free(&client->message);
	pieces_free(&client->unanswered);
}

static int client_submit(struct session *session, const uint8_t *data, size_t size, int last, struct buffer *out,
			 struct error *error)
{
	struct frame_client *client = (struct frame_client *)session;

	if (frame_check_sendable(session->format, buffer_size(&client->message) + size, session->max_frame, error) ==
	    -1)
		return -1;
	if (buffer_append(&client->message, data, size) == -1)
		return error_no_memory(error);
	if (!last)
		return 0;
	data = buffer_front(&client->message);
	size = buffer_size(&client->message);
	if (frame_encode(session->format, data, size, session->max_frame, out, error) == -1)
		return -1;
	if (pieces_push(&client->unanswered, data, size, 1) == -1)
		return error_no_memory(error);
	client->unanswered_count++;
	session->in_flight += size + 1;
	buffer_consume(&client->message, size);
	return 0;
}

static int client_submit_eof(struct session *session, struct buffer *out)
{
	struct frame_client *client = (struct frame_client *)session;

	(void)out;
	client->input_ended = 1;
	session->finished = client->unanswered_count == 0;
	return 0;
}

/* Describe a payload in a few words: its length and how it begins. */
static const char *show(char text[SHOWN_TEXT], const uint8_t *payload, size_t length)
{
	int used = snprintf(text, SHOWN_TEXT, "%zu bytes ", length);

	for (size_t i = 0; i < length && i < SHOWN; i++)
		used += snprintf(text + used, SHOWN_TEXT - (size_t)used, "%02x", payload[i]);
	if (length > SHOWN)
		snprintf(text + used, SHOWN_TEXT - (size_t)used, "...");
	return text;
}

static int take_reply(struct frame_client *client, const uint8_t *payload, size_t length)
{
	struct session *session = &client->session;
	struct piece expected;

	if (!pieces_first(&client->unanswered, &expected))
		return session_fail(session, ERROR_MALFORMED, "a frame of %zu bytes that nobody asked for", length);
	client->answered++;
	if (length != expected.size || (length > 0 && memcmp(payload, expected.data, length) != 0)) {
		char wanted[SHOWN_TEXT];
		char came[SHOWN_TEXT];

		session_fail(session, ERROR_WRONG, "reply %" PRIu64 ": expected %s, received %s", client->answered,
			     show(wanted, expected.data, expected.size), show(came, payload, length));
	}
	session->in_flight -= expected.size + 1;
	pieces_pop(&client->unanswered);
	client->unanswered_count--;
	return pieces_push(&session->replies, payload, length, 1) == -1 ? session_no_memory(session) : 0;
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
		if (take_reply(client, payload, length) == -1)
			return -1;
	if (found == -1)
		return session_note(session, &client->decoder.error);
	session->finished = client->input_ended && client->unanswered_count == 0;
	return 0;
}

static int client_receive_eof(struct session *session, struct buffer *out)
{
	struct frame_client *client = (struct frame_client *)session;

	(void)out;
	if (decoder_feed_eof(&client->decoder) == -1)
		return session_note(session, &client->decoder.error);
	if (client->unanswered_count > 0)
		return session_fail(session, ERROR_TRUNCATED, "end of input with %zu replies still to come",
				    client->unanswered_count);
	return 0;
}

const struct session_class frame_server = {
	.protocol = "frame",
	.role = ROLE_SERVER,
	.size = sizeof(struct frame_server),
	.init = server_init,
	.destroy = server_destroy,
	.receive = server_receive,
	.receive_eof = server_receive_eof,
};

const struct session_class frame_client = {
	.protocol = "frame",
	.role = ROLE_CLIENT,
	.size = sizeof(struct frame_client),
	.init = client_init,
	.destroy = client_destroy,
	.receive = client_receive,
	.receive_eof = client_receive_eof,
	.submit = client_submit,
	.submit_eof = client_submit_eof,
};
