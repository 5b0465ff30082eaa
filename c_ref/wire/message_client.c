/*
 * What the clients of request and reply share: whole messages, and replies in
 * their order.
 *
 * Python twin: pyside/wire/message_client.py.  Read next: protocols/table.c.
 */
#include "wire/message_client.h"

#include "wire/errors.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN = 16, SHOWN_TEXT = 64 + 2 * SHOWN };

static int check_sendable(const struct message_client *client, uint64_t length, struct error *error);
static int expect(struct message_client *client, const uint8_t *reply, size_t size, int known, struct error *error);
static size_t where_to_look(const struct piece *expected, const uint8_t *reply, size_t size);
static const char *show(char text[SHOWN_TEXT], const uint8_t *payload, size_t length, size_t begin);

int message_client_submit(struct session *session, const uint8_t *data, size_t size, int last, struct buffer *out,
			  struct error *error)
{
	struct message_client *client = (struct message_client *)session;
	int result;

	if (check_sendable(client, buffer_size(&client->message) + size, error) == -1)
		return -1;
	if (buffer_append(&client->message, data, size) == -1)
		return error_no_memory(error);
	if (!last)
		return 0;
	size = buffer_size(&client->message);
	result = client->ask(client, buffer_front(&client->message), size, out, error);
	buffer_consume(&client->message, size);
	return result;
}

int message_client_submit_eof(struct session *session, struct buffer *out)
{
	struct message_client *client = (struct message_client *)session;

	(void)out;
	client->input_ended = 1;
	message_client_settle(client);
	return 0;
}

void message_client_free(struct message_client *client)
{
	buffer_free(&client->message);
	pieces_free(&client->unanswered);
	pieces_free(&client->waiting);
}

int message_client_expect(struct message_client *client, const uint8_t *reply, size_t size, struct error *error)
{
	return expect(client, reply, size, 1, error);
}

int message_client_expect_anything(struct message_client *client, struct error *error)
{
	return expect(client, NULL, 0, 0, error);
}

int message_client_in_turn(struct message_client *client, int ready, const uint8_t *request, size_t size,
			   struct buffer *out, struct error *error)
{
	int result = ready && client->unanswered_count == 1 ? buffer_append(out, request, size)
							    : pieces_push(&client->waiting, request, size, 1);

	return result == -1 ? error_no_memory(error) : 0;
}

int message_client_next_in_turn(struct message_client *client, struct buffer *out)
{
	struct piece next;
	int result;

	if (!pieces_first(&client->waiting, &next))
		return 0;
	result = buffer_append(out, next.data, next.size);
	pieces_pop(&client->waiting);
	return result == -1 ? session_no_memory(&client->session) : 0;
}

int message_client_take_reply(struct message_client *client, const uint8_t *reply, size_t size)
{
	struct session *session = &client->session;
	struct piece expected;

	if (!pieces_first(&client->unanswered, &expected))
		return session_fail(session, ERROR_MALFORMED, "a reply of %zu bytes that nobody asked for", size);
	client->answered++;
	if (expected.last && (size != expected.size || (size > 0 && memcmp(reply, expected.data, size) != 0))) {
		size_t begin = where_to_look(&expected, reply, size);
		char wanted[SHOWN_TEXT];
		char came[SHOWN_TEXT];

		session_note_wrong(session, "reply %" PRIu64 ": expected %s, received %s", client->answered,
				   show(wanted, expected.data, expected.size, begin), show(came, reply, size, begin));
	}
	session->in_flight -= expected.size + 1;
	pieces_pop(&client->unanswered);
	client->unanswered_count--;
	return pieces_push(&session->replies, reply, size, 1) == -1 ? session_no_memory(session) : 0;
}

void message_client_settle(struct message_client *client)
{
	client->session.finished = client->input_ended && client->unanswered_count == 0;
}

int message_client_check_nothing_owed(struct message_client *client)
{
	if (client->unanswered_count > 0)
		return session_fail(&client->session, ERROR_TRUNCATED, "end of input with %zu replies still to come",
				    client->unanswered_count);
	return 0;
}

static int check_sendable(const struct message_client *client, uint64_t length, struct error *error)
{
	uint64_t limit = client->session.max_frame;

	if (client->check_sendable != NULL)
		return client->check_sendable(client, length, error);
	if (length > limit)
		return error_set(error, ERROR_UNSENDABLE,
				 "message of at least %" PRIu64 " bytes, the limit is %" PRIu64, length, limit);
	return 0;
}

/* A reply that can be anything is, in the queue of those expected, a piece without its last part. */
static int expect(struct message_client *client, const uint8_t *reply, size_t size, int known, struct error *error)
{
	if (pieces_push(&client->unanswered, reply, size, known) == -1)
		return error_no_memory(error);
	client->unanswered_count++;
	client->session.in_flight += size + 1;
	return 0;
}

/* From where on to show two payloads: the beginning, or a little before the first byte that differs. */
static size_t where_to_look(const struct piece *expected, const uint8_t *reply, size_t size)
{
	size_t same = 0;

	while (same < size && same < expected->size && reply[same] == expected->data[same])
		same++;
	return same < SHOWN ? 0 : same - SHOWN / 2;
}

/* Describe a payload in a few words: its length, and some bytes. */
static const char *show(char text[SHOWN_TEXT], const uint8_t *payload, size_t length, size_t begin)
{
	int used = snprintf(text, SHOWN_TEXT, "%zu bytes %s", length, begin > 0 ? "..." : "");

	for (size_t i = begin; i < length && i < begin + SHOWN; i++)
		used += snprintf(text + used, SHOWN_TEXT - (size_t)used, "%02x", payload[i]);
	if (length > begin + SHOWN)
		snprintf(text + used, SHOWN_TEXT - (size_t)used, "...");
	return text;
}
