/*
 * What works on any descriptor: read, write, close, dup, fcntl, ioctl.  Recorded
 * where the descriptor is a socket; those that make and unmake descriptors, for
 * epoll's too.
 *
 * Read next: waiting.c.
 */
#include "calls/notation.h"
#include "calls/notes.h"
#include "calls/real.h"
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

int dup3(int old, int new, int flags);
int close_range(unsigned first, unsigned last, int flags);
void closefrom(int first);
int fcntl64(int fd, int command, ...);
ssize_t __read_chk(int fd, void *data, size_t count, size_t room);

/*
 * Asked every time.  A table of the sockets that were made would be wrong as
 * soon as one is closed where the recorder does not see it: fclose.
 */
static mode_t type_of(int fd)
{
	int saved = errno;
	struct stat found;
	int status = fstat(fd, &found);
	errno = saved;
	return status == -1 ? S_IFREG : found.st_mode & S_IFMT;
}

static int is_socket(int fd)
{
	return type_of(fd) == S_IFSOCK;
}

/* An epoll descriptor has no type at all: it is an anonymous inode.  A negative number is worth seeing too. */
static int is_ours(int fd)
{
	mode_t type = fd < 0 ? 0 : type_of(fd);
	return type == S_IFSOCK || type == 0;
}

static size_t some(ssize_t count)
{
	return count < 0 ? 0 : (size_t)count;
}

REAL(read);
ssize_t read(int fd, void *data, size_t count)
{
	find_read();
	struct record *record = is_socket(fd) ? enter("read", "fu", fd, count) : NULL;
	ssize_t got = real_read(fd, data, count);
	leave(record, got, "B", data, some(got));
	return got;
}

REAL(__read_chk);
ssize_t __read_chk(int fd, void *data, size_t count, size_t room)
{
	find___read_chk();
	struct record *record = is_socket(fd) ? enter("read", "fu", fd, count) : NULL;
	ssize_t got = real___read_chk(fd, data, count, room);
	leave(record, got, "B", data, some(got));
	return got;
}

REAL(write);
ssize_t write(int fd, const void *data, size_t count)
{
	find_write();
	struct record *record = is_socket(fd) ? enter("write", "fBu", fd, data, count, count) : NULL;
	ssize_t sent = real_write(fd, data, count);
	leave(record, sent, "");
	return sent;
}

REAL(readv);
ssize_t readv(int fd, const struct iovec *pieces, int count)
{
	find_readv();
	struct record *record = is_socket(fd) ? enter("readv", "fd", fd, count) : NULL;
	ssize_t got = real_readv(fd, pieces, count);
	leave(record, got, "i", pieces, (size_t)count, some(got));
	return got;
}

REAL(writev);
ssize_t writev(int fd, const struct iovec *pieces, int count)
{
	find_writev();
	struct record *record =
		is_socket(fd) ? enter("writev", "fid", fd, pieces, (size_t)count, (size_t)-1, count) : NULL;
	ssize_t sent = real_writev(fd, pieces, count);
	leave(record, sent, "");
	return sent;
}

REAL(close);
int close(int fd)
{
	find_close();
	struct record *record = is_ours(fd) ? enter("close", "f", fd) : NULL;
	note_buffers(record, fd);
	int result = real_close(fd);
	leave(record, result, "");
	return result;
}

/* The sockets among the first descriptors from a number on: as many as a set can hold. */
static int find_ours(unsigned first, unsigned last, fd_set *ours)
{
	int found = 0;
	FD_ZERO(ours);
	for (unsigned fd = first; fd <= last && fd < FD_SETSIZE; fd++)
		if (is_ours((int)fd)) {
			FD_SET((int)fd, ours);
			found = 1;
		}
	return found;
}

REAL(close_range);
int close_range(unsigned first, unsigned last, int flags)
{
	find_close_range();
	fd_set ours;
	struct record *record = NULL;
	if (find_ours(first, last, &ours))
		record = enter("close_range", "uud", (size_t)first, (size_t)last, flags);
	int result = real_close_range(first, last, flags);
	leave(record, result, "S", &ours, FD_SETSIZE);
	return result;
}

REAL(closefrom);
void closefrom(int first)
{
	find_closefrom();
	fd_set ours;
	struct record *record = NULL;
	if (first >= 0 && find_ours((unsigned)first, FD_SETSIZE - 1, &ours))
		record = enter("closefrom", "d", first);
	real_closefrom(first);
	leave_words(record, "", "S", &ours, FD_SETSIZE);
}

REAL(dup);
int dup(int fd)
{
	find_dup();
	struct record *record = is_ours(fd) ? enter("dup", "f", fd) : NULL;
	int copy = real_dup(fd);
	leave_descriptor(record, copy, "");
	return copy;
}

REAL(dup2);
int dup2(int old, int new)
{
	find_dup2();
	/* It ends what the second number was, too. */
	struct record *record = is_ours(old) || is_ours(new) ? enter("dup2", "ff", old, new) : NULL;
	int copy = real_dup2(old, new);
	leave_descriptor(record, copy, "");
	return copy;
}

REAL(dup3);
int dup3(int old, int new, int flags)
{
	find_dup3();
	struct record *record = is_ours(old) || is_ours(new) ? enter("dup3", "ffd", old, new, flags) : NULL;
	int copy = real_dup3(old, new, flags);
	leave_descriptor(record, copy, "");
	return copy;
}

/* Part of its caller, so that the address behind the call is that in the program. */
static inline __attribute__((always_inline)) struct record *enter_fcntl(int fd, int command, long argument)
{
	if (!is_ours(fd))
		return NULL;
	if (command == F_SETFL)
		return enter("fcntl", "fCL", fd, command, (unsigned)argument);
	if (command == F_SETFD)
		return enter("fcntl", "fCD", fd, command, (unsigned)argument);
	if (command == F_DUPFD || command == F_DUPFD_CLOEXEC)
		return enter("fcntl", "fCd", fd, command, (int)argument);
	return enter("fcntl", "fC", fd, command);
}

static void leave_fcntl(struct record *record, int command, int result)
{
	if (command == F_DUPFD || command == F_DUPFD_CLOEXEC)
		leave_descriptor(record, result, "");
	else if (command == F_GETFL)
		leave(record, result, "L", (unsigned)result);
	else if (command == F_GETFD)
		leave(record, result, "D", (unsigned)result);
	else
		leave(record, result, "");
}

REAL(fcntl);
/* The third argument is an int, a pointer or nothing; a long is wide enough to hand each of them on. */
int fcntl(int fd, int command, ...)
{
	find_fcntl();
	va_list arguments;
	va_start(arguments, command);
	long argument = va_arg(arguments, long);
	va_end(arguments);
	struct record *record = enter_fcntl(fd, command, argument);
	int result = real_fcntl(fd, command, argument);
	leave_fcntl(record, command, result);
	return result;
}

REAL(fcntl64);
int fcntl64(int fd, int command, ...)
{
	find_fcntl64();
	va_list arguments;
	va_start(arguments, command);
	long argument = va_arg(arguments, long);
	va_end(arguments);
	struct record *record = enter_fcntl(fd, command, argument);
	int result = real_fcntl64(fd, command, argument);
	leave_fcntl(record, command, result);
	return result;
}

REAL(ioctl);
int ioctl(int fd, unsigned long request, ...)
{
	find_ioctl();
	va_list arguments;
	va_start(arguments, request);
	void *argument = va_arg(arguments, void *);
	va_end(arguments);
	struct record *record = NULL;
	if (is_ours(fd) && request == FIONBIO)
		record = enter("ioctl", "fIv", fd, (int)request, argument, (unsigned)sizeof(int));
	else if (is_ours(fd))
		record = enter("ioctl", "fI", fd, (int)request);
	int result = real_ioctl(fd, request, argument);
	if (request == FIONREAD)
		leave(record, result, "v", argument, (unsigned)sizeof(int));
	else
		leave(record, result, "");
	return result;
}
