/*
 * Datagrams that would go round for ever.
 *
 *     forged: from B, to A        "x"
 *     A -> B "x"    B -> A "x"    A -> B "x"    ...     two servers, or one with itself
 *
 * Anybody can write any source address into a datagram.  With one in the name
 * of another server, both answer each other without an end (CERT CA-1996-01);
 * so do the old services of inetd: echo (RFC 862), chargen, daytime, time.
 * Therefore three kinds of datagrams have no answer: those from the server's own
 * address, those from ports below IPPORT_RESERVED, where such services are and
 * no client is, and one of many that are the same and come from one address in a
 * row.  That one is lost, as a datagram may be: a client sends it again, and a
 * loop has ended.
 *
 * Python twin: pyside/iomodels/loops.py.  Read next: iomodels/datagram_server.c.
 */
#include "iomodels/loops.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

enum { MOST_IN_A_ROW = 1000 };

/* FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
static const uint64_t hash_begin = 0xcbf29ce484222325U, hash_prime = 0x100000001b3U;

static int is_same(const struct address *one, const struct address *other);
static int repeats(struct loop_guard *guard, const struct address *address, const uint8_t *data, size_t size);
static uint64_t hash(uint64_t before, const void *data, size_t size);

void loop_guard_init(struct loop_guard *guard, int fd)
{
	memset(guard, 0, sizeof *guard);
	guard->own.length = sizeof guard->own.storage;
	if (getsockname(fd, (struct sockaddr *)&guard->own.storage, &guard->own.length) == -1)
		guard->own.length = 0;
}

const char *loop_guard_obstacle(struct loop_guard *guard, const struct address *address, const uint8_t *data,
				size_t size)
{
	if (address->storage.ss_family != AF_UNIX) {
		char host[HOST_SIZE];

		if (is_same(address, &guard->own))
			return "it has the server's own address";
		if (address_numeric(address, host) < IPPORT_RESERVED)
			return "no client has a port below 1024";
	}
	if (repeats(guard, address, data, size))
		return "the same, 1001 times in a row: maybe it is an answer";
	return NULL;
}

static int is_same(const struct address *one, const struct address *other)
{
	char host[HOST_SIZE], other_host[HOST_SIZE];

	return address_numeric(one, host) == address_numeric(other, other_host) && strcmp(host, other_host) == 0;
}

static int repeats(struct loop_guard *guard, const struct address *address, const uint8_t *data, size_t size)
{
	uint64_t from = hash(hash_begin, &address->storage, address->length);
	uint64_t seen = hash(from, data, size);
	size_t slot = from % LOOP_SLOTS;

	guard->count[slot] = guard->last[slot] == seen ? guard->count[slot] + 1 : 1;
	guard->last[slot] = seen;
	if (guard->count[slot] <= MOST_IN_A_ROW)
		return 0;
	guard->count[slot] = 0;
	return 1;
}

static uint64_t hash(uint64_t before, const void *data, size_t size)
{
	const uint8_t *bytes = data;

	for (size_t i = 0; i < size; i++)
		before = (before ^ bytes[i]) * hash_prime;
	return before;
}
