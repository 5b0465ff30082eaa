/* The command line, as docs/peer-contract.md fixes it.  Python twin: pyside/programs/options.py. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "net/address.h"
#include "net/allowlist.h"
#include "wire/cref.h"

/* What a command line says, after the defaults.  Lengths are in bytes, times in seconds. */
struct options {
	enum role role;
	const char *protocol;
	sa_family_t family;
	int type;
	const char *host;
	unsigned port;
	const char *path;
	const char *model;
	const char *format;
	uint64_t max_frame;
	double timeout;
	uint64_t max_connections;
	struct allowlist allow;
	uint64_t max_output;
	double max_runtime;
	int own_user;
	int beyond_loopback;
	uint64_t retries;
	int unconnected;
	int hex;
	int verbose;
};

enum options_result { OPTIONS_RUN, OPTIONS_DONE, OPTIONS_USAGE, OPTIONS_UNSUPPORTED };

/*
 * Read a command line.
 * OPTIONS_DONE: --help, --version or list, and out holds what to print.  OPTIONS_USAGE,
 * OPTIONS_UNSUPPORTED: error->text says what was wrong and what was expected.
 */
enum options_result options_parse(struct options *options, enum role role, int argc, char **argv, struct buffer *out,
				  struct error *error);

/* List the addresses that the options name.  -1: unreachable, no-memory. */
int options_addresses(const struct options *options, struct addresses *found, struct error *error);

/*
 * Where a server listens.  -1: unreachable, no-memory; ERROR_NONE when the
 * programs of command could be run from other machines, without
 * --beyond-loopback.
 */
int options_listening_address(const struct options *options, struct address *address, struct error *error);

void options_free(struct options *options);

#endif
