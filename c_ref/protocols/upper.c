/*
 * upper: every byte comes back, a to z as A to Z, all other bytes untouched.
 *
 *     client                          server
 *       | -- "stra\xc3\x9fe" ----------> |
 *       | <-- "STRA\xc3\x9fE" ---------- |     UTF-8, which neither side needs to know
 *
 * Bytes, not text: toupper() asks the locale, and in some Latin-1 ones it would
 * change bytes that are half of a character here.
 *
 * Python twin: pyside/protocols/upper.py.  Read next: protocols/frame.c.
 */
#include "protocols/upper.h"

#include "protocols/echo.h"
#include "wire/errors.h"

static int server_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out);
static int client_submit(struct session *session, const uint8_t *data, size_t size, int last, struct buffer *out,
			 struct error *error);

const struct session_class upper_server = {
	.size = sizeof(struct session),
	.receive = server_receive,
};

const struct session_class upper_client = {
	.size = sizeof(struct echo_client),
	.destroy = echo_client_destroy,
	.receive = echo_client_receive,
	.receive_eof = echo_client_receive_eof,
	.submit = client_submit,
	.submit_eof = echo_client_submit_eof,
};

int upper_append(struct buffer *out, const uint8_t *data, size_t size)
{
	size_t before = buffer_size(out);

	if (buffer_append(out, data, size) == -1)
		return -1;
	/* An index, because an empty buffer has no data, and C11 does not define NULL + 0: 6.5.6p8. */
	for (size_t at = out->start + before; at < out->end; at++)
		if (out->data[at] >= 'a' && out->data[at] <= 'z')
			out->data[at] = (uint8_t)(out->data[at] - 'a' + 'A');
	return 0;
}

static int server_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out)
{
	return upper_append(out, data, size) == -1 ? session_no_memory(session) : 0;
}

static int client_submit(struct session *session, const uint8_t *data, size_t size, int last, struct buffer *out,
			 struct error *error)
{
	struct buffer expected = {0};
	int result = upper_append(&expected, data, size) == -1 ? error_no_memory(error) : 0;

	if (result == 0)
		result = echo_client_send((struct echo_client *)session, data, buffer_front(&expected), size, last, out,
					  error);
	buffer_free(&expected);
	return result;
}
