/*
 * Making sockets, naming them, connecting them, their options.
 *
 * Each function has the name and the prototype of the C library's; the loader
 * finds it first because of LD_PRELOAD.  Read next: data.c.
 */
#include "calls/notation.h"
#include "calls/notes.h"
#include "calls/real.h"
#include <stddef.h>
#include <sys/socket.h>

int accept4(int fd, struct sockaddr *restrict address, socklen_t *restrict length, int flags);

REAL(socket);
int socket(int family, int type, int protocol)
{
	find_socket();
	struct record *record = enter("socket", "FTd", family, type, protocol);
	int fd = real_socket(family, type, protocol);
	leave_descriptor(record, fd, "");
	return fd;
}

REAL(socketpair);
int socketpair(int family, int type, int protocol, int fds[2])
{
	find_socketpair();
	struct record *record = enter("socketpair", "FTd", family, type, protocol);
	int result = real_socketpair(family, type, protocol, fds);
	leave(record, result, "ff", fds[0], fds[1]);
	return result;
}

REAL(bind);
int bind(int fd, const struct sockaddr *address, socklen_t length)
{
	find_bind();
	struct record *record = enter("bind", "fa", fd, address, length);
	int result = real_bind(fd, address, length);
	note_names(record, fd); /* port 0 has become another */
	leave(record, result, "");
	return result;
}

REAL(listen);
int listen(int fd, int backlog)
{
	find_listen();
	struct record *record = enter("listen", "fd", fd, backlog);
	int result = real_listen(fd, backlog);
	note_names(record, fd); /* without bind, the kernel chose a port now */
	leave(record, result, "");
	return result;
}

/* What the kernel says about the length of an address: of the true one, which may be longer than what it could copy. */
static socklen_t copied(const socklen_t *length, socklen_t room)
{
	return length == NULL ? 0 : *length < room ? *length : room;
}

REAL(accept);
int accept(int fd, struct sockaddr *restrict address, socklen_t *restrict length)
{
	find_accept();
	socklen_t room = length == NULL ? 0 : *length;
	struct record *record = enter("accept", "f", fd);
	int connection = real_accept(fd, address, length);
	if (connection != -1)
		note_names(record, connection);
	leave_descriptor(record, connection, "a", address, copied(length, room));
	return connection;
}

REAL(accept4);
int accept4(int fd, struct sockaddr *restrict address, socklen_t *restrict length, int flags)
{
	find_accept4();
	socklen_t room = length == NULL ? 0 : *length;
	struct record *record = enter("accept4", "fG", fd, flags);
	int connection = real_accept4(fd, address, length, flags);
	if (connection != -1)
		note_names(record, connection);
	leave_descriptor(record, connection, "a", address, copied(length, room));
	return connection;
}

REAL(connect);
int connect(int fd, const struct sockaddr *address, socklen_t length)
{
	find_connect();
	struct record *record = enter("connect", "fa", fd, address, length);
	int result = real_connect(fd, address, length);
	note_names(record, fd); /* of one that is in progress, too */
	leave(record, result, "");
	return result;
}

REAL(getsockname);
int getsockname(int fd, struct sockaddr *restrict address, socklen_t *restrict length)
{
	find_getsockname();
	socklen_t room = length == NULL ? 0 : *length;
	struct record *record = enter("getsockname", "f", fd);
	int result = real_getsockname(fd, address, length);
	leave(record, result, "a", address, copied(length, room));
	return result;
}

REAL(getpeername);
int getpeername(int fd, struct sockaddr *restrict address, socklen_t *restrict length)
{
	find_getpeername();
	socklen_t room = length == NULL ? 0 : *length;
	struct record *record = enter("getpeername", "f", fd);
	int result = real_getpeername(fd, address, length);
	leave(record, result, "a", address, copied(length, room));
	return result;
}

REAL(getsockopt);
int getsockopt(int fd, int level, int option, void *restrict value, socklen_t *restrict length)
{
	find_getsockopt();
	struct record *record = enter("getsockopt", "fo", fd, level, option);
	int result = real_getsockopt(fd, level, option, value, length);
	leave(record, result, "O", level, option, value, length == NULL ? 0 : *length);
	return result;
}

REAL(setsockopt);
int setsockopt(int fd, int level, int option, const void *value, socklen_t length)
{
	find_setsockopt();
	struct record *record = enter("setsockopt", "foO", fd, level, option, level, option, value, length);
	int result = real_setsockopt(fd, level, option, value, length);
	leave(record, result, "");
	return result;
}

REAL(shutdown);
int shutdown(int fd, int how)
{
	find_shutdown();
	struct record *record = enter("shutdown", "fh", fd, how);
	int result = real_shutdown(fd, how);
	leave(record, result, "");
	return result;
}
