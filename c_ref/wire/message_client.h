/*
 * What the clients of request and reply share: whole messages, and replies in
 * their order.  A protocol's struct begins with a struct message_client.
 * Python twin: pyside/wire/message_client.py.
 */
#ifndef MESSAGE_CLIENT_H
#define MESSAGE_CLIENT_H

#include "wire/session.h"

struct message_client {
	struct session session;
	/* Append the bytes that ask for a reply, after a call of message_client_expect.  -1: *error. */
	int (*ask)(struct message_client *client, const uint8_t *message, size_t size, struct buffer *out,
		   struct error *error);
	/* May be NULL: then only the limit counts.  -1: unsendable. */
	int (*check_sendable)(const struct message_client *client, uint64_t length, struct error *error);
	struct buffer message;
	struct pieces unanswered;
	size_t unanswered_count;
	struct pieces waiting; /* requests, until those before are answered */
	uint64_t answered;
	int input_ended;
};

/* The verbs submit and submit_eof of a session_class: session_submit, session_submit_eof. */
int message_client_submit(struct session *session, const uint8_t *data, size_t size, int last, struct buffer *out,
			  struct error *error);
int message_client_submit_eof(struct session *session, struct buffer *out);
void message_client_free(struct message_client *client);

/* Note what the next reply has to be.  -1: no memory. */
int message_client_expect(struct message_client *client, const uint8_t *reply, size_t size, struct error *error);

/* Note that the next reply may be anything.  -1: no memory. */
int message_client_expect_anything(struct message_client *client, struct error *error);

/*
 * Append a request that was expected just now, or keep it until those before
 * are answered, or the client is ready.  -1: no memory.
 */
int message_client_in_turn(struct message_client *client, int ready, const uint8_t *request, size_t size,
			   struct buffer *out, struct error *error);

/* Append the request that has waited longest, if any; to be called after each reply.  -1: no memory. */
int message_client_next_in_turn(struct message_client *client, struct buffer *out);

/* Compare a reply with what it has to be, and hand it on.  -1: it was not asked for. */
int message_client_take_reply(struct message_client *client, const uint8_t *reply, size_t size);

/* The session is over when the input is and nothing is owed. */
void message_client_settle(struct message_client *client);

/* The end of input.  -1: truncated, when replies are owed. */
int message_client_check_nothing_owed(struct message_client *client);

#endif
