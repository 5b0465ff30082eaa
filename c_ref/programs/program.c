/*
 * What both programs do before anything else: read the command line, and answer
 * the ones that ask for no session.
 *
 * Python twin: pyside/__main__.py.  Read next: programs/choices.c.
 */
#include "programs/program.h"

#include "programs/standard.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int program_begin(struct options *options, enum role role, int argc, char **argv, int *status)
{
	const char *name = role == ROLE_SERVER ? "server" : "client";
	struct buffer out = {0};
	struct error error;
	enum options_result result;

	standard_open_closed();
	/* A reader that has gone, or a file that is full, is an error of one write, not the end of the program. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	result = options_parse(options, role, argc, argv, &out, &error);
	switch (result) {
	case OPTIONS_RUN:
		break;
	case OPTIONS_DONE:
		*status = EXIT_SUCCESS;
		if (standard_write(STDOUT_FILENO, buffer_front(&out), buffer_size(&out)) == -1) {
			standard_complain("%s: cannot write: %s", name, strerror(errno));
			*status = PROGRAM_USAGE;
		}
		break;
	case OPTIONS_USAGE:
		standard_complain("%s: %s", name, error.text);
		*status = PROGRAM_USAGE;
		break;
	case OPTIONS_UNSUPPORTED:
		standard_complain("unsupported: %s", error.text);
		*status = PROGRAM_UNSUPPORTED;
		break;
	}
	buffer_free(&out);
	return result == OPTIONS_RUN;
}
