/*
 * The client for datagrams: stop and wait.
 *
 *     client                       server
 *       | -- "hello" ------------ x |        lost, without a word
 *       |    (1 s)                  |
 *       | -- "hello" -------------> |        sent again
 *       | <----------- "HELLO" ---- |
 *       | <----------- "HELLO" ---- |        late, or twice: dropped
 *       | -- "world" -------------> |
 *
 * There is one request at a time, which is sent again when no reply is in, at
 * longer and longer intervals; the time limit is for all of that together.  The
 * wire has no numbers by which replies could be told apart, but the client
 * knows what each has to be: one that would have been right for an earlier
 * request is late.
 *
 * A connected socket takes datagrams from its server only, and learns from ICMP
 * that no socket listens there (ECONNREFUSED).  An unconnected one has to look at
 * the sender itself, and cannot tell a dead port from silence.
 *
 * Python twin: pyside/programs/datagram_client.py.  Read next: programs/client.c.
 */
#include "programs/datagram_client.h"

#include "net/datagrams.h"
#include "wire/errors.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define FIRST_INTERVAL 1.0

enum { EARLIER = 16 };

/* One request until its reply is there. */
struct request {
	uint64_t attempts_left;
	double interval;
	double end;      /* of the time for all attempts */
	double deadline; /* when to ask again whether it may be sent */
};

/* Matches replies with requests. */
struct replies {
	struct buffer expected;
	struct buffer earlier[EARLIER];
	uint64_t count;
	struct error error; /* the first wrong reply */
};

struct client {
	const struct options *options;
	struct source *source;
	struct datagram_socket sock;
	struct address server; /* where the socket is not connected */
	struct replies replies;
	struct buffer message;
};

static int open_socket(const struct options *options, struct address *server, struct error *error);
static int converse(struct client *client, struct error *error);
static int open_unconnected(const struct address *server, struct error *error);
static int exchange_all(struct client *client, struct pieces *pieces, struct error *error);
static int exchange(struct client *client, const uint8_t *message, size_t size, struct error *error);
static int expect(struct client *client, const uint8_t *message, size_t size, struct error *error);
static int may_be_sent(struct request *request);
static int receive(struct client *client, size_t *size, struct error *error);
static int is_stranger(const struct address *address, const struct address *server);
static int accepts(struct replies *replies, const uint8_t *reply, size_t size);
static int is_same(const uint8_t *data, size_t size, const uint8_t *other, size_t other_size);
static int is_late(const struct replies *replies, const uint8_t *reply, size_t size);

void datagram_client_run(const struct options *options, struct source *source, struct error *error)
{
	struct client client = {.options = options, .source = source};
	int fd = open_socket(options, &client.server, error);

	if (fd == -1)
		return;
	if (datagram_socket_init(&client.sock, fd, options->max_frame) == -1)
		error_no_memory(error);
	else if (converse(&client, error) == 0)
		*error = client.replies.error;
	datagram_socket_free(&client.sock);
	buffer_free(&client.replies.expected);
	for (size_t i = 0; i < EARLIER; i++)
		buffer_free(&client.replies.earlier[i]);
	buffer_free(&client.message);
	close(fd);
}

/* The socket; the server's address is set where it is not connected.  -1: unreachable, timed-out. */
static int open_socket(const struct options *options, struct address *server, struct error *error)
{
	struct addresses addresses;
	int fd;

	if (options_addresses(options, &addresses, error) == -1)
		return -1;
	*server = addresses.list[0];
	if (options->unconnected)
		fd = open_unconnected(server, error);
	else
		fd = net_connect(&addresses, options->type, options->timeout, error);
	addresses_free(&addresses);
	return fd;
}

/* Standard input is read only when all before is answered.  -1: *error. */
static int converse(struct client *client, struct error *error)
{
	struct source *source = client->source;

	while (!source_ended(source)) {
		struct pollfd fd = {.fd = source_fd(source), .events = POLLIN};
		struct pieces pieces = {0};
		int result;

		source_prompt(source);
		if (net_poll(&fd, 1, -1) == -1)
			return error_from_errno(error);
		source_read(source, &pieces);
		result = exchange_all(client, &pieces, error);
		pieces_free(&pieces);
		if (result == -1)
			return -1;
	}
	*error = source->error;
	return error->kind == ERROR_NONE ? 0 : -1;
}

/* A socket without a peer.  -1: unreachable. */
static int open_unconnected(const struct address *server, struct error *error)
{
	sa_family_t family = server->storage.ss_family;
	int fd = socket(family, SOCK_DGRAM, 0);

	if (fd != -1 && net_bind_to_any_name(fd, family, SOCK_DGRAM) == 0) {
		net_prepare(fd);
		return fd;
	}
	net_unreachable("cannot send to", server, errno, error);
	if (fd != -1)
		close(fd);
	return -1;
}

/* Exchange the messages that end in these pieces.  -1: *error. */
static int exchange_all(struct client *client, struct pieces *pieces, struct error *error)
{
	uint64_t limit = client->options->max_frame;
	struct buffer *message = &client->message;
	struct piece piece;

	for (; pieces_first(pieces, &piece); pieces_pop(pieces)) {
		if (buffer_size(message) + piece.size > limit)
			return error_set(error, ERROR_UNSENDABLE,
					 "message of at least %zu bytes, the limit is %" PRIu64,
					 buffer_size(message) + piece.size, limit);
		if (buffer_append(message, piece.data, piece.size) == -1)
			return error_no_memory(error);
		if (!piece.last)
			continue;
		if (exchange(client, buffer_front(message), buffer_size(message), error) == -1)
			return -1;
		buffer_consume(message, buffer_size(message));
	}
	return 0;
}

/* Send a message until its reply is there, and print that.  -1: *error. */
static int exchange(struct client *client, const uint8_t *message, size_t size, struct error *error)
{
	const struct options *options = client->options;
	double now = net_clock();
	struct request request = {
		/* A connection loses nothing: there it would be a second request. */
		.attempts_left = options->type == SOCK_DGRAM ? options->retries + 1 : 1,
		.interval = FIRST_INTERVAL,
		.end = now + options->timeout,
		.deadline = now,
	};
	struct pollfd fd = {.fd = client->sock.fd, .events = POLLIN};
	const struct address *to = options->unconnected ? &client->server : NULL;
	size_t reply_size = 0;
	int found = 0;

	if (expect(client, message, size, error) == -1)
		return -1;
	while (found == 0) {
		double left;
		int ready;

		if (may_be_sent(&request) && datagram_send(&client->sock, message, size, to, error) == -1)
			return -1;
		if (net_clock() >= request.end)
			return error_silence(error, options->timeout);
		left = request.deadline - net_clock();
		ready = net_poll(&fd, 1, left > 0 ? left : 0);
		if (ready == -1)
			return error_from_errno(error);
		if (ready > 0)
			found = receive(client, &reply_size, error);
	}
	if (found == -1)
		return -1;
	if (sink_write_line(client->sock.room, reply_size, STDOUT_FILENO, options->hex) == -1)
		return error_set(error, ERROR_UNSENDABLE, "cannot write the replies: %s", strerror(errno));
	return 0;
}

/* Note what the server's own session answers to a message.  -1: *error. */
static int expect(struct client *client, const uint8_t *message, size_t size, struct error *error)
{
	const struct options *options = client->options;
	struct replies *replies = &client->replies;
	struct session *session = session_new(options->protocol, ROLE_SERVER, options->format, options->max_frame);
	int result;

	if (session == NULL)
		return error_no_memory(error);
	if (replies->count > 0) {
		struct buffer *oldest = &replies->earlier[(replies->count - 1) % EARLIER];

		buffer_free(oldest);
		*oldest = replies->expected;
		replies->expected = (struct buffer){0};
	}
	replies->count++;
	result = session_receive(session, message, size, &replies->expected);
	session_free(session);
	return result == -1 ? error_no_memory(error) : 0;
}

/* Whether it is time, and allowed, to send it. */
static int may_be_sent(struct request *request)
{
	double now = net_clock();
	double share;

	if (now < request->deadline || request->attempts_left == 0)
		return 0;
	share = (request->end - now) / (double)request->attempts_left;
	request->attempts_left--;
	if (request->attempts_left == 0)
		request->deadline = request->end;
	else
		request->deadline = now + (request->interval < share ? request->interval : share);
	request->interval *= 2;
	return 1;
}

/* 1: the reply is in the socket's room; 0: what came is none; -1: *error. */
static int receive(struct client *client, size_t *size, struct error *error)
{
	const struct options *options = client->options;
	struct address address;
	enum datagram_result came = datagram_receive(&client->sock, size, &address, error);

	if (came == DATAGRAM_ERROR)
		return -1;
	if (came == DATAGRAM_NONE || (options->unconnected && is_stranger(&address, &client->server)))
		return 0;
	if (came == DATAGRAM_TOO_LONG)
		return datagram_too_long(options->max_frame, error);
	if (*size == 0 && options->type == SOCK_SEQPACKET && datagram_ended(&client->sock))
		return error_set(error, ERROR_TRUNCATED, "end of input before the reply");
	return accepts(&client->replies, client->sock.room, *size);
}

/* Whether a datagram comes from another address; addresses of inet6 say more than host and port. */
static int is_stranger(const struct address *address, const struct address *server)
{
	char host[HOST_SIZE];
	char server_host[HOST_SIZE];

	if (server->storage.ss_family == AF_UNIX) {
		char name[NAME_SIZE];
		char server_name[NAME_SIZE];

		address_name(address, name);
		address_name(server, server_name);
		return strcmp(name, server_name) != 0;
	}
	return address_numeric(address, host) != address_numeric(server, server_host) || strcmp(host, server_host) != 0;
}

/* Whether this is the reply, even a wrong one; anything else is dropped. */
static int accepts(struct replies *replies, const uint8_t *reply, size_t size)
{
	size_t expected_size = buffer_size(&replies->expected);

	if (is_same(reply, size, buffer_front(&replies->expected), expected_size))
		return 1;
	if (is_late(replies, reply, size))
		return 0;
	if (replies->error.kind == ERROR_NONE)
		error_set(&replies->error, ERROR_WRONG,
			  "reply %" PRIu64 ": expected %zu bytes, received %zu other bytes", replies->count,
			  expected_size, size);
	return 1;
}

static int is_same(const uint8_t *data, size_t size, const uint8_t *other, size_t other_size)
{
	return size == other_size && (size == 0 || memcmp(data, other, size) == 0);
}

/* Whether a reply would have been right for an earlier request. */
static int is_late(const struct replies *replies, const uint8_t *reply, size_t size)
{
	for (size_t i = 0; i < EARLIER && i + 1 < replies->count; i++) {
		const struct buffer *earlier = &replies->earlier[i];

		if (is_same(reply, size, buffer_front(earlier), buffer_size(earlier)))
			return 1;
	}
	return 0;
}
