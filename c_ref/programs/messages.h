/* Messages on standard input, replies on standard output.  Python twin: pyside/programs/messages.py. */
#ifndef MESSAGES_H
#define MESSAGES_H

#include "wire/cref.h"
#include "wire/pieces.h"

#include <stdio.h>

/* Cuts what can be read from a descriptor into messages. */
struct source {
	int fd;
	int is_hex;
	int ended;
	struct error error; /* unsendable: it ended with a line that is no message, or cannot be read or kept */
	uint64_t line;
	int in_line;
	int odd_digit; /* -1, or the value of half a byte that waits for its other half */
	int is_terminal;
	int asked;  /* a prompt stands on the terminal */
	FILE *kept; /* what was read, when it may have to be read again */
	uint64_t kept_size;
	uint64_t unread;
};

void source_init(struct source *source, int fd, int is_hex);

/* From now on keep what is read, so that it can be rewound.  -1: source->error. */
int source_keep(struct source *source);

/* Begin again; where messages end is forgotten.  -1: source->error. */
int source_rewind(struct source *source);

/* What to wait for, and whether there is no more. */
int source_fd(const struct source *source);
int source_ended(const struct source *source);

/* Ask the person at the terminal, if there is one, for the next line. */
void source_prompt(struct source *source);

/* Tell the person at the terminal something while the prompt stands there. */
void source_say(struct source *source, const char *text);

/* Call read once; append the pieces in what came.  Where that fails, the source has ended, with an error. */
void source_read(struct source *source, struct pieces *pieces);

void source_free(struct source *source);

/* Write one reply as a line.  -1: errno. */
int sink_write_line(const uint8_t *data, size_t size, int fd, int is_hex);

/* Write the replies that the session holds, each as one line, at once.  -1: errno. */
int sink_write(struct session *session, int fd, int is_hex);

#endif
