/*
 * Addresses: families and socket types by their names, resolving, and how an
 * address is shown.
 *
 *     family   number     address                      shown
 *     inet     AF_INET    struct sockaddr_in           127.0.0.1:7000
 *     inet6    AF_INET6   struct sockaddr_in6          [::1]:7000, with a scope [fe80::1%2]:7000
 *     unix     AF_UNIX    struct sockaddr_un           /tmp/s, unix; @name where it is in no file system
 *
 * Python twin: pyside/net/address.py.  Read next: net/netio.c.
 */
#include "net/address.h"

#include "wire/errors.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>

static const struct family families[] = {
	{"inet", AF_INET, "127.0.0.1"},
	{"inet6", AF_INET6, "::1"},
	{"unix", AF_UNIX, NULL},
};

static const struct {
	const char *name;
	int number;
} types[] = {
	{"stream", SOCK_STREAM},
	{"dgram", SOCK_DGRAM},
	{"seqpacket", SOCK_SEQPACKET},
};

enum { FAMILY_COUNT = sizeof families / sizeof families[0], TYPE_COUNT = sizeof types / sizeof types[0] };

static int unix_address(const char *path, struct addresses *found, struct error *error);
static const struct sockaddr_un *as_unix(const struct address *address);
static int has_name(const struct address *address);

const char *family_name(size_t index)
{
	return index < FAMILY_COUNT ? families[index].name : NULL;
}

const char *type_name(size_t index)
{
	return index < TYPE_COUNT ? types[index].name : NULL;
}

const struct family *family_find(const char *name)
{
	for (size_t i = 0; i < FAMILY_COUNT; i++)
		if (strcmp(families[i].name, name) == 0)
			return &families[i];
	return NULL;
}

const struct family *family_of(sa_family_t number)
{
	for (size_t i = 0; i < FAMILY_COUNT; i++)
		if (families[i].number == number)
			return &families[i];
	return NULL;
}

const char *type_of(int number)
{
	for (size_t i = 0; i < TYPE_COUNT; i++)
		if (types[i].number == number)
			return types[i].name;
	return NULL;
}

int type_find(const char *name)
{
	for (size_t i = 0; i < TYPE_COUNT; i++)
		if (strcmp(types[i].name, name) == 0)
			return types[i].number;
	return -1;
}

int address_resolve(sa_family_t family, const char *host, unsigned port, const char *path, struct addresses *found,
		    struct error *error)
{
	struct addrinfo hints = {.ai_family = family, .ai_socktype = SOCK_STREAM};
	struct addrinfo *entries;
	size_t count = 0;
	char service[8];
	int status;

	*found = (struct addresses){0};
	if (family == AF_UNIX)
		return unix_address(path, found, error);
	snprintf(service, sizeof service, "%u", port);
	status = getaddrinfo(host, service, &hints, &entries);
	if (status != 0)
		return error_set(error, ERROR_UNREACHABLE, "no %s address for %.100s: %s", family_of(family)->name,
				 host, status == EAI_SYSTEM ? strerror(errno) : gai_strerror(status));
	for (const struct addrinfo *entry = entries; entry != NULL; entry = entry->ai_next)
		count++;
	found->list = calloc(count, sizeof *found->list);
	for (const struct addrinfo *entry = entries; entry != NULL && found->list != NULL; entry = entry->ai_next) {
		struct address *address = &found->list[found->count++];

		address->length = entry->ai_addrlen;
		memcpy(&address->storage, entry->ai_addr, entry->ai_addrlen);
	}
	freeaddrinfo(entries);
	return found->list == NULL ? error_no_memory(error) : 0;
}

void addresses_free(struct addresses *addresses)
{
	free(addresses->list);
	*addresses = (struct addresses){0};
}

const struct family *address_family_of(const char *host)
{
	char unscoped[INET6_ADDRSTRLEN];
	struct in6_addr any;
	size_t length = strcspn(host, "%");

	if (length >= sizeof unscoped)
		return NULL;
	memcpy(unscoped, host, length);
	unscoped[length] = '\0';
	if (inet_pton(AF_INET, unscoped, &any) == 1)
		return family_of(AF_INET);
	return inet_pton(AF_INET6, unscoped, &any) == 1 ? family_of(AF_INET6) : NULL;
}

size_t address_path_max(void)
{
	return sizeof(((struct sockaddr_un *)0)->sun_path) - 1;
}

unsigned address_numeric(const struct address *address, char host[HOST_SIZE])
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)&address->storage;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)&address->storage;
	size_t length;

	if (address->storage.ss_family != AF_INET6) {
		inet_ntop(AF_INET, &in->sin_addr, host, HOST_SIZE);
		return ntohs(in->sin_port);
	}
	inet_ntop(AF_INET6, &in6->sin6_addr, host, HOST_SIZE);
	length = strlen(host);
	if (in6->sin6_scope_id != 0)
		snprintf(host + length, HOST_SIZE - length, "%%%lu", (unsigned long)in6->sin6_scope_id);
	return ntohs(in6->sin6_port);
}

void address_name(const struct address *address, char name[NAME_SIZE])
{
	const struct sockaddr_un *un = as_unix(address);
	char host[HOST_SIZE];
	unsigned port;

	if (un != NULL) {
		size_t path_size = has_name(address) ? address->length - sizeof un->sun_family : 0;

		/* A name that begins with a NUL is in no file system; the field writes it with an @. */
		if (path_size > 0 && un->sun_path[0] == '\0')
			snprintf(name, NAME_SIZE, "@%.*s", (int)path_size - 1, un->sun_path + 1);
		else
			snprintf(name, NAME_SIZE, "%s", path_size > 0 ? un->sun_path : "unix");
		return;
	}
	port = address_numeric(address, host);
	snprintf(name, NAME_SIZE, strchr(host, ':') != NULL ? "[%s]:%u" : "%s:%u", host, port);
}

int address_is_loopback(const struct address *address)
{
	char host[HOST_SIZE];

	if (as_unix(address) != NULL)
		return 1;
	address_numeric(address, host);
	return strcmp(host, "::1") == 0 || strncmp(host, "127.", 4) == 0;
}

/* bind(2) says EADDRINUSE for a plain file, and connect(2) ECONNREFUSED: neither says that it is no socket. */
const char *address_what_is_there(const struct address *address)
{
	const struct sockaddr_un *un = as_unix(address);
	struct stat status;

	if (un == NULL || un->sun_path[0] == '\0' || stat(un->sun_path, &status) == -1)
		return "";
	if (S_ISREG(status.st_mode))
		return " (a plain file, not a socket)";
	return S_ISDIR(status.st_mode) ? " (a directory, not a socket)" : "";
}

static int unix_address(const char *path, struct addresses *found, struct error *error)
{
	struct sockaddr_un *un;

	found->list = calloc(1, sizeof *found->list);
	if (found->list == NULL)
		return error_no_memory(error);
	found->count = 1;
	found->list[0].length = sizeof *un;
	un = (struct sockaddr_un *)&found->list[0].storage;
	un->sun_family = AF_UNIX;
	snprintf(un->sun_path, sizeof un->sun_path, "%s", path);
	return 0;
}

/* NULL: it is of another family.  Only a unix socket can be without a name: recvfrom writes nothing then. */
static const struct sockaddr_un *as_unix(const struct address *address)
{
	return !has_name(address) || address->storage.ss_family == AF_UNIX
		       ? (const struct sockaddr_un *)&address->storage
		       : NULL;
}

static int has_name(const struct address *address)
{
	return address->length > sizeof address->storage.ss_family;
}
