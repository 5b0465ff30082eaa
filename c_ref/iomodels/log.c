/*
 * The log of a server: lines on standard error that never block the server.
 *
 *     server: 127.0.0.1:55555: truncated: end of input inside a frame: 3 of 9 bytes
 *     server: 17 lines were lost: standard error took no more
 *
 * A log must not stop what it tells about.  Standard error may be a pipe that
 * nobody reads, a full disk, or closed: a line that would block, or fails, is
 * counted instead.  A line is one write of less than PIPE_BUF bytes, so those of
 * threads and children do not mix (pipe(7)); and it is printable ASCII, so
 * that nothing that a peer sends can write escapes or lines of its own.
 *
 * Python twin: pyside/iomodels/log.py.  Read next: iomodels/service.c.
 */
#include "iomodels/log.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

enum { LINE_MAX = 1024, ESCAPE_MAX = 5 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static unsigned long lost;

static size_t append_line(char *to, size_t size, const char *text);
static size_t append_printable(char *to, size_t size, size_t room, const char *text);
static int takes(const char *data, size_t size);

void log_write(const char *line)
{
	char data[2 * LINE_MAX];
	size_t size = 0;

	pthread_mutex_lock(&mutex);
	if (lost > 0) {
		char text[80];

		snprintf(text, sizeof text, "%lu lines were lost: standard error took no more", lost);
		size = append_line(data, size, text);
	}
	size = append_line(data, size, line);
	lost = takes(data, size) ? 0 : lost + 1;
	pthread_mutex_unlock(&mutex);
}

/* Append at most LINE_MAX bytes; the new size. */
static size_t append_line(char *to, size_t size, const char *text)
{
	size_t room = size + LINE_MAX - 1;

	size = append_printable(to, size, room, "server: ");
	size = append_printable(to, size, room, text);
	to[size++] = '\n';
	return size;
}

/* Append text, every byte that is not printable ASCII as \xNN, up to room; the new size. */
static size_t append_printable(char *to, size_t size, size_t room, const char *text)
{
	for (; *text != '\0' && size < room; text++) {
		char escape[ESCAPE_MAX] = {*text};

		if (*text < 0x20 || *text > 0x7e)
			snprintf(escape, sizeof escape, "\\x%02x", (unsigned)(unsigned char)*text);
		for (const char *byte = escape; *byte != '\0' && size < room; byte++)
			to[size++] = *byte;
	}
	return size;
}

/* Write, unless that would wait; whether everything was taken. */
static int takes(const char *data, size_t size)
{
	struct pollfd fd = {.fd = STDERR_FILENO, .events = POLLOUT};

	/* A pipe is writable when there is room for PIPE_BUF bytes, so this write does not wait. */
	return poll(&fd, 1, 0) == 1 && write(STDERR_FILENO, data, size) == (ssize_t)size;
}
