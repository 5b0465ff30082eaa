/*
 * echo: every byte comes back (RFC 862).
 *
 *     client                          server
 *       | -- any bytes ----------------> |
 *       | <-- the same bytes ----------- |     in pieces of any size
 *       | -- FIN ----------------------> |
 *       | <-- FIN ---------------------- |
 *
 * The wire has no messages.  The client knows where its own messages end, so
 * it can cut the answer at the same places.
 *
 * Python twin: pyside/protocols/echo.py.  Read next: protocols/upper.c.
 */
#include "protocols/echo.h"

#include "wire/errors.h"

#include <inttypes.h>
#include <string.h>

static int server_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out);
static int client_submit(struct session *session, const uint8_t *data, size_t size, int last, struct buffer *out,
			 struct error *error);
static int settle(struct echo_client *client, const uint8_t *data, size_t size, size_t *rest);
static void compare(struct echo_client *client, const uint8_t *sent, const uint8_t *came, size_t size);

const struct session_class echo_server = {
	.size = sizeof(struct session),
	.receive = server_receive,
};

const struct session_class echo_client = {
	.size = sizeof(struct echo_client),
	.destroy = echo_client_destroy,
	.receive = echo_client_receive,
	.receive_eof = echo_client_receive_eof,
	.submit = client_submit,
	.submit_eof = echo_client_submit_eof,
};

int echo_client_send(struct echo_client *client, const uint8_t *data, const uint8_t *expected, size_t size, int last,
		     struct buffer *out, struct error *error)
{
	size_t rest;

	client->session.in_flight += size;
	if (pieces_push(&client->unanswered, expected, size, last) == -1 || buffer_append(out, data, size) == -1 ||
	    settle(client, NULL, 0, &rest) == -1)
		return error_no_memory(error);
	return 0;
}

int echo_client_submit_eof(struct session *session, struct buffer *out)
{
	struct echo_client *client = (struct echo_client *)session;
	size_t rest;

	(void)out;
	client->input_ended = 1;
	return settle(client, NULL, 0, &rest);
}

int echo_client_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out)
{
	size_t rest;

	(void)out;
	if (settle((struct echo_client *)session, data, size, &rest) == -1)
		return -1;
	if (rest > 0)
		return session_fail(session, ERROR_MALFORMED, "reply has %zu bytes more than were sent", rest);
	return 0;
}

int echo_client_receive_eof(struct session *session, struct buffer *out)
{
	(void)out;
	if (session->in_flight > 0)
		return session_fail(session, ERROR_TRUNCATED, "end of input with %" PRIu64 " bytes still to be echoed",
				    session->in_flight);
	return 0;
}

void echo_client_destroy(struct session *session)
{
	pieces_free(&((struct echo_client *)session)->unanswered);
}

static int server_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out)
{
	return buffer_append(out, data, size) == -1 ? session_no_memory(session) : 0;
}

static int client_submit(struct session *session, const uint8_t *data, size_t size, int last, struct buffer *out,
			 struct error *error)
{
	return echo_client_send((struct echo_client *)session, data, data, size, last, out, error);
}

/* Match what came back with what was sent; *rest is how much was never sent.  -1: no memory. */
static int settle(struct echo_client *client, const uint8_t *data, size_t size, size_t *rest)
{
	struct session *session = &client->session;
	struct piece sent;

	while (pieces_first(&client->unanswered, &sent)) {
		size_t came = size < sent.size ? size : sent.size;
		int whole = came == sent.size;

		if (sent.size > 0 && came == 0)
			break;
		compare(client, sent.data, data, came);
		if (pieces_push(&session->replies, data, came, whole && sent.last) == -1)
			return session_no_memory(session);
		if (whole)
			pieces_pop(&client->unanswered);
		else
			pieces_shorten(&client->unanswered, came);
		session->in_flight -= came;
		if (came > 0)
			data += came;
		size -= came;
	}
	if (client->input_ended && !pieces_first(&client->unanswered, &sent))
		session->finished = 1;
	*rest = size;
	return 0;
}

static void compare(struct echo_client *client, const uint8_t *sent, const uint8_t *came, size_t size)
{
	if (size > 0 && memcmp(sent, came, size) != 0) {
		size_t offset = 0;

		while (sent[offset] == came[offset])
			offset++;
		session_note_wrong(&client->session, "byte %" PRIu64 " of the stream: expected %02x, received %02x",
				   client->answered + offset, sent[offset], came[offset]);
	}
	client->answered += size;
}
