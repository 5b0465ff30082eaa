/*
 * Standard input, output and error, in whatever state a program was given
 * them: closed, non-blocking, full.
 *
 *     closed        the next socket would get its number: replies written into
 *                   the connection, the server's bytes read as messages
 *     non-blocking  O_NONBLOCK belongs to the open file, not to a process: anybody
 *                   who has the same terminal or pipe may have set it
 *
 * So /dev/null takes the place of a closed one, opened the wrong way round:
 * reading or writing it fails with EBADF, as it would have.  Only standard error
 * takes, and loses, what is written.
 *
 * Python twin: pyside/programs/standard.py.  Read next: programs/messages.c.
 */
#include "programs/standard.h"

#include "net/netio.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static const int flags_of[] = {
	[STDIN_FILENO] = O_WRONLY,
	[STDOUT_FILENO] = O_RDONLY,
	[STDERR_FILENO] = O_WRONLY,
};

static int wait_for(int fd, short events);

void standard_open_closed(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) == -1) {
			/* The lowest that is free, which is this one: those below it are open by now. */
			int opened = open("/dev/null", flags_of[fd]);

			(void)opened;
		}
}

ssize_t standard_read(int fd, uint8_t *data, size_t size)
{
	ssize_t got;

	do
		got = read(fd, data, size);
	while (got == -1 && wait_for(fd, POLLIN));
	return got;
}

int standard_write(int fd, const uint8_t *data, size_t size)
{
	while (size > 0) {
		ssize_t written = write(fd, data, size);

		if (written == -1 && !wait_for(fd, POLLOUT))
			return -1;
		if (written > 0) {
			data += written;
			size -= (size_t)written;
		}
	}
	return 0;
}

void standard_complain(const char *format, ...)
{
	enum { LINE_SIZE = 1024 };
	char line[LINE_SIZE + 1];
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(line, LINE_SIZE, format, arguments);
	va_end(arguments);
	if (size < 0)
		return;
	if (size > LINE_SIZE - 1)
		size = LINE_SIZE - 1;
	line[size++] = '\n';
	standard_write(STDERR_FILENO, (const uint8_t *)line, (size_t)size);
}

/* After -1: whether to call again, now that it may go on. */
static int wait_for(int fd, short events)
{
	struct pollfd ready = {.fd = fd, .events = events};

	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return net_poll(&ready, 1, -1) != -1;
	return errno == EINTR;
}
