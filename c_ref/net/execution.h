/* One program of the allow-list while it runs.  Python twin: execution.py. */
#ifndef EXECUTION_H
#define EXECUTION_H

#include "programs/options.h"

#include <sys/types.h>

struct execution {
	const struct options *options;
	int fd;          /* what to wait for while it is not over; -1: nothing runs */
	double deadline; /* and until when */
	int over;
	int status;
	struct buffer output;
	int killed; /* 0, or what was too much */
	pid_t pid;
};

enum execution_killed { KILLED_OUTPUT = 1, KILLED_RUNTIME };

/* Start the program that a client named.  It is over at once when nothing could be started. */
void execution_start(struct execution *execution, const struct options *options, const uint8_t *name, size_t size);

/* Take what the program has written; afterwards it may be over. */
void execution_read(struct execution *execution);

/* The time limit is over, and so is the program. */
void execution_on_deadline(struct execution *execution);

/* Nobody wants the answer any more, or has taken it. */
void execution_free(struct execution *execution);

#endif
