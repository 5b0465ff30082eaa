/*
 * libcref: framing and sessions, bytes in and bytes out, no sockets.
 *
 *      bytes from the wire                                   bytes to the wire
 *              |                                                     ^
 *              v                                                     |
 *     +------------------+   session_receive(s, data) -> out   +-----------+
 *     |    I/O model     | ----------------------------------> |  session  |
 *     | BSD calls, here  |   session_receive_eof(s) -> out     |  what it  |
 *     | and nowhere else | <---------------------------------- | all means |
 *     +------------------+   session_finished, session_error   +-----------+
 *
 * This is the only declaration of the library: C includes it, and Python hands
 * it to cffi without the lines that begin with '#'.  So constants are enums.
 *
 * Functions return 0, or -1 with an error; nothing here prints or exits.
 *
 * Python twin: pyside/wire/cref.py.  Read next: wire/errors.c.
 */
#ifndef CREF_H
#define CREF_H

#include <stddef.h>
#include <stdint.h>

enum { ERROR_TEXT_SIZE = 256 };

enum error_kind {
	ERROR_NONE,
	ERROR_WRONG,
	ERROR_UNSENDABLE,
	ERROR_TOO_LONG,
	ERROR_MALFORMED,
	ERROR_TRUNCATED,
	ERROR_TIMED_OUT,
	ERROR_UNREACHABLE,
	ERROR_RESET,
	ERROR_NO_MEMORY,
	ERROR_STOPPED
};

/* One thing that went wrong: the kind, and what was seen and what was allowed, one line of ASCII. */
struct error {
	enum error_kind kind;
	char text[ERROR_TEXT_SIZE];
};

/* The kind as one word, the first word on stderr: "truncated". */
const char *error_name(enum error_kind kind);

/* The exit status that says so. */
int error_exit_status(enum error_kind kind);

/* Bytes on their way: appended at the end, taken from the front.  All zero is an empty buffer. */
struct buffer {
	uint8_t *data;
	size_t start;
	size_t end;
	size_t capacity;
};

/* -1: no memory, and the buffer is as it was. */
int buffer_append(struct buffer *buffer, const uint8_t *data, size_t size);
int buffer_append_text(struct buffer *buffer, const char *text);
const uint8_t *buffer_front(const struct buffer *buffer);
size_t buffer_size(const struct buffer *buffer);
void buffer_consume(struct buffer *buffer, size_t size);
/* 1: *found is how far from the front a byte stands, looking from at; 0: it is not there. */
int buffer_find(const struct buffer *buffer, uint8_t byte, size_t at, size_t *found);
void buffer_free(struct buffer *buffer);

/* A way to write a length in front of a payload; see framing.c. */
struct format;

/* The names, in a fixed order, then NULL. */
const char *format_name(size_t index);

/* NULL: there is no such format. */
const struct format *format_find(const char *name);

/* -1, unsendable: the payload is over the limit or does not fit the header. */
int frame_check_sendable(const struct format *format, uint64_t length, uint64_t limit, struct error *error);

/* Append one frame to out.  -1: unsendable, no-memory. */
int frame_encode(const struct format *format, const uint8_t *payload, size_t length, uint64_t limit, struct buffer *out,
		 struct error *error);

/* Finds the frames in a stream that arrives in any pieces.  Memory is bounded by the limit and one piece. */
struct decoder {
	const struct format *format;
	uint64_t limit;
	struct buffer buffer; /* what was kept; the lent bytes follow it */
	const uint8_t *lent;
	size_t lent_size;
	size_t head_size; /* 0: the header is not complete yet */
	uint64_t length;
	size_t taken; /* bytes of the frame that was handed out last */
	struct error error;
};

void decoder_init(struct decoder *decoder, const struct format *format, uint64_t limit);
void decoder_free(struct decoder *decoder);

/* Take bytes as they came from the wire.  -1: no memory. */
int decoder_feed(struct decoder *decoder, const uint8_t *data, size_t size);

/*
 * The same without a copy: frames that are whole are looked at where they are.
 * The bytes stay the caller's, who calls decoder_keep before they go.
 */
void decoder_lend(struct decoder *decoder, const uint8_t *data, size_t size);

/* Copy what is left of the bytes that were lent.  -1: no memory. */
int decoder_keep(struct decoder *decoder);

/*
 * 1: a payload, which may be empty, valid until the next call; 0: more bytes
 * are needed; -1: decoder->error, too-long or malformed, for ever.
 */
int decoder_next(struct decoder *decoder, const uint8_t **payload, size_t *length);

/* The end of input, which is normal between frames only.  -1: decoder->error, truncated or the one before. */
int decoder_feed_eof(struct decoder *decoder);

enum role { ROLE_SERVER, ROLE_CLIENT };

/* One side of a protocol, for one connection. */
struct session;

/* The names, in a fixed order, then NULL. */
const char *protocol_name(size_t index);

/* NULL: no memory, or no such protocol or format; ask protocol_name and format_find before. */
struct session *session_new(const char *protocol, enum role role, const char *format, uint64_t max_frame);
void session_free(struct session *session);

/* What this side says before it hears anything. */
int session_start(struct session *session, struct buffer *out);

/*
 * Bytes from the peer, in any pieces.  The bytes to send are appended to out,
 * also when it returns -1: what was complete before the error is answered.
 */
int session_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out);

/* The peer half-closed. */
int session_receive_eof(struct session *session, struct buffer *out);

/* The time limit is over. */
int session_receive_timeout(struct session *session, double seconds, struct buffer *out);

/* There are messages in what was received already: call session_receive again, without new bytes. */
int session_pending(const struct session *session);

/*
 * 1: the name of a program that the I/O model has to run now, valid until
 * session_receive_result, before which session_receive is not called; 0: there
 * is none.
 */
int session_wanted_program(const struct session *session, const uint8_t **name, size_t *size);

/* What that program has answered: its exit status and its output. */
int session_receive_result(struct session *session, int status, const uint8_t *output, size_t size, struct buffer *out);

/* The time limit runs from the beginning and does not start anew whenever bytes move. */
int session_time_limit_is_total(const struct session *session);

/* Nothing more will be sent or understood: the I/O model may close. */
int session_finished(const struct session *session);

/* The first error, or one of kind ERROR_NONE. */
const struct error *session_error(const struct session *session);

/*
 * The rest is for client sessions.  Messages and replies come as pieces, so
 * that a message of any size passes through a memory of fixed size; last says
 * whether the message ends with this piece.
 */

/* -1, unsendable: the session is not over, earlier messages may still be answered. */
int session_submit(struct session *session, const uint8_t *data, size_t size, int last, struct buffer *out,
		   struct error *error);

/* There are no more messages. */
int session_submit_eof(struct session *session, struct buffer *out);

/* 1: a piece of a reply, valid until the next call of this or of receive; 0: none is there. */
int session_next_reply(struct session *session, const uint8_t **data, size_t *size, int *last);

/* How many bytes were sent and are not answered, and one for each reply owed: an empty one is owed too. */
uint64_t session_in_flight(const struct session *session);

/* The peer answers only after it has seen the end of input. */
int session_half_closes(const struct session *session);

/* A wrong answer is worth another connection. */
int session_retries(const struct session *session);

#endif
