#include "calls/structures.h"
#include "calls/constants.h"
#include "calls/real.h"
#include "calls/text.h"
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>

/* As many as are shown, and one more, so that it is seen that there are more. */
enum { JOINED_BYTES = 33 };

/* A port is a port in a string too. */
void put_service(struct record *record, const char *service)
{
	int is_port = service != NULL && *service != '\0' && service[strspn(service, "0123456789")] == '\0';
	if (!is_port) {
		put_quoted(record, service, service == NULL ? 0 : strlen(service));
		return;
	}
	put_byte(record, '"');
	put_byte(record, PORT_MARK);
	put_text(record, service);
	put_byte(record, '"');
}

void put_type(struct record *record, int type)
{
	unsigned flags = (unsigned)type & (SOCK_CLOEXEC | SOCK_NONBLOCK);
	put_constant(record, TYPES, (long)((unsigned)type & ~(unsigned)(SOCK_CLOEXEC | SOCK_NONBLOCK)));
	if (flags != 0) {
		put_byte(record, '|');
		put_flags(record, TYPE_FLAGS, flags);
	}
}

void put_address(struct record *record, const struct sockaddr *address, socklen_t length)
{
	char text[INET6_ADDRSTRLEN];
	if (address == NULL || length < sizeof address->sa_family) {
		put_text(record, "NULL");
	} else if (address->sa_family == AF_INET && length >= sizeof(struct sockaddr_in)) {
		struct sockaddr_in in;
		memcpy(&in, address, sizeof in);
		put_text(record, address_text(AF_INET, &in.sin_addr, text, sizeof text));
		put_byte(record, ':');
		put_port(record, &in.sin_port);
	} else if (address->sa_family == AF_INET6 && length >= sizeof(struct sockaddr_in6)) {
		struct sockaddr_in6 in6;
		memcpy(&in6, address, sizeof in6);
		put_byte(record, '[');
		put_text(record, address_text(AF_INET6, &in6.sin6_addr, text, sizeof text));
		if (in6.sin6_scope_id != 0) {
			put_byte(record, '%');
			put_unsigned(record, in6.sin6_scope_id);
		}
		put_byte(record, ']');
		put_byte(record, ':');
		put_port(record, &in6.sin6_port);
	} else if (address->sa_family == AF_UNIX) {
		const char *path = (const char *)address + offsetof(struct sockaddr_un, sun_path);
		size_t room = length - offsetof(struct sockaddr_un, sun_path);
		/* A path ends at its NUL; a name that begins with one is in no file system and has any bytes. */
		put_quoted_whole(record, path, room == 0 || path[0] == '\0' ? room : strnlen(path, room));
	} else {
		put_constant(record, FAMILIES, address->sa_family);
	}
}

void put_option(struct record *record, int level, int option)
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

void put_value(struct record *record, const void *value, socklen_t length)
{
	int number;
	if (value == NULL || length != sizeof number) {
		put_quoted(record, value, length);
		return;
	}
	memcpy(&number, value, sizeof number);
	put_byte(record, '[');
	put_number(record, number);
	put_byte(record, ']');
}

void put_option_value(struct record *record, int level, int option, const void *value, socklen_t length)
{
	struct linger linger;
	struct timeval time;
	if (value != NULL && level == SOL_SOCKET && option == SO_LINGER && length == sizeof linger) {
		memcpy(&linger, value, sizeof linger);
		put_text(record, linger.l_onoff ? "[on, " : "[off, ");
		put_number(record, linger.l_linger);
	} else if (value != NULL && level == SOL_SOCKET && (option == SO_RCVTIMEO || option == SO_SNDTIMEO) &&
		   length == sizeof time) {
		memcpy(&time, value, sizeof time);
		put_byte(record, '[');
		put_seconds_of(record, 't', &time);
	} else {
		put_value(record, value, length);
		return;
	}
	put_byte(record, ']');
}

void put_pieces(struct record *record, const struct iovec *pieces, size_t count, size_t limit)
{
	unsigned char beginning[JOINED_BYTES];
	size_t filled = 0;
	for (; count > 0 && filled < sizeof beginning && limit > 0; pieces++, count--) {
		size_t part = pieces->iov_len < limit ? pieces->iov_len : limit;
		limit -= part;
		if (part > sizeof beginning - filled)
			part = sizeof beginning - filled;
		if (part > 0)
			memcpy(beginning + filled, pieces->iov_base, part);
		filled += part;
	}
	put_quoted(record, beginning, filled);
}

void put_message(struct record *record, const struct msghdr *message)
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

void put_polled(struct record *record, const struct pollfd *polled, size_t count, int ready)
{
	int some = 0;
	put_byte(record, '{');
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
	put_byte(record, '}');
}

void put_set(struct record *record, const fd_set *set, int bound)
{
	int some = 0;
	if (set == NULL) {
		put_text(record, "NULL");
		return;
	}
	put_byte(record, '{');
	for (int fd = 0; fd < bound && fd < FD_SETSIZE; fd++)
		if (FD_ISSET(fd, set)) {
			if (some++)
				put_text(record, ", ");
			put_descriptor(record, fd);
		}
	put_byte(record, '}');
}

void put_epoll_events(struct record *record, const struct epoll_event *event, int count)
{
	put_byte(record, '{');
	for (int index = 0; index < count; index++, event++) {
		if (index > 0)
			put_text(record, ", ");
		put_descriptor(record, event->data.fd);
		put_text(record, ": ");
		put_flags(record, EPOLL_EVENTS, event->events);
	}
	put_byte(record, '}');
}

void put_addresses(struct record *record, const struct addrinfo *info)
{
	put_byte(record, '{');
	for (; info != NULL; info = info->ai_next) {
		put_address(record, info->ai_addr, info->ai_addrlen);
		if (info->ai_next != NULL)
			put_text(record, ", ");
	}
	put_byte(record, '}');
}

void put_seconds_of(struct record *record, char letter, const void *time)
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
