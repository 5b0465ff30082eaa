/*
 * The command line, as docs/peer-contract.md fixes it.
 *
 * Python twin: options.py, with the same texts.  Read next: server_program.c, client.c.
 */
#include "programs/options.h"

#include "wire/errors.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

const char *const option_models[] = {"epoll", "fork", "iterative", "poll", "select", "thread", NULL};

static const char *const types[] = {"dgram", "seqpacket", "stream", NULL};
static const int type_numbers[] = {SOCK_DGRAM, SOCK_SEQPACKET, SOCK_STREAM};

/* Those whose server answers one datagram with one, and the models that wait for one connection at a time. */
static const char *const datagram_protocols[] = {"echo", "upper", NULL};
static const char *const seqpacket_models[] = {"fork", "iterative", "thread", NULL};

static const char *const families[] = {"inet", "inet6", "unix", NULL};
static const sa_family_t family_numbers[] = {AF_INET, AF_INET6, AF_UNIX};
static const char *const loopback[] = {"127.0.0.1", "::1", NULL};

#define LENGTH_MAX (UINT64_C(1) << 62)
#define COUNT_MAX (UINT64_C(1) << 20)
#define SECONDS_MAX 1000000
/* It has to fit into the one frame, whose length is u32be, with the exit status. */
#define OUTPUT_MAX INT32_MAX

#define ADDRESS_HELP(port) \
	"  --family F          inet, inet6 or unix (inet)\n" \
	"  --type T            stream, dgram or, with --family unix, seqpacket; the last two for echo and upper " \
	"(stream)\n" \
	"  --host H            host name or address (127.0.0.1, with inet6 ::1)\n" \
	"  --port N            port (" port ")\n" \
	"  --path P            path of the socket, with --family unix\n"

#define PROTOCOL_HELP \
	"  --format F          u8, u16be, u32be, u64be, u16le, u32le, varint or netstring (u32be)\n" \
	"  --max-frame N       longest message allowed, in bytes (16777216)\n" \
	"  --timeout S         seconds of silence allowed (30)\n"

#define EXAMPLE_HELP \
	"\n" \
	"example: server frame --port 7000\n" \
	"         printf 'hello\\nworld\\n' | client frame --port 7000\n"

#define SERVER_HELP "  --model M           how to serve many clients; list names the models (thread)\n"
#define LIMITS_HELP \
	"  --max-connections N connections at a time (1000)\n" \
	"  --allow NAME=PROGRAM,ARGUMENT,...\n" \
	"                      command: what clients may have run, again for each (date, false, true, uname)\n" \
	"  --max-output N      command: longest output of a program, in bytes (1048576)\n" \
	"  --max-runtime S     command: seconds until a program is killed (10)\n" \
	"  --own-user          with --family unix: admit no other user\n" \
	"  --beyond-loopback   command: listen on other addresses than those of loopback, too\n" \
	"  -v                  a line on standard error for each connection that comes and goes\n"

#define CLIENT_HELP \
	"  --retries N         more attempts when the answer of count is wrong, or a datagram is lost (2)\n" \
	"  --unconnected       with --type dgram: do not connect, so that a dead port is only silence\n" \
	"  --hex               lines are hex digits, two a byte\n"

#define USAGE_HELP(program, what) \
	"usage: " program " PROTOCOL [OPTION VALUE]...\n" \
	"       " program " list        print what it can do\n" \
	"\n" what "\n"

/* clang-format off */
static const char *const help_texts[] = {
	[ROLE_SERVER] =
		USAGE_HELP("server",
			"Serve command, count, echo, frame, greet, sizeok or upper until SIGTERM or SIGINT.\n"
			"The first line on standard output says where: LISTENING HOST PORT, or LISTENING PATH.\n")
		ADDRESS_HELP("0: any that is free")
		SERVER_HELP
		PROTOCOL_HELP
		LIMITS_HELP
		EXAMPLE_HELP,
	[ROLE_CLIENT] =
		USAGE_HELP("client", "Send each line of standard input as a message and print each reply as a line.\n")
		ADDRESS_HELP("required")
		PROTOCOL_HELP
		CLIENT_HELP
		EXAMPLE_HELP,
};
/* clang-format on */

enum option_id {
	OPTION_FAMILY = 1,
	OPTION_TYPE,
	OPTION_HOST,
	OPTION_PORT,
	OPTION_PATH,
	OPTION_FORMAT,
	OPTION_MAX_FRAME,
	OPTION_TIMEOUT,
	OPTION_MODEL,
	OPTION_MAX_CONNECTIONS,
	OPTION_ALLOW,
	OPTION_MAX_OUTPUT,
	OPTION_MAX_RUNTIME,
	OPTION_OWN_USER,
	OPTION_BEYOND_LOOPBACK,
	OPTION_RETRIES,
	OPTION_UNCONNECTED,
	OPTION_HEX,
	OPTION_VERBOSE = 'v',
	OPTION_HELP = 'h'
};

#define ADDRESS_OPTIONS \
	{"family", required_argument, NULL, OPTION_FAMILY}, {"type", required_argument, NULL, OPTION_TYPE}, \
		{"host", required_argument, NULL, OPTION_HOST}, {"port", required_argument, NULL, OPTION_PORT}, \
		{"path", required_argument, NULL, OPTION_PATH}, {"format", required_argument, NULL, OPTION_FORMAT}, \
		{"max-frame", required_argument, NULL, OPTION_MAX_FRAME}, \
		{"timeout", required_argument, NULL, OPTION_TIMEOUT}, \
	{ \
		"help", no_argument, NULL, OPTION_HELP \
	}

static const struct option server_options[] = {
	ADDRESS_OPTIONS,
	{"model", required_argument, NULL, OPTION_MODEL},
	{"max-connections", required_argument, NULL, OPTION_MAX_CONNECTIONS},
	{"allow", required_argument, NULL, OPTION_ALLOW},
	{"max-output", required_argument, NULL, OPTION_MAX_OUTPUT},
	{"max-runtime", required_argument, NULL, OPTION_MAX_RUNTIME},
	{"own-user", no_argument, NULL, OPTION_OWN_USER},
	{"beyond-loopback", no_argument, NULL, OPTION_BEYOND_LOOPBACK},
	{NULL, 0, NULL, 0},
};

static const struct option client_options[] = {
	ADDRESS_OPTIONS,
	{"retries", required_argument, NULL, OPTION_RETRIES},
	{"unconnected", no_argument, NULL, OPTION_UNCONNECTED},
	{"hex", no_argument, NULL, OPTION_HEX},
	{NULL, 0, NULL, 0},
};

static const char *const short_options[] = {[ROLE_SERVER] = ":hv", [ROLE_CLIENT] = ":h"};
static const struct option *const long_options[] = {[ROLE_SERVER] = server_options, [ROLE_CLIENT] = client_options};

static int append_text(struct buffer *out, const char *text)
{
	return buffer_append(out, (const uint8_t *)text, strlen(text));
}

static int append_list_line(struct buffer *out, const char *kind, const char *name)
{
	if (append_text(out, kind) == -1 || append_text(out, " ") == -1 || append_text(out, name) == -1)
		return -1;
	return append_text(out, "\n");
}

static int append_list(struct buffer *out)
{
	int result = 0;

	for (size_t i = 0; protocol_name(i) != NULL; i++)
		result |= append_list_line(out, "protocol", protocol_name(i));
	for (size_t i = 0; format_name(i) != NULL; i++)
		result |= append_list_line(out, "format", format_name(i));
	for (size_t i = 0; option_models[i] != NULL; i++)
		result |= append_list_line(out, "model", option_models[i]);
	for (size_t i = 0; families[i] != NULL; i++)
		result |= append_list_line(out, "family", families[i]);
	for (size_t i = 0; types[i] != NULL; i++)
		result |= append_list_line(out, "type", types[i]);
	return result;
}

/* The index of a word in a list that ends with NULL, or -1. */
static int find_word(const char *const words[], const char *word)
{
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return -1;
}

static int parse_number(const char *name, const char *text, uint64_t least, uint64_t most, uint64_t *number,
			struct error *error)
{
	size_t digits = strspn(text, "0123456789");

	/* 19 digits always fit in 64 bits. */
	if (digits > 0 && digits < 20 && text[digits] == '\0') {
		*number = strtoull(text, NULL, 10);
		if (least <= *number && *number <= most)
			return 0;
	}
	return error_set(error, ERROR_NONE, "%s takes a number from %" PRIu64 " to %" PRIu64 ", not %s", name, least,
			 most, text);
}

static int parse_seconds(const char *name, const char *text, double *seconds, struct error *error)
{
	size_t whole = strspn(text, "0123456789");
	size_t fraction = text[whole] == '.' ? strspn(text + whole + 1, "0123456789") : 0;
	size_t length = text[whole] == '.' ? whole + 1 + fraction : whole;

	if (whole > 0 && whole < 10 && fraction < 10 && text[length] == '\0' && (length == whole || fraction > 0)) {
		*seconds = strtod(text, NULL);
		if (*seconds > 0 && *seconds <= SECONDS_MAX)
			return 0;
	}
	return error_set(error, ERROR_NONE, "%s takes seconds above 0 and up to %d, not %s", name, SECONDS_MAX, text);
}

static enum options_result unsupported(struct error *error, const char *what, const char *value)
{
	error_set(error, ERROR_NONE, "%s %s", what, value);
	return OPTIONS_UNSUPPORTED;
}

static enum options_result set_option(struct options *options, int id, const char *value, struct error *error)
{
	uint64_t port = 0;
	int index;
	int result = 0;

	switch (id) {
	case OPTION_FAMILY:
		index = find_word(families, value);
		if (index == -1)
			return unsupported(error, "family", value);
		options->family = family_numbers[index];
		break;
	case OPTION_TYPE:
		index = find_word(types, value);
		if (index == -1)
			return unsupported(error, "type", value);
		options->type = type_numbers[index];
		break;
	case OPTION_HOST:
		options->host = value;
		break;
	case OPTION_PORT:
		result = parse_number("--port", value, 0, 65535, &port, error);
		options->port = (unsigned)port;
		break;
	case OPTION_PATH:
		options->path = value;
		break;
	case OPTION_FORMAT:
		if (format_find(value) == NULL)
			return unsupported(error, "format", value);
		options->format = value;
		break;
	case OPTION_MAX_FRAME:
		result = parse_number("--max-frame", value, 0, LENGTH_MAX, &options->max_frame, error);
		break;
	case OPTION_TIMEOUT:
		result = parse_seconds("--timeout", value, &options->timeout, error);
		break;
	case OPTION_MODEL:
		if (find_word(option_models, value) == -1)
			return unsupported(error, "model", value);
		options->model = value;
		break;
	case OPTION_MAX_CONNECTIONS:
		result = parse_number("--max-connections", value, 1, COUNT_MAX, &options->max_connections, error);
		break;
	case OPTION_ALLOW:
		if (allowlist_add(&options->allow, value) == -1)
			result = error_no_memory(error);
		break;
	case OPTION_MAX_OUTPUT:
		result = parse_number("--max-output", value, 0, OUTPUT_MAX, &options->max_output, error);
		break;
	case OPTION_MAX_RUNTIME:
		result = parse_seconds("--max-runtime", value, &options->max_runtime, error);
		break;
	case OPTION_OWN_USER:
		options->own_user = 1;
		break;
	case OPTION_BEYOND_LOOPBACK:
		options->beyond_loopback = 1;
		break;
	case OPTION_RETRIES:
		result = parse_number("--retries", value, 0, COUNT_MAX, &options->retries, error);
		break;
	case OPTION_UNCONNECTED:
		options->unconnected = 1;
		break;
	case OPTION_HEX:
		options->hex = 1;
		break;
	case OPTION_VERBOSE:
		options->verbose = 1;
		break;
	}
	return result == -1 ? OPTIONS_USAGE : OPTIONS_RUN;
}

static int check_address(struct options *options, struct error *error)
{
	/* sun_path keeps one byte for the NUL. */
	size_t path_max = sizeof(((struct sockaddr_un *)0)->sun_path) - 1;

	if (options->family == AF_UNIX) {
		if (options->path == NULL || options->path[0] == '\0')
			return error_set(error, ERROR_NONE, "--family unix needs --path");
		if (strlen(options->path) > path_max)
			return error_set(error, ERROR_NONE, "--path is longer than %zu bytes", path_max);
	} else if (options->role == ROLE_CLIENT && options->port == 0) {
		return error_set(error, ERROR_NONE, "the client needs --port");
	}
	for (int i = 0; options->host == NULL && families[i] != NULL; i++)
		if (family_numbers[i] == options->family)
			options->host = loopback[i];
	return 0;
}

static enum options_result check_type(const struct options *options, struct error *error)
{
	const char *type = options->type == SOCK_DGRAM ? "dgram" : "seqpacket";
	const char *what = NULL;
	const char *value = NULL;

	if (options->unconnected && options->type != SOCK_DGRAM) {
		error_set(error, ERROR_NONE, "--unconnected needs --type dgram");
		return OPTIONS_USAGE;
	}
	if (options->type == SOCK_STREAM)
		return OPTIONS_RUN;
	if (options->type == SOCK_SEQPACKET && options->family != AF_UNIX) {
		what = "family";
		value = options->family == AF_INET ? "inet" : "inet6";
	} else if (find_word(datagram_protocols, options->protocol) == -1) {
		what = "protocol";
		value = options->protocol;
	} else if (options->type == SOCK_SEQPACKET && find_word(seqpacket_models, options->model) == -1) {
		what = "model";
		value = options->model;
	}
	if (what == NULL)
		return OPTIONS_RUN;
	error_set(error, ERROR_NONE, "%s %s over %s", what, value, type);
	return OPTIONS_UNSUPPORTED;
}

static int check_admission(struct options *options, struct error *error)
{
	if (allowlist_finish(&options->allow, error) == -1)
		return -1;
	if (options->own_user && options->family != AF_UNIX)
		return error_set(error, ERROR_NONE, "--own-user needs --family unix");
	return 0;
}

static enum options_result answer(struct buffer *out, int appended, struct error *error)
{
	(void)out;
	if (appended == 0)
		return OPTIONS_DONE;
	error_no_memory(error);
	return OPTIONS_USAGE;
}

enum options_result options_parse(struct options *options, enum role role, int argc, char **argv, struct buffer *out,
				  struct error *error)
{
	enum options_result result;
	int id;

	*options = (struct options){
		.role = role,
		.family = AF_INET,
		.model = "thread",
		.format = "u32be",
		.max_frame = 16 * 1024 * 1024,
		.timeout = 30,
		.type = SOCK_STREAM,
		.max_connections = 1000,
		.max_output = 1024 * 1024,
		.max_runtime = 10,
		.retries = 2,
	};
	opterr = 0;
	while ((id = getopt_long(argc, argv, short_options[role], long_options[role], NULL)) != -1) {
		if (id == OPTION_HELP)
			return answer(out, append_text(out, help_texts[role]), error);
		if (id == '?' || id == ':') {
			const char *name = argv[optind - 1];

			error_set(error, ERROR_NONE, "option %.*s %s", (int)strcspn(name, "="), name,
				  id == ':' ? "requires argument" : "not recognized");
			return OPTIONS_USAGE;
		}
		result = set_option(options, id, optarg, error);
		if (result != OPTIONS_RUN)
			return result;
	}
	if (argc - optind != 1) {
		error_set(error, ERROR_NONE, "one PROTOCOL is expected, not %d", argc - optind);
		return OPTIONS_USAGE;
	}
	options->protocol = argv[optind];
	if (strcmp(options->protocol, "list") == 0)
		return answer(out, append_list(out), error);
	for (size_t i = 0; protocol_name(i) == NULL || strcmp(protocol_name(i), options->protocol) != 0; i++)
		if (protocol_name(i) == NULL)
			return unsupported(error, "protocol", options->protocol);
	if (check_address(options, error) == -1)
		return OPTIONS_USAGE;
	result = check_type(options, error);
	if (result == OPTIONS_RUN && check_admission(options, error) == -1)
		return OPTIONS_USAGE;
	return result;
}

void options_free(struct options *options)
{
	allowlist_free(&options->allow);
}
