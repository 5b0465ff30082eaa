/*
 * count: the end of input is the end of the message; the answer is how much came.
 *
 *     client                          server
 *       | -- any bytes ----------------> |
 *       | -- FIN ----------------------> |     shutdown(SHUT_WR): "that was all"
 *       | <-- "5\n" -------------------- |     bytes received, ASCII decimal
 *       | <-- FIN ---------------------- |
 *
 * A half-closed connection still carries the other direction.  The client
 * compares the number with its own; it is the only protocol here in which a
 * wrong answer is worth another connection.
 *
 * Python twin: pyside/protocols/count.py.  Read next: protocols/sizeok.c.
 */
#include "wire/errors.h"
#include "wire/session.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MAX_DIGITS = 20 };

struct count_server {
	struct session session;
	uint64_t count;
};

struct count_client {
	struct session session;
	uint64_t sent;
	int input_ended;
	char digits[MAX_DIGITS + 1];
	size_t digit_count;
};

static int server_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out);
static int server_receive_eof(struct session *session, struct buffer *out);
static int client_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out);
static int take_answer(struct count_client *client);
static int digits_equal(const char *digits, uint64_t number);
static int client_receive_eof(struct session *session, struct buffer *out);
static int client_submit(struct session *session, const uint8_t *data, size_t size, int last, struct buffer *out,
			 struct error *error);
static int client_submit_eof(struct session *session, struct buffer *out);

const struct session_class count_server = {
	.size = sizeof(struct count_server),
	.receive = server_receive,
	.receive_eof = server_receive_eof,
};

const struct session_class count_client = {
	.size = sizeof(struct count_client),
	.half_closes = 1,
	.retries = 1,
	.receive = client_receive,
	.receive_eof = client_receive_eof,
	.submit = client_submit,
	.submit_eof = client_submit_eof,
};

static int server_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out)
{
	(void)data;
	(void)out;
	((struct count_server *)session)->count += size;
	return 0;
}

static int server_receive_eof(struct session *session, struct buffer *out)
{
	char answer[MAX_DIGITS + 2];
	int size = snprintf(answer, sizeof answer, "%" PRIu64 "\n", ((struct count_server *)session)->count);

	return buffer_append(out, (const uint8_t *)answer, (size_t)size) == -1 ? session_no_memory(session) : 0;
}

static int client_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out)
{
	struct count_client *client = (struct count_client *)session;

	(void)out;
	for (size_t i = 0; i < size; i++) {
		if (data[i] == '\n' && client->digit_count > 0) {
			if (take_answer(client) == -1)
				return -1;
			if (i + 1 < size)
				return session_fail(session, ERROR_MALFORMED, "%zu bytes after the answer",
						    size - i - 1);
			return 0;
		}
		if (data[i] < '0' || data[i] > '9')
			return session_fail(session, ERROR_MALFORMED, "answer has byte %02x where a digit is expected",
					    data[i]);
		if (client->digit_count == MAX_DIGITS)
			return session_fail(session, ERROR_MALFORMED, "answer has more than %d digits", MAX_DIGITS);
		client->digits[client->digit_count++] = (char)data[i];
	}
	return 0;
}

static int take_answer(struct count_client *client)
{
	struct session *session = &client->session;

	if (pieces_push(&session->replies, (const uint8_t *)client->digits, client->digit_count, 1) == -1)
		return session_no_memory(session);
	session->finished = 1;
	if (!client->input_ended)
		session_note_wrong(session, "the server counted %s bytes before the end of input", client->digits);
	else if (!digits_equal(client->digits, client->sent))
		session_note_wrong(session, "sent %" PRIu64 " bytes, the server counted %s", client->sent,
				   client->digits);
	return 0;
}

/* Whether the digits, with or without zeros in front, are the number. */
static int digits_equal(const char *digits, uint64_t number)
{
	char expected[MAX_DIGITS + 1];

	snprintf(expected, sizeof expected, "%" PRIu64, number);
	while (digits[0] == '0' && digits[1] != '\0')
		digits++;
	return strcmp(digits, expected) == 0;
}

static int client_receive_eof(struct session *session, struct buffer *out)
{
	struct count_client *client = (struct count_client *)session;

	(void)out;
	if (client->digit_count == 0)
		return session_fail(session, ERROR_TRUNCATED, "end of input before the answer");
	return take_answer(client);
}

static int client_submit(struct session *session, const uint8_t *data, size_t size, int last, struct buffer *out,
			 struct error *error)
{
	(void)last;
	if (buffer_append(out, data, size) == -1)
		return error_no_memory(error);
	((struct count_client *)session)->sent += size;
	return 0;
}

static int client_submit_eof(struct session *session, struct buffer *out)
{
	(void)out;
	((struct count_client *)session)->input_ended = 1;
	return 0;
}
