/*
 * Lines in a stream that arrives in any pieces; the sibling of the decoder in
 * framing.c.  Memory is bounded by the limits given, and the longest piece fed.
 *
 * Python twin: pyside/wire/lines.py.  Read next: wire/session.c.
 */
#include "wire/lines.h"

#include <inttypes.h>
#include <string.h>

enum { NUMBER_DIGITS = 20 };

static void forget_taken(struct line_reader *reader);
static int over_limit(const uint8_t *digits, size_t size, uint64_t limit, uint64_t *number);

void line_reader_free(struct line_reader *reader)
{
	buffer_free(&reader->buffer);
}

int line_reader_feed(struct line_reader *reader, struct session *session, const uint8_t *data, size_t size)
{
	forget_taken(reader);
	return buffer_append(&reader->buffer, data, size) == -1 ? session_no_memory(session) : 0;
}

int line_reader_next(struct line_reader *reader, struct session *session, uint64_t limit, const uint8_t **line,
		     size_t *size)
{
	size_t end;
	int complete;

	forget_taken(reader);
	complete = buffer_find(&reader->buffer, '\n', reader->scanned, &end);
	if (!complete)
		end = reader->scanned = buffer_size(&reader->buffer);
	if (end > limit)
		return session_fail(session, ERROR_TOO_LONG, "line of more than %" PRIu64 " bytes", limit);
	if (!complete)
		return 0;
	*line = buffer_front(&reader->buffer);
	*size = end;
	reader->taken = end + 1;
	return 1;
}

int line_reader_next_number(struct line_reader *reader, struct session *session, uint64_t limit, uint64_t *number)
{
	const uint8_t *line;
	size_t size;
	size_t zeros = 0;
	int found = line_reader_next(reader, session, NUMBER_DIGITS, &line, &size);

	if (found != 1)
		return found;
	for (size_t i = 0; i < size; i++)
		if (line[i] < '0' || line[i] > '9')
			size = 0;
	if (size == 0)
		return session_fail(session, ERROR_MALFORMED, "a size is expected, in decimal digits");
	while (zeros + 1 < size && line[zeros] == '0')
		zeros++;
	if (over_limit(line + zeros, size - zeros, limit, number))
		return session_fail(session, ERROR_TOO_LONG, "reply of %.*s bytes, the limit is %" PRIu64,
				    (int)(size - zeros), (const char *)line + zeros, limit);
	return 1;
}

int line_reader_next_bytes(struct line_reader *reader, uint64_t size, const uint8_t **data)
{
	forget_taken(reader);
	if (buffer_size(&reader->buffer) < size)
		return 0;
	*data = buffer_front(&reader->buffer);
	reader->taken = (size_t)size;
	return 1;
}

int line_reader_next_word(struct line_reader *reader, struct session *session, const char *word)
{
	size_t length = strlen(word);
	size_t have;

	forget_taken(reader);
	have = buffer_size(&reader->buffer);
	if (have > length)
		have = length;
	if (have > 0 && memcmp(buffer_front(&reader->buffer), word, have) != 0)
		return session_fail(session, ERROR_MALFORMED, "%.*s is expected", (int)strcspn(word, "\n"), word);
	if (have < length)
		return 0;
	reader->taken = length;
	return 1;
}

int line_reader_check_nothing_left(struct line_reader *reader, struct session *session)
{
	size_t left;

	forget_taken(reader);
	left = buffer_size(&reader->buffer);
	if (left > 0)
		return session_fail(session, ERROR_TRUNCATED, "end of input inside a line: %zu bytes", left);
	return 0;
}

static void forget_taken(struct line_reader *reader)
{
	if (reader->taken > 0)
		reader->scanned = 0;
	buffer_consume(&reader->buffer, reader->taken);
	reader->taken = 0;
}

/* Digits are compared as digits: 20 of them may be more than 64 bits hold. */
static int over_limit(const uint8_t *digits, size_t size, uint64_t limit, uint64_t *number)
{
	*number = 0;
	for (size_t i = 0; i < size; i++) {
		unsigned digit = digits[i] - (unsigned)'0';

		if (*number > (limit - (digit > limit ? limit : digit)) / 10)
			return 1;
		*number = *number * 10 + digit;
	}
	return *number > limit;
}
