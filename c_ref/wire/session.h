/*
 * What a protocol defines: a table of verbs for each role, and the state that
 * they share.  A protocol's own struct begins with a struct session.
 *
 * Python twin: pyside/wire/session.py.
 */
#ifndef SESSION_H
#define SESSION_H

#include "wire/cref.h"
#include "wire/pieces.h"

/* A call of a verb handles at most this many, so that a flood of empty ones does not hold up other clients. */
enum { MESSAGES_PER_CALL = 1024 };

struct session_class {
	size_t size; /* of the protocol's own struct */
	int half_closes;
	int retries;
	int time_limit_is_total;
	/* Any of these may be NULL: nothing to do.  They append to out and return -1 with session->error. */
	void (*init)(struct session *session);
	void (*destroy)(struct session *session);
	int (*start)(struct session *session, struct buffer *out);
	int (*receive)(struct session *session, const uint8_t *data, size_t size, struct buffer *out);
	int (*receive_eof)(struct session *session, struct buffer *out);
	int (*receive_timeout)(struct session *session, double seconds, struct buffer *out);
	int (*receive_result)(struct session *session, int status, const uint8_t *output, size_t size,
			      struct buffer *out);
	int (*submit)(struct session *session, const uint8_t *data, size_t size, int last, struct buffer *out,
		      struct error *error);
	int (*submit_eof)(struct session *session, struct buffer *out);
};

struct session {
	const struct session_class *class;
	const struct format *format;
	uint64_t max_frame;
	int finished;
	struct error error;
	int pending;
	int wants_program;
	const uint8_t *program; /* its name, valid until receive_result */
	size_t program_size;
	uint64_t in_flight;
	struct pieces replies;
	int reply_taken;
};

/* A session of a protocol and role.  NULL: no memory. */
struct session *session_of_class(const struct session_class *class, const struct format *format, uint64_t max_frame);

/* Note a wrong answer and go on: the replies that follow are wanted too. */
void session_note_wrong(struct session *session, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Note what ends the session, and return -1 for its verb to return. */
int session_fail(struct session *session, enum error_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same with an error that is there; the first one is kept.  -1. */
int session_note(struct session *session, const struct error *error);

int session_no_memory(struct session *session);

#endif
