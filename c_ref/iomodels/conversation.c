/*
 * A conversation: one session, and everything that a server decides about one
 * connection.  No socket, no clock.
 *
 *      socket        I/O model                        conversation             session
 *     +------+ recv +----------+ feed(data, now)    +---------------+ receive +-------+
 *     |kernel| ---> |iterative | -----------------> | idle timeout  | ------> | echo, |
 *     |      | <--- | epoll .. | <----------------- | back pressure | <------ | frame,|
 *     +------+ send +----------+ to_send(), sent(n) | linger, log   |  reply  | ...   |
 *                                deadline, tick()   +---------------+         +-------+
 *
 *                +---------+  session finished,   +-----------+  EOF, or
 *      accept -> | talking |  all sent            | lingering |  the deadline
 *                +---------+ -------------------> +-----------+ -------------> over
 *                     |        EOF was seen                                     ^
 *                     +---------------------------------------------------------+
 *                       or the connection is lost, or its peer takes nothing
 *
 * Back pressure: while much waits to be sent, nothing is read, so a client that
 * does not read its replies is not read from either, and memory stays bounded.
 *
 * Lingering: a close with unread input makes the kernel send RST instead of
 * FIN, and a RST destroys what the peer has not read yet.  So the conversation
 * asks for a half-close, and lets the peer's bytes be read and dropped until
 * its EOF.
 *
 * Time is an argument, so a test of a time limit needs no waiting.
 *
 * Python twin: pyside/iomodels/conversation.py.  Read next: iomodels/log.c.
 */
#include "iomodels/conversation.h"

#include "net/timers.h"
#include "wire/errors.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* While this many bytes wait to be sent, nothing is read. */
enum { OUTPUT_MARK = 64 * 1024 };

static const double linger_seconds = 2.0;

struct conversation {
	struct session *session;
	char *peer;
	double timeout;
	double limit;
	double deadline;
	struct buffer out;
	struct buffer log; /* lines, each with its NUL */
	size_t log_taken;  /* bytes of the line that was handed out last */
	int verbose;
	int saw_eof;
	int lingering;
	int logged;
	int over;
	int wants_read;
	int wants_write;
	int wants_more_time;
	int wants_program;
	int wants_half_close;
};

static void expire(struct conversation *conversation, double now);
static void settle(struct conversation *conversation, double now, int progress);
static void settle_the_end(struct conversation *conversation, double now);
static int wants_program(const struct conversation *conversation);
static void log_error(struct conversation *conversation, const struct error *error);
static void note(struct conversation *conversation, const char *event);
static void log_line(struct conversation *conversation, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct conversation *conversation_new(struct session *session, const char *peer, double timeout, double now,
				      int verbose)
{
	struct conversation *conversation = calloc(1, sizeof *conversation);

	if (conversation == NULL) {
		session_free(session);
		return NULL;
	}
	*conversation = (struct conversation){
		.session = session,
		.peer = strdup(peer),
		.timeout = timeout,
		.limit = now + timeout,
		.verbose = verbose,
	};
	if (conversation->peer == NULL || session_start(session, &conversation->out) == -1) {
		conversation_free(conversation);
		return NULL;
	}
	note(conversation, "connected");
	settle(conversation, now, 0);
	return conversation;
}

void conversation_free(struct conversation *conversation)
{
	if (conversation == NULL)
		return;
	session_free(conversation->session);
	buffer_free(&conversation->out);
	buffer_free(&conversation->log);
	free(conversation->peer);
	free(conversation);
}

void conversation_feed(struct conversation *conversation, const uint8_t *data, size_t size, double now)
{
	if (conversation->lingering)
		return;
	session_receive(conversation->session, data, size, &conversation->out);
	settle(conversation, now, 1);
}

void conversation_feed_eof(struct conversation *conversation, double now)
{
	conversation->saw_eof = 1;
	settle(conversation, now, !conversation->lingering);
}

void conversation_lost(struct conversation *conversation, const struct error *error)
{
	log_error(conversation, error);
	conversation_stop(conversation);
}

void conversation_tick(struct conversation *conversation, double now)
{
	if (conversation->wants_more_time) {
		session_receive(conversation->session, NULL, 0, &conversation->out);
		settle(conversation, now, 0);
	} else if (now >= conversation->deadline) {
		expire(conversation, now);
	}
}

size_t conversation_to_send(const struct conversation *conversation, const uint8_t **data)
{
	*data = buffer_front(&conversation->out);
	return buffer_size(&conversation->out);
}

void conversation_sent(struct conversation *conversation, size_t size, double now)
{
	if (size == 0)
		return;
	buffer_consume(&conversation->out, size);
	settle(conversation, now, 1);
}

void conversation_half_closed(struct conversation *conversation)
{
	conversation->wants_half_close = 0;
}

void conversation_program_done(struct conversation *conversation, int status, const uint8_t *output, size_t size,
			       double now, const char *killed)
{
	struct session *session = conversation->session;
	const uint8_t *name;
	size_t name_size;

	if (killed != NULL && session_wanted_program(session, &name, &name_size))
		log_line(conversation, "%s: killed %.*s: %s", conversation->peer, (int)name_size, (const char *)name,
			 killed);
	session_receive_result(session, status, output, size, &conversation->out);
	settle(conversation, now, 1);
}

void conversation_stop(struct conversation *conversation)
{
	if (conversation->over)
		return;
	conversation->over = 1;
	conversation->wants_read = conversation->wants_write = conversation->wants_more_time = 0;
	conversation->wants_program = conversation->wants_half_close = 0;
	conversation->deadline = NEVER;
	note(conversation, "closed");
}

const char *conversation_peer(const struct conversation *conversation)
{
	return conversation->peer;
}

int conversation_wants_read(const struct conversation *conversation)
{
	return conversation->wants_read;
}

int conversation_wants_write(const struct conversation *conversation)
{
	return conversation->wants_write;
}

int conversation_wants_more_time(const struct conversation *conversation)
{
	return conversation->wants_more_time;
}

int conversation_wants_half_close(const struct conversation *conversation)
{
	return conversation->wants_half_close;
}

int conversation_wanted_program(const struct conversation *conversation, const uint8_t **name, size_t *size)
{
	return conversation->wants_program && session_wanted_program(conversation->session, name, size);
}

double conversation_deadline(const struct conversation *conversation)
{
	return conversation->deadline;
}

int conversation_over(const struct conversation *conversation)
{
	return conversation->over;
}

const char *conversation_next_log_line(struct conversation *conversation)
{
	const char *line;

	buffer_consume(&conversation->log, conversation->log_taken);
	conversation->log_taken = 0;
	if (buffer_size(&conversation->log) == 0)
		return NULL;
	line = (const char *)buffer_front(&conversation->log);
	conversation->log_taken = strlen(line) + 1;
	return line;
}

static void expire(struct conversation *conversation, double now)
{
	if (conversation->lingering) {
		conversation_stop(conversation);
	} else if (buffer_size(&conversation->out) > 0) {
		struct error error;

		error_silence(&error, conversation->timeout);
		conversation_lost(conversation, &error);
	} else {
		session_receive_timeout(conversation->session, conversation->timeout, &conversation->out);
		settle(conversation, now, 1);
	}
}

/*
 * Decide what comes next; the end of every verb.  progress: bytes have moved,
 * or the session has answered, so the idle timeout begins anew.
 */
static void settle(struct conversation *conversation, double now, int progress)
{
	struct session *session = conversation->session;
	int pending = session_pending(session);
	int program = wants_program(conversation);
	size_t waiting;
	int has_room;

	if (progress && (session_finished(session) || !session_time_limit_is_total(session)))
		conversation->limit = now + conversation->timeout;
	if (conversation->saw_eof && !session_finished(session) && !pending && !program)
		session_receive_eof(session, &conversation->out);
	log_error(conversation, session_error(session));
	if (session_finished(session)) {
		settle_the_end(conversation, now);
		return;
	}
	waiting = buffer_size(&conversation->out);
	has_room = waiting < OUTPUT_MARK;
	conversation->wants_program = has_room && program;
	conversation->wants_more_time = has_room && pending;
	conversation->wants_write = waiting > 0;
	conversation->wants_read = has_room && !program && !pending && !conversation->saw_eof;
	conversation->deadline =
		conversation->wants_more_time || conversation->wants_program ? NEVER : conversation->limit;
}

/* Decide what comes next when the session is finished: all that waits is sent, then the peer's EOF awaited. */
static void settle_the_end(struct conversation *conversation, double now)
{
	conversation->wants_program = conversation->wants_more_time = 0;
	conversation->wants_write = buffer_size(&conversation->out) > 0;
	if (!conversation->wants_write && conversation->saw_eof) {
		conversation_stop(conversation);
		return;
	}
	if (!conversation->wants_write && !conversation->lingering) {
		conversation->lingering = conversation->wants_half_close = 1;
		conversation->limit =
			now + (conversation->timeout < linger_seconds ? conversation->timeout : linger_seconds);
	}
	conversation->wants_read = conversation->lingering;
	conversation->deadline = conversation->limit;
}

static int wants_program(const struct conversation *conversation)
{
	const uint8_t *name;
	size_t size;

	return session_wanted_program(conversation->session, &name, &size);
}

/* Log the first error, when it is known; what comes while lingering changes nothing. */
static void log_error(struct conversation *conversation, const struct error *error)
{
	if (error->kind == ERROR_NONE || conversation->logged || conversation->lingering)
		return;
	conversation->logged = 1;
	log_line(conversation, "%s: %s: %s", conversation->peer, error_name(error->kind), error->text);
}

static void note(struct conversation *conversation, const char *event)
{
	if (conversation->verbose)
		log_line(conversation, "%s: %s", conversation->peer, event);
}

/* A line for which there is no memory is lost, and the conversation goes on. */
static void log_line(struct conversation *conversation, const char *format, ...)
{
	va_list arguments;
	int length;
	char *line;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	line = malloc((size_t)length + 1);
	if (line == NULL)
		return;
	va_start(arguments, format);
	vsnprintf(line, (size_t)length + 1, format, arguments);
	va_end(arguments);
	buffer_append(&conversation->log, (const uint8_t *)line, (size_t)length + 1);
	free(line);
}
