/*
 * One program of the allow-list while it runs.
 *
 *     pipe2()  posix_spawn(program, arguments, {})
 *     0 = /dev/null     1 = 2 = 3 = the pipe
 *     read() = 0   ->   kill(the group)  waitpid()  ->  status, output
 *
 * The end of the pipe says that the program has ended.  Many programs close
 * their standard output a moment before that, so they get the pipe a third
 * time, under a number that no program closes.  What the program started, and left
 * behind, ends with it: it has a session, and so a process group, of its own.
 * Only what has left for a session of its own stays, and may hold the pipe; so
 * every now and then it is looked at the process, too.
 *
 * Python twin: pyside/net/execution.py.  Read next: net/timers.c.
 */
#define _GNU_SOURCE /* pipe2 and, for posix_spawn, chdir and setsid, which are in POSIX since 2024 */
#include "net/execution.h"

#include "net/netio.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CANNOT_RUN = 126, NOT_FOUND = 127, KILLED_BY = 128 };

/* How long the end of a program, or of its client, may go unnoticed where no descriptor tells, in seconds. */
static const double look_interval = 0.1;

static void refuse_name(struct execution *execution);
static int append_text(struct execution *execution, const char *text);
static void refuse(struct execution *execution, int number);
static int start(struct execution *execution, char **words);
static int spawn(pid_t *pid, char **words, int writer);
static int set_actions(posix_spawn_file_actions_t *actions, int writer);
static int set_attributes(posix_spawnattr_t *attributes);
static void plan(struct execution *execution);
static void end(struct execution *execution);
static void end_output(struct execution *execution);

void execution_start(struct execution *execution, const struct execution_limits *limits, const uint8_t *name,
		     size_t size)
{
	char **words = allowlist_find(limits->allow, name, size);
	int status;

	*execution = (struct execution){
		.limits = limits,
		.fd = -1,
		.limit = net_clock() + limits->max_runtime,
	};
	plan(execution);
	if (words == NULL) {
		errno == ENOENT ? refuse_name(execution) : refuse(execution, errno);
		return;
	}
	status = start(execution, words);
	free(words);
	if (status != 0)
		refuse(execution, status);
}

int execution_read(struct execution *execution)
{
	uint8_t data[STACK_CHUNK];
	size_t room = (size_t)execution->limits->max_output - buffer_size(&execution->output);
	ssize_t size = read(execution->fd, data, sizeof data);

	if (size == -1 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (size <= 0) {
		end(execution);
		return 0;
	}
	if (buffer_append(&execution->output, data, (size_t)size < room ? (size_t)size : room) == -1) {
		snprintf(execution->killed, sizeof execution->killed, "no memory for its output");
		end(execution);
	} else if ((size_t)size > room) {
		end_output(execution);
	}
	return 1;
}

void execution_look(struct execution *execution)
{
	/* Before the look: in between, this process may be stopped, and the program end in time. */
	double now = net_clock();

	if (!execution->has_ended)
		execution->has_ended = waitpid(execution->pid, &execution->wait_status, WNOHANG) == execution->pid;
	/* One that has ended may have left more in the pipe than a piece, while this process was stopped or busy. */
	while (execution_read(execution) && execution->has_ended && !execution->over)
		;
	if (execution->over)
		return;
	if (execution->has_ended) {
		end(execution);
	} else if (now >= execution->limit) {
		snprintf(execution->killed, sizeof execution->killed, "more than %g s", execution->limits->max_runtime);
		end(execution);
	}
	plan(execution);
}

const char *execution_killed(const struct execution *execution)
{
	return execution->killed[0] == '\0' ? NULL : execution->killed;
}

void execution_free(struct execution *execution)
{
	if (execution->fd != -1)
		end(execution);
	buffer_free(&execution->output);
}

static void refuse_name(struct execution *execution)
{
	execution->over = 1;
	execution->status = NOT_FOUND;
	append_text(execution, "unknown command, there are: ");
	allowlist_names(execution->limits->allow, &execution->output);
	append_text(execution, "\n");
}

static int append_text(struct execution *execution, const char *text)
{
	return buffer_append(&execution->output, (const uint8_t *)text, strlen(text));
}

static void refuse(struct execution *execution, int number)
{
	execution->over = 1;
	execution->status = number == ENOENT ? NOT_FOUND : CANNOT_RUN;
	append_text(execution, "cannot run: ");
	append_text(execution, strerror(number));
	append_text(execution, "\n");
}

/* 0, or an errno. */
static int start(struct execution *execution, char **words)
{
	int ends[2];
	int status;

	/* Another thread may start a program at this moment, and it must not inherit these. */
	if (pipe2(ends, O_CLOEXEC) == -1)
		return errno;
	status = fcntl(ends[0], F_SETFL, O_NONBLOCK) == -1 ? errno : spawn(&execution->pid, words, ends[1]);
	close(ends[1]);
	if (status == 0)
		execution->fd = ends[0];
	else
		close(ends[0]);
	return status;
}

/* 0, or an errno. */
static int spawn(pid_t *pid, char **words, int writer)
{
	char *nothing[] = {NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int status = posix_spawn_file_actions_init(&actions);

	if (status != 0)
		return status;
	status = posix_spawnattr_init(&attributes);
	if (status != 0)
		goto free_actions;
	status = set_actions(&actions, writer);
	if (status == 0)
		status = set_attributes(&attributes);
	if (status == 0)
		status = posix_spawn(pid, words[0], &actions, &attributes, words, nothing);
	posix_spawnattr_destroy(&attributes);
free_actions:
	posix_spawn_file_actions_destroy(&actions);
	return status;
}

static int set_actions(posix_spawn_file_actions_t *actions, int writer)
{
	int status = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);

	/* Descriptors without FD_CLOEXEC are these four; a writer that is 3 loses the flag all the same. */
	for (int fd = 1; status == 0 && fd <= 3; fd++)
		status = posix_spawn_file_actions_adddup2(actions, writer, fd);
#if defined __GLIBC_PREREQ && __GLIBC_PREREQ(2, 34)
	/* Ours have FD_CLOEXEC; those that the server itself inherited may not. */
	if (status == 0)
		status = posix_spawn_file_actions_addclosefrom_np(actions, 4);
#endif
	return status == 0 ? posix_spawn_file_actions_addchdir_np(actions, "/") : status;
}

static int set_attributes(posix_spawnattr_t *attributes)
{
	sigset_t signals;
	int status;

	/* SIGPIPE is ignored here, and in a forked child SIGINT; a program expects neither. */
	sigfillset(&signals);
	status = posix_spawnattr_setsigdefault(attributes, &signals);
	sigemptyset(&signals);
	if (status == 0)
		status = posix_spawnattr_setsigmask(attributes, &signals);
	if (status == 0)
		status = posix_spawnattr_setflags(attributes,
						  POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
	return status;
}

/* When to look next. */
static void plan(struct execution *execution)
{
	double soon = net_clock() + look_interval;

	execution->deadline = soon < execution->limit ? soon : execution->limit;
}

static void end(struct execution *execution)
{
	int status;

	kill(-execution->pid, SIGKILL);
	while (!execution->has_ended && waitpid(execution->pid, &execution->wait_status, 0) == -1 && errno == EINTR)
		continue;
	status = execution->wait_status;
	close(execution->fd);
	execution->fd = -1;
	execution->over = 1;
	/* Killed, even where the program was quicker than the signal. */
	if (execution->killed[0] != '\0')
		execution->status = KILLED_BY + SIGKILL;
	else
		execution->status = WIFEXITED(status) ? WEXITSTATUS(status) : KILLED_BY + WTERMSIG(status);
}

static void end_output(struct execution *execution)
{
	snprintf(execution->killed, sizeof execution->killed, "more than %" PRIu64 " bytes of output",
		 execution->limits->max_output);
	end(execution);
}
