/*
 * Iterative server: one client after another (Stevens, UNP section 1.5).
 *
 *     accept -> poll -> recv -> feed -> to_send -> send -> ...     until the conversation is over
 *            -> close -> accept -> ...
 *
 * The others wait in the kernel's backlog; one silent client holds up all of
 * them until the idle timeout.
 *
 * Python twin: pyside/iomodels/iterative.py.
 * Read next: iomodels/threaded.c, which gives each client a loop of its own.
 */
#include "iomodels/service.h"
#include "net/signals.h"
#include "wire/errors.h"

#include <errno.h>
#include <unistd.h>

/* After this many moves it is time to check whether the server was told to stop. */
enum { MOVES_PER_TURN = 16 };

static int run_program(const struct service *service, struct conversation *conversation, int fd);
static int wait_for(struct execution *execution, int fd, struct error *error);
static int turn(struct conversation *conversation, int fd);
static int move(struct conversation *conversation, int fd);
static int send_out(struct conversation *conversation, int fd);
static void lost(struct conversation *conversation);

int serve_iterative(const struct service *service)
{
	char peer[NAME_SIZE];
	int fd;

	while ((fd = service_accept(service, peer)) != -1)
		iterative_talk(service, fd, peer);
	return errno == 0 ? 0 : -1;
}

void iterative_talk(const struct service *service, int fd, const char *peer)
{
	struct conversation *conversation;
	int result = 0;

	if (service->type == SOCK_SEQPACKET) {
		seqpackets_talk(service, fd, peer);
		return;
	}
	conversation = service_new_conversation(service, peer);
	if (conversation == NULL) {
		service_log("%s: no memory for another connection", peer);
		close(fd);
		return;
	}
	while (result == 0 && !conversation_over(conversation)) {
		const uint8_t *name;
		size_t size;

		result = conversation_wanted_program(conversation, &name, &size)
				 ? run_program(service, conversation, fd)
				 : turn(conversation, fd);
	}
	conversation_stop(conversation);
	close(fd);
	service_log_lines(conversation);
	conversation_free(conversation);
}

/* Run the program that the conversation wants, until it is over, or the client is gone.  -1: told to stop. */
static int run_program(const struct service *service, struct conversation *conversation, int fd)
{
	struct execution execution;
	struct error error;
	const uint8_t *name;
	size_t size;
	int result;

	conversation_wanted_program(conversation, &name, &size);
	execution_start(&execution, &service->programs, name, size);
	result = wait_for(&execution, fd, &error);
	if (result == 0) {
		conversation_program_done(conversation, execution.status, buffer_front(&execution.output),
					  buffer_size(&execution.output), net_clock(), execution_killed(&execution));
		/* Now, because the next program may run for long. */
		move(conversation, fd);
	} else if (error.kind == ERROR_RESET) {
		conversation_lost(conversation, &error);
		result = 0;
	}
	execution_free(&execution);
	return result;
}

/* Wait until the program is over.  -1: the client is gone, or told to stop. */
static int wait_for(struct execution *execution, int fd, struct error *error)
{
	while (!execution->over) {
		double left = execution->deadline - net_clock();
		/* POLLHUP and POLLERR come without being asked for: the client is gone. */
		struct pollfd fds[] = {
			{.fd = execution->fd, .events = POLLIN},
			{.fd = signals_stop_fd, .events = POLLIN},
			{.fd = fd},
		};
		int ready = net_poll(fds, 3, left > 0 ? left : 0);

		if (ready == -1)
			return error_from_errno(error);
		if (fds[1].revents)
			return error_set(error, ERROR_STOPPED, "told to stop");
		if (fds[2].revents)
			return error_set(error, ERROR_RESET, "the client left while its command ran");
		if (net_clock() >= execution->deadline)
			execution_look(execution);
		else if (fds[0].revents)
			execution_read(execution);
	}
	return 0;
}

/* Wait until something can be moved, then move while there is something.  -1: told to stop. */
static int turn(struct conversation *conversation, int fd)
{
	int reading = conversation_wants_read(conversation);
	int writing = conversation_wants_write(conversation);
	double left = conversation_deadline(conversation) - net_clock();
	struct pollfd fds[] = {
		{.fd = fd, .events = (short)((reading ? POLLIN : 0) | (writing ? POLLOUT : 0))},
		{.fd = signals_stop_fd, .events = POLLIN},
	};
	int ready = net_poll(fds, 2, conversation_wants_more_time(conversation) || left < 0 ? 0 : left);
	/*
	 * Before the look at what is there, so that the deadline ends only what was looked at after it: between the
	 * two the process may be stopped.
	 */
	double now = net_clock();

	if (ready == -1) {
		lost(conversation);
		return 0;
	}
	for (int i = 0; i < MOVES_PER_TURN; i++)
		if (!move(conversation, fd))
			break;
	conversation_tick(conversation, now);
	send_out(conversation, fd);
	/* Last, so that what had come before the signal is not lost. */
	return fds[1].revents ? -1 : 0;
}

/* Receive, work, and send, without waiting; whether anything has moved. */
static int move(struct conversation *conversation, int fd)
{
	double now = net_clock();
	int moved = 0;

	if (conversation_wants_read(conversation)) {
		uint8_t data[STACK_CHUNK];
		ssize_t size = net_recv(fd, data, sizeof data);

		moved = size != -1;
		if (size > 0)
			conversation_feed(conversation, data, (size_t)size, now);
		else if (size == 0)
			conversation_feed_eof(conversation, now);
		else if (errno != EAGAIN)
			lost(conversation);
	}
	if (conversation_wants_more_time(conversation))
		conversation_tick(conversation, now);
	return send_out(conversation, fd) || moved;
}

/* Send what the kernel takes, and half-close where that is wanted; whether anything was sent. */
static int send_out(struct conversation *conversation, int fd)
{
	int moved = 0;

	/* Before the answer, so that the line about it is in the log when the peer sees the answer. */
	service_log_lines(conversation);
	if (conversation_wants_write(conversation)) {
		const uint8_t *data;
		size_t size = conversation_to_send(conversation, &data);
		ssize_t sent = net_send(fd, data, size);

		moved = sent > 0;
		if (sent == -1)
			lost(conversation);
		else
			conversation_sent(conversation, (size_t)sent, net_clock());
	}
	if (conversation_wants_half_close(conversation)) {
		net_half_close(fd);
		conversation_half_closed(conversation);
	}
	return moved;
}

/* The connection ended with errno. */
static void lost(struct conversation *conversation)
{
	struct error error;

	error_from_errno(&error);
	conversation_lost(conversation, &error);
}
