/*
 * The server's end of the BSD calls: socket, bind, listen, accept, and which users are admitted.
 *
 *     socket()  bind()  listen()        listening_listen
 *         accept()                      listening_accept
 *
 * Whatever accept says about one connection must not end the others: only when
 * descriptors or memory run out does a server wait.
 *
 * A unix socket leaves its path behind when its server is killed, and bind says
 * EADDRINUSE for it ever after.  So a path where nobody listens is removed; but
 * between the look, unlink, bind and listen another server may do the same.
 * They lock the folder against each other, flock(2), and a server that ends
 * removes only the file that it made.
 *
 * Call by call, as Python makes them: python -m pyside map accept.
 * Python twin: pyside/net/listening.py.  Read next: net/signals.c.
 */
#define _GNU_SOURCE /* accept4, which is in POSIX since 2024, and struct ucred of unix(7) */
#include "net/listening.h"

#include "wire/errors.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* How long another server may hold the lock of a folder, in seconds, and how often it is asked for. */
static const double lock_patience = 2, lock_pause = 0.01;

static int is_file_at(const struct listening_file *file, const char *path);
static int lock_folder(const char *path);
static int open_folder(const char *path);
static void unlock_folder(int lock);
static void remove_stale(const struct address *address, int type);
static int set_option(int fd, int level, int name);
static const char *path_of(const struct address *address);

int listening_listen(const struct address *address, int type, struct error *error)
{
	int family = address->storage.ss_family;
	int listener = socket(family, type, 0);
	int lock = -1;

	if (listener == -1)
		return net_unreachable("cannot listen on", address, errno, error);
	net_prepare(listener);
	if (family == AF_UNIX) {
		lock = lock_folder(path_of(address));
		if (lock != -1)
			remove_stale(address, type);
	}
	/*
	 * Without it, connections of an earlier server in TIME_WAIT keep the port.  A datagram socket has no such
	 * past: there it would let two servers share a port, and one of them hear nothing.
	 */
	if (family != AF_UNIX && type == SOCK_STREAM && set_option(listener, SOL_SOCKET, SO_REUSEADDR) == -1)
		goto fail;
	if (family == AF_INET6 && set_option(listener, IPPROTO_IPV6, IPV6_V6ONLY) == -1)
		goto fail;
	if (bind(listener, (const struct sockaddr *)&address->storage, address->length) == -1)
		goto fail;
	if (type != SOCK_DGRAM && listen(listener, SOMAXCONN) == -1)
		goto fail;
	goto unlock;
fail:
	net_unreachable("cannot listen on", address, errno, error);
	close(listener);
	listener = -1;
unlock:
	unlock_folder(lock);
	return listener;
}

void listening_file_of(const struct address *address, struct listening_file *file)
{
	struct stat status;

	*file = (struct listening_file){0};
	if (address->storage.ss_family != AF_UNIX || lstat(path_of(address), &status) == -1)
		return;
	*file = (struct listening_file){.exists = 1, .device = status.st_dev, .inode = status.st_ino};
}

int listening_exhausted(int number)
{
	return number == EMFILE || number == ENFILE || number == ENOBUFS || number == ENOMEM;
}

int listening_accept(int listener, char peer[NAME_SIZE])
{
	struct address address = {.length = sizeof address.storage};
	/* A program that another thread starts at this moment must not inherit it: fcntl would come too late. */
	int fd = accept4(listener, (struct sockaddr *)&address.storage, &address.length, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd == -1)
		return -1;
	net_no_delay(fd);
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

void listening_forget(int listener, const struct listening_file *file)
{
	struct address address = {.length = sizeof address.storage};
	int lock;

	if (!file->exists || getsockname(listener, (struct sockaddr *)&address.storage, &address.length) == -1) {
		close(listener);
		return;
	}
	lock = lock_folder(path_of(&address));
	/* Before the close: as long as the socket is open, no other file can get its inode. */
	if (is_file_at(file, path_of(&address)))
		unlink(path_of(&address));
	close(listener);
	unlock_folder(lock);
}

static int is_file_at(const struct listening_file *file, const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && status.st_dev == file->device && status.st_ino == file->inode;
}

/* Keep other servers from starting or ending in the folder of a path.  -1: it cannot be locked, so nothing is stale. */
static int lock_folder(const char *path)
{
	double deadline = net_clock() + lock_patience;
	int lock = open_folder(path);

	while (lock != -1 && flock(lock, LOCK_EX | LOCK_NB) == -1) {
		if ((errno != EWOULDBLOCK && errno != EINTR) || net_clock() >= deadline) {
			close(lock);
			return -1;
		}
		net_poll(NULL, 0, lock_pause);
	}
	return lock;
}

static int open_folder(const char *path)
{
	char folder[sizeof((struct sockaddr_un *)0)->sun_path + 1];
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		snprintf(folder, sizeof folder, ".");
	else
		snprintf(folder, sizeof folder, "%.*s", (int)(slash - path) + 1, path);
	return open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void unlock_folder(int lock)
{
	if (lock != -1)
		close(lock);
}

/* Remove a socket where nobody listens. */
static void remove_stale(const struct address *address, int type)
{
	const char *path = path_of(address);
	struct stat status;
	int probe;

	if (lstat(path, &status) == -1 || !S_ISSOCK(status.st_mode))
		return;
	/* While the backlog is full, connect would wait (unix(7)): then it fails with EAGAIN, and somebody is there. */
	probe = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
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
