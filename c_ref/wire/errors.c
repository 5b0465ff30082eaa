/*
 * What can go wrong between two peers, and the exit status that says so.
 *
 * Python twin: pyside/wire/errors.py.  Read next: wire/buffer.c.
 */
#include "wire/errors.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	int exit_status;
} kinds[] = {
	[ERROR_NONE] = {"none", 0},
	[ERROR_WRONG] = {"wrong", 1},
	[ERROR_UNSENDABLE] = {"unsendable", 2},
	[ERROR_TOO_LONG] = {"too-long", 3},
	[ERROR_MALFORMED] = {"malformed", 3},
	[ERROR_TRUNCATED] = {"truncated", 3},
	[ERROR_TIMED_OUT] = {"timed-out", 4},
	[ERROR_UNREACHABLE] = {"unreachable", 5},
	[ERROR_RESET] = {"reset", 5},
	[ERROR_NO_MEMORY] = {"no-memory", 70},
	[ERROR_STOPPED] = {"stopped", 0},
};

const char *error_name(enum error_kind kind)
{
	return kinds[kind].name;
}

int error_exit_status(enum error_kind kind)
{
	return kinds[kind].exit_status;
}

int error_set(struct error *error, enum error_kind kind, const char *format, ...)
{
	va_list arguments;

	error->kind = kind;
	va_start(arguments, format);
	vsnprintf(error->text, sizeof error->text, format, arguments);
	va_end(arguments);
	return -1;
}

int error_no_memory(struct error *error)
{
	return error_set(error, ERROR_NO_MEMORY, "%s", strerror(ENOMEM));
}

int error_silence(struct error *error, double seconds)
{
	return error_set(error, ERROR_TIMED_OUT, "silence for %g s", seconds);
}

int error_from_errno(struct error *error)
{
	return error_set(error, errno == ETIMEDOUT ? ERROR_TIMED_OUT : ERROR_RESET, "%s", strerror(errno));
}
