/*
 * The server program: listen, announce, serve with one of the I/O models, clean up.
 *
 *     stdout   LISTENING 127.0.0.1 41234     one line, once connections are accepted
 *     stderr   server: 127.0.0.1:55555: truncated: end of input inside a frame: 3 of 9 bytes
 *
 * Python twin: server.py.  Read next: iomodels/iterative.c.
 */
#include "server.h"

#include "listening.h"
#include "program.h"
#include "signals.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In the order of option_models. */
static int (*const models[])(const struct server *) = {
	serve_epolling, serve_forking, serve_iterative, serve_polling, serve_selecting, serve_threaded,
};

struct session *server_new_session(const struct server *server)
{
	const struct options *options = server->options;

	return session_new(options->protocol, ROLE_SERVER, options->format, options->max_frame);
}

void server_log(const char *format, ...)
{
	enum { LINE_SIZE = NAME_SIZE + ERROR_TEXT_SIZE + 64 };
	char line[LINE_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	fprintf(stderr, "server: %s\n", line);
}

void server_note(const struct server *server, const char *peer, const char *event)
{
	if (server->options->verbose)
		server_log("%s: %s", peer, event);
}

void server_note_killed(const struct server *server, const char *peer, const struct session *session,
			const struct execution *execution)
{
	const uint8_t *name;
	size_t size;

	if (execution->killed == 0 || !session_request(session, &name, &size))
		return;
	if (execution->killed == KILLED_OUTPUT)
		server_log("%s: killed %.*s: more than %" PRIu64 " bytes of output", peer, (int)size,
			   (const char *)name, server->options->max_output);
	else
		server_log("%s: killed %.*s: more than %g s", peer, (int)size, (const char *)name,
			   server->options->max_runtime);
}

static int serve(const struct server *server)
{
	if (server->options->type == SOCK_DGRAM)
		return serve_datagrams(server);
	for (size_t i = 0; option_models[i] != NULL; i++)
		if (strcmp(option_models[i], server->options->model) == 0)
			return models[i](server);
	errno = EINVAL;
	return -1;
}

/* The exit status. */
static int run(const struct options *options)
{
	struct server server = {.options = options};
	struct error error;
	char line[NAME_SIZE];
	int status = EXIT_SUCCESS;

	if (signals_catch_stop() == -1) {
		server_log("cannot catch signals: %s", strerror(errno));
		return PROGRAM_SOFTWARE;
	}
	server.listener = listening_listen(options, &error);
	if (server.listener == -1 && error.kind == ERROR_NONE) {
		server_log("%s", error.text);
		return PROGRAM_USAGE;
	}
	if (server.listener == -1) {
		server_log("%s: %s", error_name(error.kind), error.text);
		return error_exit_status(error.kind);
	}
	if (listening_announcement(server.listener, line) == -1 || puts(line) == EOF || fflush(stdout) == EOF) {
		server_log("cannot announce: %s", strerror(errno));
		status = PROGRAM_USAGE;
	} else if (serve(&server) == -1) {
		server_log("cannot serve: %s", strerror(errno));
		status = PROGRAM_SOFTWARE;
	}
	listening_forget(server.listener, options);
	return status;
}

int main(int argc, char **argv)
{
	struct options options;
	int status = EXIT_SUCCESS;

	if (program_begin(&options, ROLE_SERVER, argc, argv, &status))
		status = run(&options);
	options_free(&options);
	return status;
}
