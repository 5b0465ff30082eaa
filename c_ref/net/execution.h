/* One program of the allow-list while it runs.  Python twin: pyside/net/execution.py. */
#ifndef EXECUTION_H
#define EXECUTION_H

#include "net/allowlist.h"

#include <sys/types.h>

enum { KILLED_SIZE = 64 };

/* What a server may run for a client, and how much of it. */
struct execution_limits {
	const struct allowlist *allow;
	uint64_t max_output; /* bytes */
	double max_runtime;  /* seconds */
};

struct execution {
	const struct execution_limits *limits;
	int fd;          /* what to wait for while it is not over; -1: nothing runs */
	double deadline; /* and when to call execution_look */
	int over;
	int status;
	struct buffer output;
	char killed[KILLED_SIZE]; /* why it was killed, for the log, or nothing */
	pid_t pid;
	double limit; /* when it is killed */
	int has_ended;
	int wait_status; /* of waitpid, when it has ended */
};

/* Start the program that a client named.  It is over at once when nothing could be started. */
void execution_start(struct execution *execution, const struct execution_limits *limits, const uint8_t *name,
		     size_t size);

/* Take a piece of what the program has written; afterwards it may be over.  1: a piece came; 0: none. */
int execution_read(struct execution *execution);

/* See whether the program has ended although its pipe has not, or its time is over. */
void execution_look(struct execution *execution);

/* Why it was killed, for the log, or NULL. */
const char *execution_killed(const struct execution *execution);

/* End the program if it still runs, and free what it wrote. */
void execution_free(struct execution *execution);

#endif
