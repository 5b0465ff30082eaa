/*
 * SIGTERM and SIGINT as a file descriptor (the self-pipe of D. J. Bernstein).
 *
 * A signal that arrives just before poll() would be noticed only after it.  So
 * the handler writes a byte into a pipe, and code that waits for a socket
 * waits for the pipe too.  The byte is never read: the pipe stays readable, so
 * that one byte stops every thread and every forked child.
 *
 * Python twin: pyside/net/signals.py.  Read next: net/datagrams.c.
 */
#include "net/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

int signals_stop_fd = -1;
static int stop_writer = -1;
static int child_writer = -1;

static int nonblocking_pipe(int ends[2]);
static int catch_signal(int number, void (*handler)(int));
static void on_stop(int number);
static void notify(int writer);
static void on_child(int number);

int signals_catch_stop(void)
{
	sigset_t signals;
	int ends[2];

	if (nonblocking_pipe(ends) == -1)
		return -1;
	signals_stop_fd = ends[0];
	stop_writer = ends[1];
	/* A process inherits which signals are blocked, and which ignored: with SIGCHLD, no child's status is kept. */
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGCHLD);
	if (catch_signal(SIGTERM, on_stop) == -1 || catch_signal(SIGINT, on_stop) == -1 ||
	    catch_signal(SIGCHLD, SIG_DFL) == -1)
		return -1;
	return sigprocmask(SIG_UNBLOCK, &signals, NULL);
}

int signals_catch_children(void)
{
	int ends[2];

	if (nonblocking_pipe(ends) == -1)
		return -1;
	child_writer = ends[1];
	return catch_signal(SIGCHLD, on_child) == -1 ? -1 : ends[0];
}

/* Ctrl-C reaches the whole process group; the child leaves it to the parent, which answers through the pipe. */
void signals_restore_in_child(void)
{
	catch_signal(SIGTERM, SIG_DFL);
	catch_signal(SIGCHLD, SIG_DFL);
	catch_signal(SIGINT, SIG_IGN);
}

void signals_drain(int fd)
{
	char bytes[512];

	while (read(fd, bytes, sizeof bytes) > 0)
		continue;
}

/* A full pipe has already said what a signal has to say, so its ends never block. */
static int nonblocking_pipe(int ends[2])
{
	if (pipe(ends) == -1)
		return -1;
	for (int i = 0; i < 2; i++)
		if (fcntl(ends[i], F_SETFL, O_NONBLOCK) == -1 || fcntl(ends[i], F_SETFD, FD_CLOEXEC) == -1)
			return -1;
	return 0;
}

static int catch_signal(int number, void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler};

	sigemptyset(&action.sa_mask);
	return sigaction(number, &action, NULL);
}

static void on_stop(int number)
{
	(void)number;
	notify(stop_writer);
}

static void notify(int writer)
{
	int saved = errno;
	ssize_t written = write(writer, "!", 1);

	(void)written;
	errno = saved;
}

static void on_child(int number)
{
	(void)number;
	notify(child_writer);
}
