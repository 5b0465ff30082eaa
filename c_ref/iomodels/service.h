/* What an I/O model needs: the listener, conversations, and the log.  Python twin: pyside/iomodels/service.py. */
#ifndef SERVICE_H
#define SERVICE_H

#include "iomodels/conversation.h"
#include "iomodels/table.h"
#include "net/execution.h"
#include "net/netio.h"

/* How long nothing is accepted when there are no descriptors or no memory left, in seconds. */
#define EXHAUSTED_PAUSE 0.25

/* One server while it serves.  Lengths are in bytes, times in seconds. */
struct service {
	int listener;
	int type; /* SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET */
	const char *protocol;
	const char *format;
	uint64_t max_frame;
	double timeout;
	uint64_t max_connections;
	struct execution_limits programs;
	int own_user; /* admit no other user */
	int verbose;
};

/* A server session.  NULL: no memory. */
struct session *service_new_session(const struct service *service);

/* A conversation with a peer that was accepted just now.  NULL: no memory. */
struct conversation *service_new_conversation(const struct service *service, const char *peer);

/* Wait for the next connection and name the peer.  -1: errno; 0 in it means SIGTERM or SIGINT. */
int service_accept(const struct service *service, char peer[NAME_SIZE]);

/* One accept, and the name of the peer.  -1: errno; ECONNABORTED when the connection was refused. */
int service_accept_some(const struct service *service, char peer[NAME_SIZE]);

/* Say why nothing can be accepted, errno, unless that was said a moment ago. */
void service_log_exhausted(void);

/* Say that nobody is accepted before somebody leaves, unless that was said a moment ago. */
void service_log_full(const struct service *service);

/* Write what the conversation has to say. */
void service_log_lines(struct conversation *conversation);

/* Log a line that only -v asks for. */
void service_note(const struct service *service, const char *peer, const char *event);

/* Write one line for people. */
void service_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Answer datagrams, until SIGTERM or SIGINT.  0, or -1 with errno. */
int serve_datagrams(const struct service *service);

/*
 * iterative.c: talk over an accepted socket until the conversation is over,
 * then close; an error costs this connection and one line.
 */
void iterative_talk(const struct service *service, int fd, const char *peer);

/* seqpackets.c: the same for SOCK_SEQPACKET; answer each datagram with one. */
void seqpackets_talk(const struct service *service, int fd, const char *peer);

#endif
