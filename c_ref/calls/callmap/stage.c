#include "calls/callmap/stage.h"
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "calls/constants.h"

enum { PATIENCE = 20 };

static void need(int status, const char *what)
{
	if (status == -1) {
		perror(what);
		exit(70);
	}
}

struct sockaddr_in loopback(int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	address.sin_port = htons((uint16_t)port);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return address;
}

static int on_loopback(int type)
{
	struct sockaddr_in address = loopback(0);
	int fd = socket(AF_INET, type, 0);
	need(fd, "socket");
	need(bind(fd, (struct sockaddr *)&address, sizeof address), "bind");
	return fd;
}

int listening(void)
{
	int fd = on_loopback(SOCK_STREAM);
	need(listen(fd, 5), "listen");
	return fd;
}

void datagrams(int *a, int *b)
{
	*a = on_loopback(SOCK_DGRAM);
	*b = on_loopback(SOCK_DGRAM);
}

int port_of(int fd)
{
	struct sockaddr_in address;
	socklen_t length = sizeof address;
	need(getsockname(fd, (struct sockaddr *)&address, &length), "getsockname");
	return ntohs(address.sin_port);
}

int free_port(void)
{
	int fd = listening(), port = port_of(fd);
	close(fd);
	return port;
}

void connected(int *near, int *far)
{
	int listener = listening();
	struct sockaddr_in address = loopback(port_of(listener));
	*near = socket(AF_INET, SOCK_STREAM, 0);
	need(connect(*near, (struct sockaddr *)&address, sizeof address), "connect");
	*far = accept(listener, NULL, NULL);
	need(*far, "accept");
	close(listener);
}

void unix_pair(int *a, int *b)
{
	int both[2];
	need(socketpair(AF_UNIX, SOCK_STREAM, 0, both), "socketpair");
	*a = both[0];
	*b = both[1];
}

void set_nonblocking(int fd)
{
	need(fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK), "fcntl");
}

void fill(int fd)
{
	static const char data[65536];
	int flags = fcntl(fd, F_GETFL);
	set_nonblocking(fd);
	while (send(fd, data, sizeof data, MSG_NOSIGNAL) != -1)
		continue;
	need(fcntl(fd, F_SETFL, flags), "fcntl");
}

void reset(int near, int far)
{
	struct linger at_once = {1, 0};
	need(setsockopt(far, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), "setsockopt");
	close(far);
	await_reset(near);
}

void await_reset(int fd)
{
	struct pollfd polled = {fd, 0, 0};
	poll(&polled, 1, PATIENCE * 1000);
}

void drain_later(int fd)
{
	struct timespec pause = {1, 500000000};
	if (fork() == 0) {
		static char data[1 << 20];
		nanosleep(&pause, NULL);
		_exit(recv(fd, data, sizeof data, 0) <= 0);
	}
}

const char *error_name(void)
{
	const char *name = constant_name(ERRORS, errno);
	return name == NULL ? strerror(errno) : name;
}

void show_number(long number)
{
	printf("show %ld\n", number);
}

void show_bytes(const void *data, ssize_t count)
{
	const unsigned char *byte = data;
	printf("show \"");
	for (; count > 0; count--, byte++)
		printf(*byte >= ' ' && *byte <= '~' ? "%c" : "\\x%02x", *byte);
	printf("\"\n");
}

void show_text(const char *text)
{
	show_bytes(text, (ssize_t)strlen(text));
}

void show_word(const char *word)
{
	printf("show %s\n", word);
}

void show_result(long result)
{
	if (result != -1)
		show_number(result);
	else
		show_word(error_name());
}

void show_resolver(int status)
{
	show_word(status == 0 ? "0" : constant_name(RESOLVER_ERRORS, status));
}

void mark(void)
{
	close(-1);
}

void name_descriptor(const char *name, int fd)
{
	printf("name %s %d\n", name, fd);
}
