/*
 * A conversation: one session, and everything that a server decides about one
 * connection.  No socket, no clock: now is in seconds of a monotonic clock.
 *
 * One call does a bounded amount of work, so that no client holds up the others.
 *
 * Tests hand this header to cffi too, without the lines that begin with '#'.
 * Python twin: pyside/iomodels/conversation.py.
 */
#ifndef CONVERSATION_H
#define CONVERSATION_H

#include "wire/cref.h"

struct conversation;

/*
 * Begin a conversation, with a server session that it takes over.
 * timeout: seconds of silence allowed; verbose: log coming and going too.
 * NULL: no memory, and the session is freed.
 */
struct conversation *conversation_new(struct session *session, const char *peer, double timeout, double now,
				      int verbose);
void conversation_free(struct conversation *conversation);

/* Take bytes that came from the peer, while wants_read. */
void conversation_feed(struct conversation *conversation, const uint8_t *data, size_t size, double now);

/* The peer half-closed. */
void conversation_feed_eof(struct conversation *conversation, double now);

/* The error that ended the connection, such as a reset. */
void conversation_lost(struct conversation *conversation, const struct error *error);

/* Do what is due: go on with what was received, or act on the deadline. */
void conversation_tick(struct conversation *conversation, double now);

/* What waits to be sent, and how much, valid until the next call. */
size_t conversation_to_send(const struct conversation *conversation, const uint8_t **data);

/* The kernel took the first size bytes of what waits to be sent; 0: nothing has happened. */
void conversation_sent(struct conversation *conversation, size_t size, double now);

/* The peer was told that nothing more comes. */
void conversation_half_closed(struct conversation *conversation);

/*
 * The result of the program that was wanted: its exit status and output;
 * killed: which limit it broke, for the log, or NULL.
 */
void conversation_program_done(struct conversation *conversation, int status, const uint8_t *output, size_t size,
			       double now, const char *killed);

/* End at once, whatever waits to be sent. */
void conversation_stop(struct conversation *conversation);

/* The name of the peer, for the log. */
const char *conversation_peer(const struct conversation *conversation);

/* What the I/O model waits for. */
int conversation_wants_read(const struct conversation *conversation);
int conversation_wants_write(const struct conversation *conversation);

/* There is more to do without new input: call tick soon. */
int conversation_wants_more_time(const struct conversation *conversation);

/* Call shutdown(SHUT_WR), then conversation_half_closed. */
int conversation_wants_half_close(const struct conversation *conversation);

/* 1: the name of a program to run, valid until program_done; 0: there is none. */
int conversation_wanted_program(const struct conversation *conversation, const uint8_t **name, size_t *size);

/* When tick has to be called; infinite while a program runs, or there is more to do. */
double conversation_deadline(const struct conversation *conversation);

/* Close the socket now; nothing is wanted any more. */
int conversation_over(const struct conversation *conversation);

/* The next line for people, valid until the next call; NULL: there is none. */
const char *conversation_next_log_line(struct conversation *conversation);

#endif
