/*
 * Addresses: families and socket types by their names, resolving, and how an
 * address is shown.  Python twin: pyside/net/address.py.
 */
#ifndef ADDRESS_H
#define ADDRESS_H

#include "wire/cref.h"

#include <netinet/in.h>
#include <sys/socket.h>

enum { NAME_SIZE = 256, HOST_SIZE = INET6_ADDRSTRLEN + 12 };

struct family {
	const char *name;
	sa_family_t number;
	const char *loopback; /* where a program listens or connects unless it is told otherwise */
};

/* The names, in a fixed order, then NULL. */
const char *family_name(size_t index);
const char *type_name(size_t index);

/* By name or number.  NULL: there is none. */
const struct family *family_find(const char *name);
const struct family *family_of(sa_family_t number);
const char *type_of(int number);

/* Such as SOCK_STREAM.  -1: there is none of that name. */
int type_find(const char *name);

/* One address of any family. */
struct address {
	struct sockaddr_storage storage;
	socklen_t length;
};

/* Those of one host and port, or one path. */
struct addresses {
	struct address *list;
	size_t count;
};

/* List the addresses of a host and port, or of a path; at least one.  -1: unreachable, no-memory. */
int address_resolve(sa_family_t family, const char *host, unsigned port, const char *path, struct addresses *found,
		    struct error *error);
void addresses_free(struct addresses *addresses);

/* The family of a host in numbers, inet or inet6.  NULL: it is a name. */
const struct family *address_family_of(const char *host);

/* How many bytes a path may have: sun_path of unix(7) less the terminating NUL. */
size_t address_path_max(void);

/* The host of an inet or inet6 address in numbers, with its scope where it has one; the port. */
unsigned address_numeric(const struct address *address, char host[HOST_SIZE]);

/* 127.0.0.1:7000, [::1]:7000, a path, @name, or unix. */
void address_name(const struct address *address, char name[NAME_SIZE]);

/* Whether it can be reached from this machine only. */
int address_is_loopback(const struct address *address);

/* What stands at a path instead of a socket, in parentheses; "" where that is not the trouble. */
const char *address_what_is_there(const struct address *address);

#endif
