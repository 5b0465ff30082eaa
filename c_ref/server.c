/*
 * The server program: listen, announce, serve with one of the I/O models, clean up.
 *
 *     stdout   LISTENING 127.0.0.1 41234     one line, once connections are accepted
 *     stderr   server: 127.0.0.1:55555: truncated: end of input inside a frame: 3 of 9 bytes
 *
 * Python twin: server.py.  Read next: iomodels/iterative.c.
 */
#include "server.h"

#include "program.h"
#include "signals.h"

#include <errno.h>
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

static int serve(const struct server *server)
{
	for (size_t i = 0; option_models[i] != NULL; i++)
		if (strcmp(option_models[i], server->options->model) == 0)
			return models[i](server);
	errno = EINVAL;
	return -1;
}

int main(int argc, char **argv)
{
	struct options options;
	struct server server = {.options = &options};
	struct error error;
	char line[NAME_SIZE];
	int status = EXIT_SUCCESS;

	if (!program_begin(&options, ROLE_SERVER, argc, argv, &status))
		return status;
	if (signals_catch_stop() == -1) {
		server_log("cannot catch signals: %s", strerror(errno));
		return PROGRAM_SOFTWARE;
	}
	server.listener = net_listen(&options, &error);
	if (server.listener == -1) {
		server_log("%s: %s", error_name(error.kind), error.text);
		return error_exit_status(error.kind);
	}
	if (net_announcement(server.listener, line) == -1 || puts(line) == EOF || fflush(stdout) == EOF) {
		server_log("cannot announce: %s", strerror(errno));
		status = PROGRAM_USAGE;
	} else if (serve(&server) == -1) {
		server_log("cannot serve: %s", strerror(errno));
		status = PROGRAM_SOFTWARE;
	}
	net_forget(server.listener, &options);
	return status;
}
