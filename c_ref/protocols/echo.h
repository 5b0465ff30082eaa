/* A client whose answer is as long as what it sent: echo, and upper which changes some bytes. */
#ifndef ECHO_H
#define ECHO_H

#include "wire/session.h"

struct echo_client {
	struct session session;
	struct pieces unanswered;
	uint64_t answered;
	int input_ended;
};

/* Send bytes and note what has to come back.  -1: no memory. */
int echo_client_send(struct echo_client *client, const uint8_t *data, const uint8_t *expected, size_t size, int last,
		     struct buffer *out, struct error *error);

int echo_client_submit_eof(struct session *session, struct buffer *out);
int echo_client_receive(struct session *session, const uint8_t *data, size_t size, struct buffer *out);
int echo_client_receive_eof(struct session *session, struct buffer *out);
void echo_client_destroy(struct session *session);

#endif
