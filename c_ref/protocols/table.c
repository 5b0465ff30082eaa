/*
 * The one table of protocols: --help, list, errors and what works over
 * datagrams derive from it.
 *
 * Each protocol is one small file with its client and server sessions side by
 * side.
 *
 * Python twin: pyside/protocols/table.py.
 * Read next: protocols/echo.c, where every byte comes back.
 */
#include "protocols/table.h"

#include <string.h>

extern const struct session_class command_server, command_client;
extern const struct session_class count_server, count_client;
extern const struct session_class echo_server, echo_client;
extern const struct session_class frame_server, frame_client;
extern const struct session_class greet_server, greet_client;
extern const struct session_class sizeok_server, sizeok_client;
extern const struct session_class upper_server, upper_client;

/* clang-format off */
static const struct protocol protocols[] = {
	{"command", &command_server, &command_client, 0,
		"the name of a program goes, its exit status and output come back"},
	{"count", &count_server, &count_client, 0,
		"any bytes go, then EOF; how many there were comes back"},
	{"echo", &echo_server, &echo_client, 1,
		"every byte comes back (RFC 862)"},
	{"frame", &frame_server, &frame_client, 0,
		"each frame comes back; --format says how its length is written"},
	{"greet", &greet_server, &greet_client, 0,
		"one line within the time limit, one line back"},
	{"sizeok", &sizeok_server, &sizeok_client, 0,
		"a line goes, its size comes; ok goes, the line comes in upper case"},
	{"upper", &upper_server, &upper_client, 1,
		"every byte comes back, a to z as A to Z"},
};
/* clang-format on */

enum { PROTOCOL_COUNT = sizeof protocols / sizeof protocols[0] };

const char *protocol_name(size_t index)
{
	return index < PROTOCOL_COUNT ? protocols[index].name : NULL;
}

const struct protocol *protocol_find(const char *name)
{
	for (size_t i = 0; i < PROTOCOL_COUNT; i++)
		if (strcmp(protocols[i].name, name) == 0)
			return &protocols[i];
	return NULL;
}

struct session *session_new(const char *protocol, enum role role, const char *format, uint64_t max_frame)
{
	const struct protocol *found = protocol_find(protocol);
	const struct format *frame_format = format_find(format);

	if (found == NULL || frame_format == NULL)
		return NULL;
	return session_of_class(role == ROLE_SERVER ? found->server : found->client, frame_format, max_frame);
}
