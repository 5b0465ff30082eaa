/*
 * What --help, --version and list print, from the tables.
 *
 * Python twin: pyside/programs/help.py, with the same texts.
 * Read next: programs/version.h.
 */
#include "programs/help.h"

#include "iomodels/table.h"
#include "net/address.h"
#include "programs/choices.h"
#include "programs/version.h"
#include "protocols/table.h"

#include <stdio.h>

enum { LINE_SIZE = 256 };

static const char *const programs[] = {[ROLE_SERVER] = "server", [ROLE_CLIENT] = "client"};
static const char *const ports[] = {[ROLE_SERVER] = "0: any that is free", [ROLE_CLIENT] = "required"};

static const char *const purposes[] = {
	[ROLE_SERVER] = "Serve a protocol until SIGTERM or SIGINT.\n"
			"The first line on standard output says where: LISTENING HOST PORT, or LISTENING PATH.\n",
	[ROLE_CLIENT] = "Send each line of standard input as a message and print each reply as a line.\n",
};

static const char limits[] = "  --max-frame N       longest message allowed, in bytes (16777216)\n"
			     "  --timeout S         seconds of silence allowed (30)\n";

static const char server_options[] =
	"  --max-connections N connections at a time (1000)\n"
	"  --allow NAME=PROGRAM,ARGUMENT,...\n"
	"                      command: what clients may have run, again for each (date, false, true, uname)\n"
	"  --max-output N      command: longest output of a program, in bytes (1048576)\n"
	"  --max-runtime S     command: seconds until a program is killed (10)\n"
	"  --own-user          with --family unix: admit no other user\n"
	"  --beyond-loopback   command: listen on other addresses than those of loopback, too\n"
	"  -v                  a line on standard error for each connection that comes and goes\n";

static const char client_options[] =
	"  --retries N         more attempts when the answer of count is wrong, or a datagram is lost (2)\n"
	"  --unconnected       with --type dgram: do not connect, so that a dead port is only silence\n"
	"  --hex               lines are hex digits, two a byte, with spaces between bytes or without\n";

static const char example[] = "\n"
			      "example: server frame --port 7000\n"
			      "         printf 'hello\\nworld\\n' | client frame --port 7000\n";

static int append_usage(struct buffer *out, const char *program);
static int append_protocols(struct buffer *out);
static int append_models(struct buffer *out);
static int append_address_options(struct buffer *out, const char *port);
static int append_row(struct buffer *out, const char *name, const char *summary);
static int append_list_lines(struct buffer *out, const char *kind, name_at *names);
static const char *datagram_protocol_name(size_t index);

int help_append(struct buffer *out, enum role role)
{
	int is_server = role == ROLE_SERVER;
	int result = append_usage(out, programs[role]) | buffer_append_text(out, purposes[role]);

	result |= append_protocols(out);
	result |= is_server ? append_models(out) : 0;
	result |= buffer_append_text(out, "\noptions:\n") | append_address_options(out, ports[role]);
	if (is_server)
		result |= buffer_append_text(out, "  --model M           how to serve many clients (thread)\n");
	result |= buffer_append_text(out, "  --format F          ") | choices_append_listed(out, format_name, "or");
	result |= buffer_append_text(out, " (u32be)\n") | buffer_append_text(out, limits);
	return result | buffer_append_text(out, is_server ? server_options : client_options) |
	       buffer_append_text(out, example);
}

int version_append(struct buffer *out, enum role role)
{
	char line[LINE_SIZE];

	snprintf(line, sizeof line, "%s %s, peer contract %d\n", programs[role], VERSION, CONTRACT);
	return buffer_append_text(out, line);
}

int list_append(struct buffer *out)
{
	return append_list_lines(out, "protocol", protocol_name) | append_list_lines(out, "format", format_name) |
	       append_list_lines(out, "model", model_name) | append_list_lines(out, "family", family_name) |
	       append_list_lines(out, "type", type_name);
}

static int append_usage(struct buffer *out, const char *program)
{
	char lines[LINE_SIZE];

	snprintf(lines, sizeof lines,
		 "usage: %s PROTOCOL [OPTION VALUE]...\n"
		 "       %s list        print what it can do\n"
		 "       %s --version   print its version\n\n",
		 program, program, program);
	return buffer_append_text(out, lines);
}

static int append_protocols(struct buffer *out)
{
	int result = buffer_append_text(out, "\nprotocols:\n");

	for (size_t i = 0; protocol_name(i) != NULL; i++)
		result |= append_row(out, protocol_name(i), protocol_find(protocol_name(i))->summary);
	return result;
}

static int append_models(struct buffer *out)
{
	int result = buffer_append_text(out, "\nmodels:\n");

	for (size_t i = 0; model_name(i) != NULL; i++)
		result |= append_row(out, model_name(i), model_find(model_name(i))->summary);
	return result;
}

static int append_address_options(struct buffer *out, const char *port)
{
	char lines[2 * LINE_SIZE];
	int result = buffer_append_text(out, "  --family F          ");

	result |= choices_append_listed(out, family_name, "or") | buffer_append_text(out, " (inet)\n");
	result |= buffer_append_text(
		out, "  --type T            stream, dgram or, with --family unix, seqpacket; the last two for ");
	result |= choices_append_listed(out, datagram_protocol_name, "and") | buffer_append_text(out, " (stream)\n");
	snprintf(lines, sizeof lines,
		 "  --host H            host name or address (%s, with inet6 %s)\n"
		 "  --port N            port (%s)\n"
		 "  --path P            path of the socket, with --family unix\n",
		 family_find("inet")->loopback, family_find("inet6")->loopback, port);
	return result | buffer_append_text(out, lines);
}

static int append_row(struct buffer *out, const char *name, const char *summary)
{
	char line[LINE_SIZE];

	snprintf(line, sizeof line, "  %-19s %s\n", name, summary);
	return buffer_append_text(out, line);
}

static int append_list_lines(struct buffer *out, const char *kind, name_at *names)
{
	char line[LINE_SIZE];
	int result = 0;

	for (size_t i = 0; names(i) != NULL; i++) {
		snprintf(line, sizeof line, "%s %s\n", kind, names(i));
		result |= buffer_append_text(out, line);
	}
	return result;
}

/* The names of those that work over datagrams, then NULL. */
static const char *datagram_protocol_name(size_t index)
{
	for (size_t i = 0; protocol_name(i) != NULL; i++)
		if (protocol_find(protocol_name(i))->over_datagrams && index-- == 0)
			return protocol_name(i);
	return NULL;
}
