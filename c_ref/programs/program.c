/*
 * What both programs do before anything else: read the command line, and answer
 * the ones that ask for no session.
 *
 * Python twin: pyside/__main__.py.  Read next: programs/choices.c.
 */
#include "programs/program.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

int program_begin(struct options *options, enum role role, int argc, char **argv, int *status)
{
	const char *name = role == ROLE_SERVER ? "server" : "client";
	struct buffer out = {0};
	struct error error;
	enum options_result result;

	/* A peer or a reader of stdout that has gone is an error of one write, not the end of the program. */
	signal(SIGPIPE, SIG_IGN);
	result = options_parse(options, role, argc, argv, &out, &error);
	switch (result) {
	case OPTIONS_RUN:
		break;
	case OPTIONS_DONE:
		fwrite(buffer_front(&out), 1, buffer_size(&out), stdout);
		*status = fflush(stdout) == EOF ? PROGRAM_USAGE : EXIT_SUCCESS;
		break;
	case OPTIONS_USAGE:
		fprintf(stderr, "%s: %s\n", name, error.text);
		*status = PROGRAM_USAGE;
		break;
	case OPTIONS_UNSUPPORTED:
		fprintf(stderr, "unsupported: %s\n", error.text);
		*status = PROGRAM_UNSUPPORTED;
		break;
	}
	buffer_free(&out);
	return result == OPTIONS_RUN;
}
