/*
 * Lines in a stream that arrives in any pieces; the sibling of the decoder.
 * All zero is a reader that was fed nothing.  Python twin: pyside/wire/lines.py.
 */
#ifndef LINES_H
#define LINES_H

#include "wire/session.h"

struct line_reader {
	struct buffer buffer;
	size_t scanned; /* no newline before this */
	size_t taken;   /* bytes of what was handed out last */
};

void line_reader_free(struct line_reader *reader);

/* Take bytes as they came from the wire.  -1: no memory, noted in the session, as is any error below. */
int line_reader_feed(struct line_reader *reader, struct session *session, const uint8_t *data, size_t size);

/* 1: a line without its newline, valid until the next call; 0: it is incomplete; -1: too-long. */
int line_reader_next(struct line_reader *reader, struct session *session, uint64_t limit, const uint8_t **line,
		     size_t *size);

/* 1: a line of decimal digits, as a number; 0: it is incomplete; -1: malformed; too-long when over
 * the limit, or with more digits than any. */
int line_reader_next_number(struct line_reader *reader, struct session *session, uint64_t limit, uint64_t *number);

/* 1: exactly size bytes, valid until the next call; 0: they are incomplete. */
int line_reader_next_bytes(struct line_reader *reader, uint64_t size, const uint8_t **data);

/* 1: a certain line was there and is taken; 0: it is incomplete; -1: malformed, as soon as anything else is there. */
int line_reader_next_word(struct line_reader *reader, struct session *session, const char *word);

/* The end of input.  -1: truncated, when something is left. */
int line_reader_check_nothing_left(struct line_reader *reader, struct session *session);

#endif
