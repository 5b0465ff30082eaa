/* The names of the numbers that socket calls take and give. */
#ifndef CONSTANTS_H
#define CONSTANTS_H

struct constant {
	long value;
	const char *name; /* NULL ends a table */
};

extern const struct constant FAMILIES[], TYPES[], TYPE_FLAGS[], MESSAGE_FLAGS[], HOWS[], LEVELS[], SOCKET_OPTIONS[],
	TCP_OPTIONS[], INET_OPTIONS[], INET6_OPTIONS[], POLL_EVENTS[], EPOLL_EVENTS[], EPOLL_COMMANDS[], EPOLL_FLAGS[],
	FCNTL_COMMANDS[], IOCTL_COMMANDS[], FILE_FLAGS[], DESCRIPTOR_FLAGS[], RESOLVER_FLAGS[], NAMEINFO_FLAGS[],
	RESOLVER_ERRORS[], ERRORS[];

/* Return the name of a number, or NULL. */
const char *constant_name(const struct constant *table, long value);

#endif
