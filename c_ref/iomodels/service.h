/* What an I/O model needs.  Python twin: the class Server in server.py. */
#ifndef SERVER_H
#define SERVER_H

#include "net/execution.h"
#include "net/netio.h"

struct server {
	int listener;
	const struct options *options;
};

/* A server session for the next connection.  NULL: no memory. */
struct session *server_new_session(const struct server *server);

/* Write one line for people, in one call, so that the lines of threads and children do not mix. */
void server_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Say that a connection came or went, with -v. */
void server_note(const struct server *server, const char *peer, const char *event);

/* Say that a program of the allow-list went beyond a limit. */
void server_note_killed(const struct server *server, const char *peer, const struct session *session,
			const struct execution *execution);

/* The I/O models, one file each: serve until SIGTERM or SIGINT.  0, or -1 with errno. */
int serve_iterative(const struct server *server);
int serve_threaded(const struct server *server);
int serve_forking(const struct server *server);
int serve_selecting(const struct server *server);
int serve_polling(const struct server *server);
int serve_epolling(const struct server *server);

/* Answer datagrams, until SIGTERM or SIGINT.  0, or -1 with errno. */
int serve_datagrams(const struct server *server);

/* Answer the datagrams of a connection until its end.  0, or -1 with *error. */
int converse_in_datagrams(const struct server *server, int connection, struct error *error);

/*
 * Hold one conversation over an accepted socket: talk until either side is
 * done, then close.  An error costs this connection and one line.
 */
void conversation_hold(const struct server *server, int connection, const char *peer);

#endif
