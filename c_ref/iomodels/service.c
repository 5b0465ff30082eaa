/*
 * What an I/O model needs: the listener, conversations, and the log.
 *
 * Python twin: pyside/iomodels/service.py.  Read next: iomodels/table.c.
 */
#include "iomodels/service.h"

#include "iomodels/log.h"
#include "net/listening.h"
#include "net/signals.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* How seldom it is said why nobody is accepted, in seconds. */
static const double silence = 10;

static int is_admitted(const struct service *service, int fd, const char *peer);
static int is_news(double *said);

struct session *service_new_session(const struct service *service)
{
	return session_new(service->protocol, ROLE_SERVER, service->format, service->max_frame);
}

struct conversation *service_new_conversation(const struct service *service, const char *peer)
{
	struct session *session = service_new_session(service);

	if (session == NULL)
		return NULL;
	return conversation_new(session, peer, service->timeout, net_clock(), service->verbose);
}

int service_accept(const struct service *service, char peer[NAME_SIZE])
{
	struct pollfd fds[] = {
		{.fd = service->listener, .events = POLLIN},
		{.fd = signals_stop_fd, .events = POLLIN},
	};

	while (net_poll(fds, 2, -1) != -1) {
		int fd;

		if (fds[1].revents) {
			errno = 0;
			return -1;
		}
		fd = service_accept_some(service, peer);

		if (fd != -1)
			return fd;
		/* Anything else concerns a connection that is gone already: accept(2), "Error handling". */
		if (listening_exhausted(errno)) {
			service_log_exhausted();
			/* Let other connections end before accept is tried again: it would fail at once, and spin. */
			net_poll(&fds[1], 1, EXHAUSTED_PAUSE);
		}
	}
	return -1;
}

int service_accept_some(const struct service *service, char peer[NAME_SIZE])
{
	int fd = listening_accept(service->listener, peer);

	if (fd == -1 || is_admitted(service, fd, peer))
		return fd;
	close(fd);
	errno = ECONNABORTED;
	return -1;
}

void service_log_exhausted(void)
{
	static double said = -HUGE_VAL;
	int number = errno;

	if (is_news(&said))
		service_log("cannot accept: %s; trying again", strerror(number));
}

void service_log_full(const struct service *service)
{
	static double said = -HUGE_VAL;

	if (is_news(&said))
		service_log("%" PRIu64 " connections, as many as --max-connections allows: others have to wait",
			    service->max_connections);
}

void service_log_lines(struct conversation *conversation)
{
	const char *line;

	while ((line = conversation_next_log_line(conversation)) != NULL)
		service_log("%s", line);
}

void service_note(const struct service *service, const char *peer, const char *event)
{
	if (service->verbose)
		service_log("%s: %s", peer, event);
}

void service_log(const char *format, ...)
{
	enum { LINE_SIZE = 2 * NAME_SIZE + ERROR_TEXT_SIZE };
	char line[LINE_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	log_write(line);
}

static int is_admitted(const struct service *service, int fd, const char *peer)
{
	uid_t user;

	if (!service->own_user)
		return 1;
	user = listening_peer_user(fd);
	if (user == geteuid())
		return 1;
	service_log("%s: refused: user %u is not the user of the server", peer, (unsigned)user);
	return 0;
}

/* Whether something was not said a moment ago; now it is.  Only one thread accepts. */
static int is_news(double *said)
{
	double now = net_clock();

	if (now < *said + silence)
		return 0;
	*said = now;
	return 1;
}
