/*
 * What an I/O model needs besides the listener: sessions, and a line for people.
 *
 * Python twin: the class Server in server.py.  Read next: server_program.c.
 */
#include "iomodels/service.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

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
