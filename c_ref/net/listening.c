/*
 * The server's end of the BSD calls: socket, bind, listen, accept, and which users are admitted.
 *
 *     socket()  bind()  listen()        listening_listen
 *         accept()                      listening_accept
 *
 * Whatever accept says about one connection must not end the others: only when
 * descriptors or memory run out does a server wait.
 *
 * Call by call, as Python makes them: python -m pyside map accept.
 * Python twin: pyside/net/listening.py.  Read next: net/signals.c.
 */
#define _GNU_SOURCE /* accept4, which is in POSIX since 2024, and struct ucred of unix(7) */
#include "net/listening.h"

#include "wire/errors.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static void remove_stale(const struct address *address, int type);
static int set_option(int fd, int level, int name);
static const char *path_of(const struct address *address);

int listening_listen(const struct address *address, int type, struct error *error)
{
	int family = address->storage.ss_family;
	int listener = socket(family, type, 0);

	if (listener == -1)
		return net_unreachable("cannot listen on", address, errno, error);
	net_prepare(listener);
	if (family == AF_UNIX)
		remove_stale(address, type);
	/*
	 * Without it, connections of an earlier server in TIME_WAIT keep the port.  A datagram socket has no such
	 * past: there it would let two servers share a port, and one of them hear nothing.
	 */
	else if (type == SOCK_STREAM && set_option(listener, SOL_SOCKET, SO_REUSEADDR) == -1)
		goto fail;
	if (family == AF_INET6 && set_option(listener, IPPROTO_IPV6, IPV6_V6ONLY) == -1)
		goto fail;
	if (bind(listener, (const struct sockaddr *)&address->storage, address->length) == -1)
		goto fail;
	if (type != SOCK_DGRAM && listen(listener, SOMAXCONN) == -1)
		goto fail;
	return listener;
fail:
	net_unreachable("cannot listen on", address, errno, error);
	close(listener);
	return -1;
}

int listening_exhausted(int number)
{
	return number == EMFILE || number == ENFILE || number == ENOBUFS || number == ENOMEM;
}

int listening_accept(int listener, char peer[NAME_SIZE])
{
	struct address address = {.length = sizeof address.storage};
	/* A program that another thread starts at this moment must not inherit it: fcntl would come too late. */
	int fd = accept4(listener, (struct sockaddr *)&address.storage, &address.length, SOCK_CLOEXEC);

	if (fd == -1)
		return -1;
	net_prepare(fd);
	address_name(&address, peer);
	return fd;
}

uid_t listening_peer_user(int fd)
{
	struct ucred credentials = {.uid = (uid_t)-1};
	socklen_t size = sizeof credentials;

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == -1 ? (uid_t)-1 : credentials.uid;
}

int listening_announcement(int listener, char line[NAME_SIZE])
{
	struct address address = {.length = sizeof address.storage};
	char host[HOST_SIZE];
	unsigned port;

	if (getsockname(listener, (struct sockaddr *)&address.storage, &address.length) == -1)
		return -1;
	if (address.storage.ss_family == AF_UNIX) {
		snprintf(line, NAME_SIZE, "LISTENING %s", path_of(&address));
		return 0;
	}
	port = address_numeric(&address, host);
	snprintf(line, NAME_SIZE, "LISTENING %s %u", host, port);
	return 0;
}

void listening_forget(int listener)
{
	struct address address = {.length = sizeof address.storage};
	int named = getsockname(listener, (struct sockaddr *)&address.storage, &address.length) == 0;

	close(listener);
	if (named && address.storage.ss_family == AF_UNIX)
		unlink(path_of(&address));
}

/* Remove a socket that a dead server left behind; bind(2) would say EADDRINUSE for ever. */
static void remove_stale(const struct address *address, int type)
{
	const char *path = path_of(address);
	struct stat status;
	int probe;

	if (stat(path, &status) == -1 || !S_ISSOCK(status.st_mode))
		return;
	probe = socket(AF_UNIX, type, 0);
	if (probe == -1)
		return;
	if (connect(probe, (const struct sockaddr *)&address->storage, address->length) == -1 && errno == ECONNREFUSED)
		unlink(path);
	close(probe);
}

static int set_option(int fd, int level, int name)
{
	int one = 1;

	return setsockopt(fd, level, name, &one, sizeof one);
}

static const char *path_of(const struct address *address)
{
	return ((const struct sockaddr_un *)&address->storage)->sun_path;
}
