/*
 * The command line, as docs/peer-contract.md fixes it.
 *
 * Python twin: pyside/programs/options.py, with the same texts.
 * Read next: programs/help.c.
 */
#include "programs/options.h"

#include "iomodels/table.h"
#include "programs/choices.h"
#include "programs/help.h"
#include "protocols/table.h"
#include "wire/errors.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A quarter of what size_t can say, 2^62 mostly: sums of a length and its header do not overflow. */
#define LENGTH_MAX ((uint64_t)(SIZE_MAX / 4) + 1)
#define COUNT_MAX (UINT64_C(1) << 20)
#define SECONDS_MAX 1000000
/* It has to fit into the one frame, whose length is u32be, with the exit status. */
#define OUTPUT_MAX INT32_MAX

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
	OPTION_VERSION,
	OPTION_VERBOSE = 'v',
	OPTION_HELP = 'h'
};

#define ADDRESS_OPTIONS \
	{"family", required_argument, NULL, OPTION_FAMILY}, {"type", required_argument, NULL, OPTION_TYPE}, \
		{"host", required_argument, NULL, OPTION_HOST}, {"port", required_argument, NULL, OPTION_PORT}, \
		{"path", required_argument, NULL, OPTION_PATH}, {"format", required_argument, NULL, OPTION_FORMAT}, \
		{"max-frame", required_argument, NULL, OPTION_MAX_FRAME}, \
		{"timeout", required_argument, NULL, OPTION_TIMEOUT}, {"help", no_argument, NULL, OPTION_HELP}, \
	{ \
		"version", no_argument, NULL, OPTION_VERSION \
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

static void slip(enum role role, int id, const char *word, struct error *error);
static enum options_result answer(int appended, struct error *error);
static enum options_result set_option(struct options *options, int id, const char *value, struct error *error);
static int wrong_words(int count, char **words, struct error *error);
static enum options_result unsupported(const char *kind, const char *word, name_at *names, struct error *error);
static int check_address(struct options *options, struct error *error);
static enum options_result check_type(const struct options *options, struct error *error);
static int check_admission(struct options *options, struct error *error);
static int parse_number(const char *name, const char *text, uint64_t least, uint64_t most, uint64_t *number,
			struct error *error);
static int parse_seconds(const char *name, const char *text, double *seconds, struct error *error);
static int check_host(const struct options *options, struct error *error);

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
			return answer(help_append(out, role), error);
		if (id == OPTION_VERSION)
			return answer(version_append(out, role), error);
		if (id == '?' || id == ':') {
			slip(role, id, argv[optind - 1], error);
			return OPTIONS_USAGE;
		}
		result = set_option(options, id, optarg, error);
		if (result != OPTIONS_RUN)
			return result;
	}
	if (argc - optind != 1) {
		wrong_words(argc - optind, argv + optind, error);
		return OPTIONS_USAGE;
	}
	options->protocol = argv[optind];
	if (strcmp(options->protocol, "list") == 0)
		return answer(list_append(out), error);
	if (protocol_find(options->protocol) == NULL)
		return unsupported("protocol", options->protocol, protocol_name, error);
	if (check_address(options, error) == -1)
		return OPTIONS_USAGE;
	result = check_type(options, error);
	if (result == OPTIONS_RUN && check_admission(options, error) == -1)
		return OPTIONS_USAGE;
	return result;
}

int options_addresses(const struct options *options, struct addresses *found, struct error *error)
{
	return address_resolve(options->family, options->host, options->port, options->path, found, error);
}

int options_listening_address(const struct options *options, struct address *address, struct error *error)
{
	struct addresses found;
	char name[NAME_SIZE];

	if (options_addresses(options, &found, error) == -1)
		return -1;
	*address = found.list[0];
	addresses_free(&found);
	if (strcmp(options->protocol, "command") != 0 || options->beyond_loopback || address_is_loopback(address))
		return 0;
	address_name(address, name);
	return error_set(error, ERROR_NONE, "command on %.200s, beyond loopback, needs --beyond-loopback", name);
}

void options_free(struct options *options)
{
	allowlist_free(&options->allow);
}

/* What getopt_long(3) does not say: it knows a letter by optopt, a long option by the word that it has just read. */
static void slip(enum role role, int id, const char *word, struct error *error)
{
	int size = (int)strcspn(word, "="), count = 0, is_long = 0;
	const char *what = "not recognized";

	for (const struct option *option = long_options[role]; option->name != NULL; option++) {
		is_long |= option->val == optopt;
		count += size > 2 && strncmp(option->name, word + 2, (size_t)size - 2) == 0;
	}
	if (id == ':')
		what = "requires argument";
	else if (optopt != 0 && is_long)
		what = "must not have an argument";
	else if (optopt == 0 && count > 1)
		what = "not a unique prefix";
	if (optopt != 0 && !is_long)
		error_set(error, ERROR_NONE, "option -%c %s", optopt, what);
	else
		error_set(error, ERROR_NONE, "option %.*s %s", size, word, what);
}

static enum options_result answer(int appended, struct error *error)
{
	if (appended == 0)
		return OPTIONS_DONE;
	error_no_memory(error);
	return OPTIONS_USAGE;
}

static enum options_result set_option(struct options *options, int id, const char *value, struct error *error)
{
	uint64_t port = 0;
	int result = 0;

	switch (id) {
	case OPTION_FAMILY:
		if (family_find(value) == NULL)
			return unsupported("family", value, family_name, error);
		options->family = family_find(value)->number;
		break;
	case OPTION_TYPE:
		if (type_find(value) == -1)
			return unsupported("type", value, type_name, error);
		options->type = type_find(value);
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
			return unsupported("format", value, format_name, error);
		options->format = value;
		break;
	case OPTION_MAX_FRAME:
		result = parse_number("--max-frame", value, 0, LENGTH_MAX, &options->max_frame, error);
		break;
	case OPTION_TIMEOUT:
		result = parse_seconds("--timeout", value, &options->timeout, error);
		break;
	case OPTION_MODEL:
		if (model_find(value) == NULL)
			return unsupported("model", value, model_name, error);
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

/* A number among the words is a port without its option. */
static int wrong_words(int count, char **words, struct error *error)
{
	for (int i = 0; i < count; i++)
		if (words[i][strspn(words[i], "0123456789")] == '\0')
			return error_set(error, ERROR_NONE, "one PROTOCOL is expected, not %d; the port is --port %s",
					 count, words[i]);
	return error_set(error, ERROR_NONE, "one PROTOCOL is expected, not %d", count);
}

static enum options_result unsupported(const char *kind, const char *word, name_at *names, struct error *error)
{
	choices_unsupported(kind, word, names, error);
	return OPTIONS_UNSUPPORTED;
}

static int check_address(struct options *options, struct error *error)
{
	if (options->family == AF_UNIX) {
		if (options->path == NULL || options->path[0] == '\0')
			return error_set(error, ERROR_NONE, "--family unix needs --path");
		if (strlen(options->path) > address_path_max())
			return error_set(error, ERROR_NONE, "--path is longer than %zu bytes", address_path_max());
		return 0;
	}
	if (options->path != NULL)
		return error_set(error, ERROR_NONE, "--path needs --family unix");
	if (options->role == ROLE_CLIENT && options->port == 0)
		return error_set(error, ERROR_NONE, "the client needs --port");
	if (options->host == NULL)
		options->host = family_of(options->family)->loopback;
	return check_host(options, error);
}

static enum options_result check_type(const struct options *options, struct error *error)
{
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
		value = family_of(options->family)->name;
	} else if (!protocol_find(options->protocol)->over_datagrams) {
		what = "protocol";
		value = options->protocol;
	} else if (options->type == SOCK_SEQPACKET && !model_find(options->model)->over_seqpacket) {
		what = "model";
		value = options->model;
	}
	if (what == NULL)
		return OPTIONS_RUN;
	error_set(error, ERROR_NONE, "%s %s over %s", what, value, type_of(options->type));
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
	return error_set(error, ERROR_NONE, "%s takes seconds such as 2.5, above 0 and up to %d, not %s", name,
			 SECONDS_MAX, text);
}

static int check_host(const struct options *options, struct error *error)
{
	const struct family *family = address_family_of(options->host);

	if (family != NULL && family->number != options->family)
		return error_set(error, ERROR_NONE, "--host %s needs --family %s", options->host, family->name);
	return 0;
}
