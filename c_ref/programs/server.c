/*
 * The server program: listen, announce, serve with one of the I/O models, clean up.
 *
 *     stdout   LISTENING 127.0.0.1 41234     one line, once connections are accepted
 *     stderr   server: 127.0.0.1:55555: truncated: end of input inside a frame: 3 of 9 bytes
 *
 * Python twin: pyside/programs/server.py.  Read next: programs/standard.c.
 */
#include "iomodels/service.h"
#include "net/listening.h"
#include "net/signals.h"
#include "programs/program.h"
#include "programs/standard.h"
#include "wire/errors.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int run(const struct options *options);
static int listen_where(const struct options *options, struct listening_file *file, struct error *error);
static int announce(const struct service *service);
static int serve(const struct service *service, const char *model);

int main(int argc, char **argv)
{
	struct options options;
	int status = EXIT_SUCCESS;

	if (program_begin(&options, ROLE_SERVER, argc, argv, &status))
		status = run(&options);
	options_free(&options);
	return status;
}

/* The exit status. */
static int run(const struct options *options)
{
	struct service service = {
		.type = options->type,
		.protocol = options->protocol,
		.format = options->format,
		.max_frame = options->max_frame,
		.timeout = options->timeout,
		.max_connections = options->max_connections,
		.programs = {&options->allow, options->max_output, options->max_runtime},
		.own_user = options->own_user,
		.verbose = options->verbose,
	};
	struct listening_file file;
	struct error error;
	int status = EXIT_SUCCESS;

	if (signals_catch_stop() == -1) {
		service_log("cannot catch signals: %s", strerror(errno));
		return PROGRAM_SOFTWARE;
	}
	service.listener = listen_where(options, &file, &error);
	if (service.listener == -1 && error.kind == ERROR_NONE) {
		service_log("%s", error.text);
		return PROGRAM_USAGE;
	}
	if (service.listener == -1) {
		service_log("%s: %s", error_name(error.kind), error.text);
		return error_exit_status(error.kind);
	}
	if (announce(&service) == -1) {
		service_log("cannot announce: %s", strerror(errno));
		status = PROGRAM_USAGE;
	} else if (serve(&service, options->model) == -1) {
		service_log("cannot serve: %s", strerror(errno));
		status = PROGRAM_SOFTWARE;
	}
	listening_forget(service.listener, &file);
	return status;
}

static int listen_where(const struct options *options, struct listening_file *file, struct error *error)
{
	struct address address;
	int listener;

	if (options_listening_address(options, &address, error) == -1)
		return -1;
	listener = listening_listen(&address, options->type, error);
	listening_file_of(&address, file);
	return listener;
}

/* -1: errno. */
static int announce(const struct service *service)
{
	char line[NAME_SIZE + 1];

	if (listening_announcement(service->listener, line) == -1)
		return -1;
	strcat(line, "\n");
	return standard_write(STDOUT_FILENO, (const uint8_t *)line, strlen(line));
}

static int serve(const struct service *service, const char *model)
{
	if (service->type == SOCK_DGRAM)
		return serve_datagrams(service);
	return model_find(model)->serve(service);
}
