/*
 * The client program: messages from stdin to the server, replies to stdout.
 *
 *     stdin --> source --> session_submit --> out --> send() --> server
 *                                                                   |
 *     stdout <-- sink <-- replies <-- session_receive <-- recv() <--+
 *
 * One loop around poll() does all four at once, so that no amount of data can
 * deadlock it: a client that first sends everything and then reads stops for
 * ever when both kernels' buffers are full.  While much is unanswered, stdin
 * waits.
 *
 * Python twin: pyside/programs/client.py.
 */
#include "net/netio.h"
#include "programs/datagram_client.h"
#include "programs/messages.h"
#include "programs/program.h"
#include "programs/standard.h"
#include "wire/errors.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char left_alone[] = "the server closed the connection while it waited (its idle timeout?); the next line "
				 "goes over a new connection";

/* One connection from the first message to the close. */
struct exchange {
	int fd;
	struct session *session;
	struct source *source;
	const struct options *options;
	struct buffer out;
	int input_over;
	int half_closed;
	int left_alone; /* the server closed while a person had nothing to say: that ends no more than the connection */
	struct error error;
};

static void run(const struct options *options, struct source *source, struct error *error);
static struct session *new_session(const struct options *options);
static void hold_until_right(const struct options *options, struct source *source, struct error *error);
static void hold(const struct options *options, struct source *source, struct error *error);
static int converse(const struct options *options, struct session *session, struct source *source,
		    struct pieces *pieces, struct error *error);
static int next_line(struct source *source, struct pieces *pieces, struct error *error);
static int connect_where(const struct options *options, struct error *error);
static void take_input(struct exchange *exchange, struct pieces *pieces);
static int loop(struct exchange *exchange);
static void submit(struct exchange *exchange, struct pieces *pieces);
static void note(struct exchange *exchange, const struct error *error);
static int over(const struct exchange *exchange);
static int wants_input(const struct exchange *exchange);
static void read_input(struct exchange *exchange);
static int send_out(struct exchange *exchange);
static int receive(struct exchange *exchange);
static void half_close(struct exchange *exchange);
static int failed(const struct exchange *exchange);

int main(int argc, char **argv)
{
	struct options options;
	struct source source;
	struct error error = {.kind = ERROR_NONE};
	int status = EXIT_SUCCESS;

	if (program_begin(&options, ROLE_CLIENT, argc, argv, &status)) {
		source_init(&source, STDIN_FILENO, options.hex);
		options.type == SOCK_STREAM ? run(&options, &source, &error)
					    : datagram_client_run(&options, &source, &error);
		source_free(&source);
		if (error.kind != ERROR_NONE)
			standard_complain("client: %s: %s", error_name(error.kind), error.text);
		status = error_exit_status(error.kind);
	}
	options_free(&options);
	return status;
}

/* Run the session of a protocol over streams; *error is what the exit status tells. */
static void run(const struct options *options, struct source *source, struct error *error)
{
	struct session *session = new_session(options);
	int retries = session != NULL && session_retries(session);

	session_free(session);
	if (session == NULL)
		error_no_memory(error);
	else if (retries)
		hold_until_right(options, source, error);
	else
		hold(options, source, error);
}

static struct session *new_session(const struct options *options)
{
	return session_new(options->protocol, ROLE_CLIENT, options->format, options->max_frame);
}

/* Run a session, and another while the answer is wrong; *error is how the last one ended. */
static void hold_until_right(const struct options *options, struct source *source, struct error *error)
{
	struct pieces pieces = {0};
	uint64_t attempts_left = options->retries;
	int again = 1;

	if (source_keep(source) == -1) {
		*error = source->error;
		return;
	}
	while (again) {
		struct session *session = new_session(options);

		if (session == NULL) {
			error_no_memory(error);
			return;
		}
		converse(options, session, source, &pieces, error);
		again = error->kind == ERROR_WRONG && attempts_left-- > 0 && source_rewind(source) == 0;
		if (!again && sink_write(session, STDOUT_FILENO, options->hex) == -1 && error->kind == ERROR_NONE)
			error_set(error, ERROR_UNSENDABLE, "cannot write the replies: %s", strerror(errno));
		session_free(session);
	}
}

/*
 * Run one session, and another when the server did not wait for a
 * person's next line; *error is what went wrong first.
 */
static void hold(const struct options *options, struct source *source, struct error *error)
{
	struct pieces pieces = {0};
	struct error wrong;
	int again;

	do {
		struct session *session = new_session(options);

		if (session == NULL) {
			error_no_memory(error);
			break;
		}
		again = converse(options, session, source, &pieces, &wrong);
		session_free(session);
		if (error->kind == ERROR_NONE)
			*error = wrong;
		if (!again)
			break;
		source_say(source, left_alone);
		wrong.kind = ERROR_NONE;
		again = next_line(source, &pieces, &wrong);
		if (error->kind == ERROR_NONE)
			*error = wrong;
	} while (again);
	pieces_free(&pieces);
}

/*
 * Run one session over a new connection; *error is what went wrong first.
 * pieces: of the input, read before there was a connection.  Whether the server
 * left a person alone.
 */
static int converse(const struct options *options, struct session *session, struct source *source,
		    struct pieces *pieces, struct error *error)
{
	struct exchange exchange = {.session = session, .source = source, .options = options};
	struct piece first;

	*error = (struct error){.kind = ERROR_NONE};
	exchange.fd = connect_where(options, error);
	if (exchange.fd == -1)
		return 0;
	errno = 0;
	session_start(session, &exchange.out);
	if (pieces_first(pieces, &first))
		take_input(&exchange, pieces);
	if (loop(&exchange) == -1 && exchange.error.kind == ERROR_NONE && session_error(session)->kind == ERROR_NONE)
		error_set(&exchange.error, ERROR_UNSENDABLE, "cannot write the replies: %s", strerror(errno));
	close(exchange.fd);
	buffer_free(&exchange.out);
	*error = exchange.error.kind != ERROR_NONE ? exchange.error : *session_error(session);
	return exchange.left_alone;
}

/* Wait for the person's next line.  1: pieces has it; 0: the end, or *error. */
static int next_line(struct source *source, struct pieces *pieces, struct error *error)
{
	struct piece first;

	while (!pieces_first(pieces, &first) && !source_ended(source)) {
		struct pollfd fd = {.fd = source_fd(source), .events = POLLIN};

		source_prompt(source);
		if (net_poll(&fd, 1, -1) == -1) {
			error_from_errno(error);
			return 0;
		}
		source_read(source, pieces);
	}
	if (pieces_first(pieces, &first))
		return 1;
	*error = source->error;
	return 0;
}

static int connect_where(const struct options *options, struct error *error)
{
	struct addresses addresses;
	int fd;

	if (options_addresses(options, &addresses, error) == -1)
		return -1;
	fd = net_connect(&addresses, options->type, options->timeout, error);
	addresses_free(&addresses);
	return fd;
}

/* Take pieces of the input; the source tells whether there will be more. */
static void take_input(struct exchange *exchange, struct pieces *pieces)
{
	struct source *source = exchange->source;

	submit(exchange, pieces);
	pieces_free(pieces);
	if (source->error.kind != ERROR_NONE)
		note(exchange, &source->error);
	if (source_ended(source))
		exchange->input_over = 1;
	if (exchange->input_over)
		session_submit_eof(exchange->session, &exchange->out);
}

/* -1: exchange->error or the session's error; standard output failed: errno, and neither. */
static int loop(struct exchange *exchange)
{
	double timeout = exchange->options->timeout;
	double progress = net_clock();

	while (!over(exchange)) {
		int sending = buffer_size(&exchange->out) > 0;
		int reading = !session_finished(exchange->session);
		int owed = sending || session_in_flight(exchange->session) > 0 || exchange->input_over;
		double left = progress + timeout - net_clock();
		struct pollfd fds[] = {
			{.fd = exchange->fd, .events = (short)((reading ? POLLIN : 0) | (sending ? POLLOUT : 0))},
			{.fd = wants_input(exchange) ? source_fd(exchange->source) : -1, .events = POLLIN},
		};
		int moved = 0;
		int ready;

		if (fds[1].fd != -1 && !owed)
			source_prompt(exchange->source);
		ready = net_poll(fds, 2, !owed ? -1 : left > 0 ? left : 0);
		if (ready <= 0) {
			struct error error;

			ready == 0 ? error_silence(&error, timeout) : error_from_errno(&error);
			note(exchange, &error);
			return -1;
		}
		if (fds[1].revents) {
			read_input(exchange);
			moved = !owed;
		}
		if (buffer_size(&exchange->out) > 0)
			moved |= send_out(exchange);
		if (fds[0].revents & ~POLLOUT) {
			int received = receive(exchange);

			if (received == -1)
				return -1;
			moved |= received;
		}
		if (moved)
			progress = net_clock();
		half_close(exchange);
		if (!session_retries(exchange->session) &&
		    sink_write(exchange->session, STDOUT_FILENO, exchange->options->hex) == -1)
			return -1;
	}
	return 0;
}

static void submit(struct exchange *exchange, struct pieces *pieces)
{
	struct piece piece;
	struct error error;

	for (; pieces_first(pieces, &piece); pieces_pop(pieces))
		if (session_submit(exchange->session, piece.data, piece.size, piece.last, &exchange->out, &error) ==
		    -1) {
			note(exchange, &error);
			exchange->input_over = 1;
			return;
		}
}

/* Note what went wrong first. */
static void note(struct exchange *exchange, const struct error *error)
{
	if (exchange->error.kind == ERROR_NONE && session_error(exchange->session)->kind == ERROR_NONE)
		exchange->error = *error;
}

/* Whether the exchange is over: a last word, such as an acknowledgement, is still sent. */
static int over(const struct exchange *exchange)
{
	return session_finished(exchange->session) && (buffer_size(&exchange->out) == 0 || failed(exchange));
}

static int wants_input(const struct exchange *exchange)
{
	return !exchange->input_over && buffer_size(&exchange->out) < CHUNK &&
	       session_in_flight(exchange->session) < exchange->options->max_frame + CHUNK;
}

static void read_input(struct exchange *exchange)
{
	struct pieces pieces = {0};

	source_read(exchange->source, &pieces);
	take_input(exchange, &pieces);
}

/* Send what the kernel takes; whether it took anything. */
static int send_out(struct exchange *exchange)
{
	ssize_t sent = net_send(exchange->fd, buffer_front(&exchange->out), buffer_size(&exchange->out));
	struct error error;

	if (sent == -1) {
		/* The peer does not listen any more, but what it said before may still be here to be read. */
		error_from_errno(&error);
		note(exchange, &error);
		exchange->input_over = 1;
		buffer_free(&exchange->out);
		return 0;
	}
	buffer_consume(&exchange->out, (size_t)sent);
	return sent > 0;
}

/* Take what has come; 1: something had, 0: nothing had, -1: exchange->error. */
static int receive(struct exchange *exchange)
{
	static uint8_t data[CHUNK];
	ssize_t size = net_recv(exchange->fd, data, sizeof data);
	struct error error;
	int waiting;
	int with_person;

	if (size == -1 && errno == EAGAIN)
		return 0;
	if (size == -1) {
		error_from_errno(&error);
		note(exchange, &error);
		return -1;
	}
	if (size > 0) {
		session_receive(exchange->session, data, (size_t)size, &exchange->out);
		return 1;
	}
	waiting = !exchange->input_over && session_in_flight(exchange->session) == 0;
	with_person =
		exchange->source->is_terminal && !exchange->source->in_line && !session_retries(exchange->session);
	if (waiting && !with_person) {
		error_set(&error, ERROR_TRUNCATED, "the server closed before the end of the messages");
		note(exchange, &error);
	}
	session_receive_eof(exchange->session, &exchange->out);
	exchange->left_alone = waiting && with_person && !failed(exchange);
	return 1;
}

static void half_close(struct exchange *exchange)
{
	if (exchange->input_over && !exchange->half_closed && session_half_closes(exchange->session) &&
	    buffer_size(&exchange->out) == 0) {
		net_half_close(exchange->fd);
		exchange->half_closed = 1;
	}
}

static int failed(const struct exchange *exchange)
{
	enum error_kind kind = session_error(exchange->session)->kind;

	return kind != ERROR_NONE && kind != ERROR_WRONG;
}
