#include "notation.h"
#include "constants.h"
#include "real.h"
#include "recording.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>

enum { SHOWN_BYTES = 32, DESCRIPTOR = '\1', PORT = '\2' };

/* Nothing of stdio: these run in signal handlers, and between fork and exec. */

static void put(struct record *record, char byte)
{
	static const char cut[] = "...";
	if (record->length < RECORD_TEXT)
		record->text[record->length++] = byte;
	else
		memcpy(record->text + RECORD_TEXT - 3, cut, 3);
}

static void put_text(struct record *record, const char *text)
{
	while (*text != '\0')
		put(record, *text++);
}

static void put_unsigned(struct record *record, unsigned long number)
{
	char digits[24];
	size_t count = 0;
	do
		digits[count++] = (char)('0' + number % 10);
	while ((number /= 10) != 0);
	while (count > 0)
		put(record, digits[--count]);
}

static void put_number(struct record *record, long number)
{
	if (number < 0)
		put(record, '-');
	put_unsigned(record, number < 0 ? -(unsigned long)number : (unsigned long)number);
}

static void put_hex(struct record *record, unsigned long number, int digits)
{
	while (digits-- > 0)
		put(record, "0123456789abcdef"[number >> (4 * digits) & 15]);
}

static void put_descriptor(struct record *record, int fd)
{
	put(record, DESCRIPTOR);
	put_number(record, fd);
}

static void put_port(struct record *record, uint16_t port)
{
	put(record, ':');
	put(record, PORT);
	put_number(record, ntohs(port));
}

static void put_quoted(struct record *record, const void *bytes, size_t count)
{
	const unsigned char *byte = bytes;
	size_t shown = count < SHOWN_BYTES ? count : SHOWN_BYTES;
	if (bytes == NULL) {
		put_text(record, "NULL");
		return;
	}
	put(record, '"');
	for (; shown > 0; shown--, byte++) {
		if (*byte == '\n')
			put_text(record, "\\n");
		else if (*byte == '"' || *byte == '\\') {
			put(record, '\\');
			put(record, (char)*byte);
		} else if (*byte < ' ' || *byte > '~') {
			put_text(record, "\\x");
			put_hex(record, *byte, 2);
		} else
			put(record, (char)*byte);
	}
	put(record, '"');
	if (count > SHOWN_BYTES)
		put_text(record, "...");
}

static void put_constant(struct record *record, const struct constant *table, long value)
{
	const char *name = constant_name(table, value);
	if (name != NULL)
		put_text(record, name);
	else
		put_number(record, value);
}

/* A port is a port in a string too. */
static void put_service(struct record *record, const char *service)
{
	int is_port = service != NULL && *service != '\0' && service[strspn(service, "0123456789")] == '\0';
	if (!is_port) {
		put_quoted(record, service, service == NULL ? 0 : strlen(service));
		return;
	}
	put(record, '"');
	put(record, PORT);
	put_text(record, service);
	put(record, '"');
}

/* Write the names of the bits that are set, and the rest as a number. */
static void put_flags(struct record *record, const struct constant *table, unsigned long flags)
{
	int some = 0;
	for (; table->name != NULL; table++) {
		unsigned long flag = (unsigned long)table->value;
		if ((flags & flag) == flag && flag != 0) {
			if (some++)
				put(record, '|');
			put_text(record, table->name);
			flags &= ~flag;
		}
	}
	if (flags != 0 || !some) {
		if (some)
			put(record, '|');
		if (flags != 0)
			put_text(record, "0x");
		put_hex(record, flags, flags > 0xffff ? 8 : flags > 0xff ? 4 : flags > 0xf ? 2 : 1);
	}
}

static void put_address(struct record *record, const struct sockaddr *address, socklen_t length)
{
	char text[INET6_ADDRSTRLEN];
	REAL(inet_ntop); /* the recorder's own would record it */
	if (address == NULL || length < sizeof address->sa_family) {
		put_text(record, "NULL");
	} else if (address->sa_family == AF_INET && length >= sizeof(struct sockaddr_in)) {
		struct sockaddr_in in;
		memcpy(&in, address, sizeof in);
		put_text(record, real_inet_ntop(AF_INET, &in.sin_addr, text, sizeof text));
		put_port(record, in.sin_port);
	} else if (address->sa_family == AF_INET6 && length >= sizeof(struct sockaddr_in6)) {
		struct sockaddr_in6 in6;
		memcpy(&in6, address, sizeof in6);
		put(record, '[');
		put_text(record, real_inet_ntop(AF_INET6, &in6.sin6_addr, text, sizeof text));
		put(record, ']');
		put_port(record, in6.sin6_port);
	} else if (address->sa_family == AF_UNIX) {
		const char *path = (const char *)address + offsetof(struct sockaddr_un, sun_path);
		size_t room = length - offsetof(struct sockaddr_un, sun_path);
		/* A path ends at its NUL; a name that begins with one is in no file system and has any bytes. */
		put_quoted(record, path, room == 0 || path[0] == '\0' ? room : strnlen(path, room));
	} else {
		put_constant(record, FAMILIES, address->sa_family);
	}
}

static void put_option(struct record *record, int level, int option)
{
	const struct constant *table = level == SOL_SOCKET     ? SOCKET_OPTIONS
				       : level == IPPROTO_TCP  ? TCP_OPTIONS
				       : level == IPPROTO_IP   ? INET_OPTIONS
				       : level == IPPROTO_IPV6 ? INET6_OPTIONS
							       : NULL;
	put_constant(record, LEVELS, level);
	put_text(record, ", ");
	if (table != NULL)
		put_constant(record, table, option);
	else
		put_number(record, option);
}

static void put_value(struct record *record, const void *value, socklen_t length)
{
	int number;
	if (value == NULL || length != sizeof number) {
		put_quoted(record, value, length);
		return;
	}
	memcpy(&number, value, sizeof number);
	put(record, '[');
	put_number(record, number);
	put(record, ']');
}

static void put_pieces(struct record *record, const struct iovec *pieces, size_t count, size_t limit)
{
	unsigned char joined[SHOWN_BYTES + 1];
	size_t filled = 0;
	for (; count > 0 && filled < sizeof joined && limit > 0; pieces++, count--) {
		size_t part = pieces->iov_len < limit ? pieces->iov_len : limit;
		limit -= part;
		if (part > sizeof joined - filled)
			part = sizeof joined - filled;
		if (part > 0)
			memcpy(joined + filled, pieces->iov_base, part);
		filled += part;
	}
	put_quoted(record, joined, filled);
}

static void put_message(struct record *record, const struct msghdr *message)
{
	put_text(record, "{");
	if (message->msg_name != NULL && message->msg_namelen > 0) {
		put_address(record, message->msg_name, message->msg_namelen);
		put_text(record, ", ");
	}
	put_text(record, "control ");
	put_unsigned(record, message->msg_control == NULL ? 0 : message->msg_controllen);
	if (message->msg_flags != 0) {
		put_text(record, ", ");
		put_flags(record, MESSAGE_FLAGS, (unsigned)message->msg_flags);
	}
	put_text(record, "}");
}

static void put_polled(struct record *record, const struct pollfd *polled, size_t count, int ready)
{
	int some = 0;
	put(record, '{');
	for (; count > 0; polled++, count--) {
		short events = ready ? polled->revents : polled->events;
		if (ready && events == 0)
			continue;
		if (some++)
			put_text(record, ", ");
		put_descriptor(record, polled->fd);
		put_text(record, ": ");
		put_flags(record, POLL_EVENTS, (unsigned short)events);
	}
	put(record, '}');
}

static void put_set(struct record *record, const fd_set *set, int bound)
{
	int some = 0;
	if (set == NULL) {
		put_text(record, "NULL");
		return;
	}
	put(record, '{');
	for (int fd = 0; fd < bound && fd < FD_SETSIZE; fd++)
		if (FD_ISSET(fd, set)) {
			if (some++)
				put_text(record, ", ");
			put_descriptor(record, fd);
		}
	put(record, '}');
}

static void put_seconds(struct record *record, long seconds, long fraction, int digits)
{
	long divisor = 1;
	put_number(record, seconds);
	if (fraction == 0)
		return;
	put(record, '.');
	for (int digit = 1; digit < digits; digit++)
		divisor *= 10;
	for (; fraction != 0 && divisor != 0; fraction %= divisor, divisor /= 10)
		put(record, (char)('0' + fraction / divisor % 10));
}

static void put_epoll_events(struct record *record, const struct epoll_event *event, int count)
{
	put(record, '{');
	for (int index = 0; index < count; index++, event++) {
		if (index > 0)
			put_text(record, ", ");
		put_descriptor(record, event->data.fd);
		put_text(record, ": ");
		put_flags(record, EPOLL_EVENTS, event->events);
	}
	put(record, '}');
}

static void put_addresses(struct record *record, const struct addrinfo *info)
{
	put(record, '{');
	for (; info != NULL; info = info->ai_next) {
		put_address(record, info->ai_addr, info->ai_addrlen);
		if (info->ai_next != NULL)
			put_text(record, ", ");
	}
	put(record, '}');
}

static void put_type(struct record *record, int type)
{
	unsigned flags = (unsigned)type & (SOCK_CLOEXEC | SOCK_NONBLOCK);
	put_constant(record, TYPES, (long)((unsigned)type & ~(unsigned)(SOCK_CLOEXEC | SOCK_NONBLOCK)));
	if (flags != 0) {
		put(record, '|');
		put_flags(record, TYPE_FLAGS, flags);
	}
}

static void put_seconds_of(struct record *record, char letter, const void *time)
{
	if (time == NULL) {
		put_text(record, "NULL");
	} else if (letter == 't') {
		const struct timeval *value = time;
		put_seconds(record, (long)value->tv_sec, (long)value->tv_usec, 6);
	} else {
		const struct timespec *value = time;
		put_seconds(record, (long)value->tv_sec, value->tv_nsec, 9);
	}
}

static void put_items(struct record *record, const char *separator, const char *letters, va_list *items)
{
	for (const char *letter = letters; *letter != '\0'; letter++) {
		const void *pointer;
		int number;
		size_t count;
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
		case 'M':
			put_message(record, va_arg(*items, const struct msghdr *));
			break;
		case 'i':
			pointer = va_arg(*items, const struct iovec *);
			count = va_arg(*items, size_t);
			put_pieces(record, pointer, count, va_arg(*items, size_t));
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
		case 'V':
			put_flags(record, EPOLL_EVENTS, va_arg(*items, uint32_t));
			break;
		case 'l':
			put_flags(record, RESOLVER_FLAGS, va_arg(*items, unsigned));
			break;
		case 'g':
			put_addresses(record, va_arg(*items, const struct addrinfo *));
			break;
		default:
			put(record, '?');
		}
	}
}

struct record *enter(const char *name, const char *letters, ...)
{
	int saved = errno;
	struct record *record = record_begin();
	va_list items;
	if (record == NULL)
		goto out;
	put_text(record, name);
	put(record, '(');
	va_start(items, letters);
	put_items(record, ", ", letters, &items);
	va_end(items);
	put(record, ')');
	record_entered(record);
out:
	errno = saved;
	return record;
}

static void put_results(struct record *record, const char *letters, va_list *items)
{
	if (*letters != '\0' && record->length > record->result_at)
		put(record, ' ');
	put_items(record, " ", letters, items);
	record_returned(record);
}

/* A text that was cut already has no room for a result, which matters more: it takes the place of the end. */
static void begin_result(struct record *record)
{
	enum { RESULT_ROOM = 64 };
	if (record->length > RECORD_TEXT - RESULT_ROOM) {
		record->length = RECORD_TEXT - RESULT_ROOM;
		put_text(record, "...)");
	}
	put_text(record, " = ");
	record->result_at = record->length;
}

static void put_error(struct record *record, int number)
{
	put_text(record, "-1 ");
	put_constant(record, ERRORS, number);
	record_returned(record);
}

void leave(struct record *record, long result, const char *letters, ...)
{
	int saved = errno;
	va_list items;
	if (record == NULL)
		return;
	begin_result(record);
	va_start(items, letters);
	if (result == -1) {
		put_error(record, saved);
	} else {
		put_number(record, result);
		put_results(record, letters, &items);
	}
	va_end(items);
	errno = saved;
}

void leave_descriptor(struct record *record, int fd, const char *letters, ...)
{
	int saved = errno;
	va_list items;
	if (record == NULL)
		return;
	begin_result(record);
	va_start(items, letters);
	if (fd == -1) {
		put_error(record, saved);
	} else {
		put_descriptor(record, fd);
		put_results(record, letters, &items);
	}
	va_end(items);
	errno = saved;
}

void leave_words(struct record *record, const char *words, const char *letters, ...)
{
	int saved = errno;
	va_list items;
	if (record == NULL)
		return;
	begin_result(record);
	put_text(record, words);
	va_start(items, letters);
	put_results(record, letters, &items);
	va_end(items);
	errno = saved;
}
