/*
 * Sockets that keep the boundaries of messages: SOCK_DGRAM and SOCK_SEQPACKET.
 * Python twin: pyside/net/datagrams.py.
 */
#ifndef DATAGRAMS_H
#define DATAGRAMS_H

#include "net/netio.h"

/* A socket and the room for one datagram. */
struct datagram_socket {
	int fd;
	size_t limit;
	uint8_t *room; /* one byte more than the longest datagram allowed */
};

enum datagram_result { DATAGRAM_NONE, DATAGRAM_CAME, DATAGRAM_TOO_LONG, DATAGRAM_ERROR };

/* -1: no memory.  The socket stays the caller's. */
int datagram_socket_init(struct datagram_socket *sock, int fd, uint64_t limit);
void datagram_socket_free(struct datagram_socket *sock);

/*
 * One recvfrom: the datagram is in sock->room.  DATAGRAM_ERROR: unreachable
 * when no socket listens at the address of a connected socket, reset.
 */
enum datagram_result datagram_receive(struct datagram_socket *sock, size_t *size, struct address *address,
				      struct error *error);

/*
 * Send a datagram, to an address where it is not NULL.  1; 0: there was no room for it; -1: unsendable when
 * the kernel does not send datagrams of that length, unreachable, reset.
 */
int datagram_send(struct datagram_socket *sock, const uint8_t *data, size_t size, const struct address *address,
		  struct error *error);

/*
 * Whether an empty datagram from a SOCK_SEQPACKET was the end of input.  Not
 * quite: where the end is already behind an empty datagram, both look the same.
 */
int datagram_ended(const struct datagram_socket *sock);

/* Fill in the error for a datagram of more than limit bytes; -1. */
int datagram_too_long(uint64_t limit, struct error *error);

#endif
