/*
 * What all sessions share.
 *
 * Python twin: pyside/wire/session.py.  Read next: wire/pieces.c.
 */
#include "wire/session.h"

#include "wire/errors.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void note(struct session *session, enum error_kind kind, const char *format, va_list arguments)
	__attribute__((format(printf, 3, 0)));

struct session *session_of_class(const struct session_class *class, const struct format *format, uint64_t max_frame)
{
	struct session *session = calloc(1, class->size);

	if (session == NULL)
		return NULL;
	session->class = class;
	session->format = format;
	session->max_frame = max_frame;
	if (class->init != NULL)
		class->init(session);
	return session;
}

void session_free(struct session *session)
{
	if (session == NULL)
		return;
	if (session->class->destroy != NULL)
		session->class->destroy(session);
	pieces_free(&session->replies);
	free(session);
}

int session_start(struct session *session, struct buffer *out)
{
	return session->class->start == NULL ? 0 : session->class->start(session, out);
}

int session_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out)
{
	if (session->finished) {
		if (size > 0 && session->error.kind == ERROR_NONE)
			session_fail(session, ERROR_MALFORMED, "%zu bytes after the end of the conversation", size);
		return session->error.kind == ERROR_NONE ? 0 : -1;
	}
	if (session->class->receive(session, data, size, out) == 0)
		return 0;
	session->finished = 1;
	return -1;
}

int session_receive_eof(struct session *session, struct buffer *out)
{
	int result;

	if (session->finished)
		return session->error.kind == ERROR_NONE ? 0 : -1;
	result = session->class->receive_eof == NULL ? 0 : session->class->receive_eof(session, out);
	session->finished = 1;
	return result;
}

int session_receive_timeout(struct session *session, double seconds, struct buffer *out)
{
	if (session->finished)
		return session->error.kind == ERROR_NONE ? 0 : -1;
	session->finished = 1;
	if (session->class->receive_timeout == NULL) {
		struct error error;

		error_silence(&error, seconds);
		return session_note(session, &error);
	}
	return session->class->receive_timeout(session, seconds, out);
}

int session_pending(const struct session *session)
{
	return session->pending && !session->finished;
}

int session_wanted_program(const struct session *session, const uint8_t **name, size_t *size)
{
	if (session->finished || !session->wants_program)
		return 0;
	*name = session->program;
	*size = session->program_size;
	return 1;
}

int session_receive_result(struct session *session, int status, const uint8_t *output, size_t size, struct buffer *out)
{
	if (session->finished)
		return session->error.kind == ERROR_NONE ? 0 : -1;
	session->wants_program = 0;
	if (session->class->receive_result(session, status, output, size, out) == 0)
		return 0;
	session->finished = 1;
	return -1;
}

int session_time_limit_is_total(const struct session *session)
{
	return session->class->time_limit_is_total;
}

int session_finished(const struct session *session)
{
	return session->finished;
}

const struct error *session_error(const struct session *session)
{
	return &session->error;
}

int session_submit(struct session *session, const uint8_t *data, size_t size, int last, struct buffer *out,
		   struct error *error)
{
	return session->class->submit(session, data, size, last, out, error);
}

int session_submit_eof(struct session *session, struct buffer *out)
{
	/* An error ends it before its input. */
	return session->finished ? 0 : session->class->submit_eof(session, out);
}

int session_next_reply(struct session *session, const uint8_t **data, size_t *size, int *last)
{
	struct piece piece;

	if (session->reply_taken)
		pieces_pop(&session->replies);
	session->reply_taken = pieces_first(&session->replies, &piece);
	if (!session->reply_taken)
		return 0;
	*data = piece.data;
	*size = piece.size;
	*last = piece.last;
	return 1;
}

uint64_t session_in_flight(const struct session *session)
{
	return session->in_flight;
}

int session_half_closes(const struct session *session)
{
	return session->class->half_closes;
}

int session_retries(const struct session *session)
{
	return session->class->retries;
}

int session_note(struct session *session, const struct error *error)
{
	if (session->error.kind == ERROR_NONE)
		session->error = *error;
	return -1;
}

void session_note_wrong(struct session *session, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	note(session, ERROR_WRONG, format, arguments);
	va_end(arguments);
}

int session_fail(struct session *session, enum error_kind kind, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	note(session, kind, format, arguments);
	va_end(arguments);
	return -1;
}

int session_no_memory(struct session *session)
{
	struct error error;

	error_no_memory(&error);
	return session_note(session, &error);
}

/* The first error is kept. */
static void note(struct session *session, enum error_kind kind, const char *format, va_list arguments)
{
	if (session->error.kind != ERROR_NONE)
		return;
	session->error.kind = kind;
	vsnprintf(session->error.text, sizeof session->error.text, format, arguments);
}
