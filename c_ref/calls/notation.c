#include "calls/notation.h"
#include "calls/constants.h"
#include "calls/notes.h"
#include "calls/recording.h"
#include "calls/structures.h"
#include "calls/text.h"
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

static void put_items(struct record *record, const char *separator, const char *letters, va_list *items);
static int begin_result(struct record *record, long result);
static void end_result(struct record *record, const char *letters, va_list *items);

struct record *enter_from(const void *caller, const char *name, const char *letters, ...)
{
	int saved = errno;
	struct record *record = record_begin(caller);
	va_list items;
	if (record == NULL)
		goto out;
	put_text(record, name);
	put_byte(record, '(');
	va_start(items, letters);
	put_items(record, ", ", letters, &items);
	va_end(items);
	put_byte(record, ')');
	record_entered(record);
out:
	errno = saved;
	return record;
}

void leave(struct record *record, long result, const char *letters, ...)
{
	int saved = errno;
	va_list items;
	va_start(items, letters);
	if (begin_result(record, result)) {
		put_number(record, result);
		end_result(record, letters, &items);
	}
	va_end(items);
	errno = saved;
}

void leave_descriptor(struct record *record, int fd, const char *letters, ...)
{
	int saved = errno;
	va_list items;
	va_start(items, letters);
	if (begin_result(record, fd)) {
		put_descriptor(record, fd);
		end_result(record, letters, &items);
	}
	va_end(items);
	errno = saved;
}

void leave_words(struct record *record, const char *words, const char *letters, ...)
{
	int saved = errno;
	va_list items;
	va_start(items, letters);
	if (begin_result(record, 0)) {
		put_text(record, words);
		end_result(record, letters, &items);
	}
	va_end(items);
	errno = saved;
}

static void put_items(struct record *record, const char *separator, const char *letters, va_list *items)
{
	for (const char *letter = letters; *letter != '\0'; letter++) {
		const void *pointer;
		int number, option;
		size_t count, limit;
		if (letter != letters)
			put_text(record, separator);
		switch (*letter) {
		case 'f':
			put_descriptor(record, va_arg(*items, int));
			break;
		case 'd':
			put_number(record, va_arg(*items, int));
			break;
		case 'u':
			put_unsigned(record, va_arg(*items, size_t));
			break;
		case 's':
			pointer = va_arg(*items, const char *);
			put_quoted(record, pointer, pointer == NULL ? 0 : strlen(pointer));
			break;
		case 'N':
			put_service(record, va_arg(*items, const char *));
			break;
		case 'b':
			pointer = va_arg(*items, const void *);
			put_quoted(record, pointer, va_arg(*items, size_t));
			break;
		case 'B':
			pointer = va_arg(*items, const void *);
			count = va_arg(*items, size_t);
			put_quoted(record, pointer, count);
			note_data(record, pointer, count);
			break;
		case 'a':
			pointer = va_arg(*items, const struct sockaddr *);
			put_address(record, pointer, va_arg(*items, socklen_t));
			break;
		case 'F':
			put_constant(record, FAMILIES, va_arg(*items, int));
			break;
		case 'T':
			put_type(record, va_arg(*items, int));
			break;
		case 'G':
			put_flags(record, TYPE_FLAGS, va_arg(*items, unsigned));
			break;
		case 'H':
			put_flags(record, EPOLL_FLAGS, va_arg(*items, unsigned));
			break;
		case 'm':
			put_flags(record, MESSAGE_FLAGS, va_arg(*items, unsigned));
			break;
		case 'h':
			put_constant(record, HOWS, va_arg(*items, int));
			break;
		case 'o':
			number = va_arg(*items, int);
			put_option(record, number, va_arg(*items, int));
			break;
		case 'v':
			pointer = va_arg(*items, const void *);
			put_value(record, pointer, va_arg(*items, socklen_t));
			break;
		case 'O':
			number = va_arg(*items, int);
			option = va_arg(*items, int);
			pointer = va_arg(*items, const void *);
			put_option_value(record, number, option, pointer, va_arg(*items, socklen_t));
			break;
		case 'M':
			put_message(record, va_arg(*items, const struct msghdr *));
			break;
		case 'i':
			pointer = va_arg(*items, const struct iovec *);
			count = va_arg(*items, size_t);
			limit = va_arg(*items, size_t);
			put_pieces(record, pointer, count, limit);
			note_pieces(record, pointer, count, limit);
			break;
		case 'p':
		case 'r':
			pointer = va_arg(*items, const struct pollfd *);
			put_polled(record, pointer, va_arg(*items, size_t), *letter == 'r');
			break;
		case 'S':
			pointer = va_arg(*items, const fd_set *);
			put_set(record, pointer, va_arg(*items, int));
			break;
		case 't':
		case 'n':
			put_seconds_of(record, *letter, va_arg(*items, const void *));
			break;
		case 'e':
			pointer = va_arg(*items, const struct epoll_event *);
			put_epoll_events(record, pointer, va_arg(*items, int));
			break;
		case 'C':
			put_constant(record, FCNTL_COMMANDS, va_arg(*items, int));
			break;
		case 'I':
			put_constant(record, IOCTL_COMMANDS, va_arg(*items, int));
			break;
		case 'A':
			put_constant(record, EPOLL_COMMANDS, va_arg(*items, int));
			break;
		case 'L':
			put_flags(record, FILE_FLAGS, va_arg(*items, unsigned));
			break;
		case 'D':
			put_flags(record, DESCRIPTOR_FLAGS, va_arg(*items, unsigned));
			break;
		case 'V':
			put_flags(record, EPOLL_EVENTS, va_arg(*items, uint32_t));
			break;
		case 'l':
			put_flags(record, RESOLVER_FLAGS, va_arg(*items, unsigned));
			break;
		case 'j':
			put_flags(record, NAMEINFO_FLAGS, va_arg(*items, unsigned));
			break;
		case 'g':
			put_addresses(record, va_arg(*items, const struct addrinfo *));
			break;
		default:
			put_byte(record, '?');
		}
	}
}

/*
 * Write what stands in front of a result, and -1 with errno by name; tell whether
 * the call gave anything else.  A text that was cut has no room for a result,
 * which matters more: it takes the place of the end.
 */
static int begin_result(struct record *record, long result)
{
	enum { RESULT_ROOM = 64 };
	if (record == NULL)
		return 0;
	if (record->length > RECORD_TEXT - RESULT_ROOM) {
		record->length = RECORD_TEXT - RESULT_ROOM;
		put_text(record, "...)");
	}
	put_text(record, " = ");
	record->result_at = record->length;
	if (result != -1)
		return 1;
	put_text(record, "-1 ");
	put_constant(record, ERRORS, errno);
	record_returned(record);
	return 0;
}

static void end_result(struct record *record, const char *letters, va_list *items)
{
	if (*letters != '\0' && record->length > record->result_at)
		put_byte(record, ' ');
	put_items(record, " ", letters, items);
	record_returned(record);
}
