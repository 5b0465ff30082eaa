/*
 * The load: one process that keeps a server of frames busy, and says how much came back.
 *
 *     load PORT exchange CONNECTIONS SIZE SECONDS    a frame each way, again and again, on every connection
 *     load PORT pipeline CONNECTIONS SIZE SECONDS    as many frames as the window takes, without waiting
 *     load PORT connect  1           SIZE SECONDS    connect, a frame each way, close
 *     load PORT udp      1           SIZE SECONDS    a datagram each way
 *     load PORT hold     CONNECTIONS SIZE 0          a frame each way on all of them, half a frame and a reader that
 *                                                    does not read on every tenth; then it waits for the end of stdin
 *     load PORT silent   CONNECTIONS SIZE 0          nothing, on all of them
 *
 * A frame is four bytes of length, the first the most significant, and the
 * payload.  The first answer is compared with what was sent; after that bytes
 * are counted.  It prints "READY" when all connections are there, waits for a line on
 * standard input, and prints "UNITS SECONDS".
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEADER = 4, WINDOW = 256 * 1024, EVENTS = 256, CONNECTIONS_OF_AN_ADDRESS = 1000, ADDRESSES = 200 };

struct connection {
	int fd;
	uint64_t sent;
	uint64_t received;
};

static uint8_t *frames; /* as many whole frames as the window has, at least two */
static size_t frame, span;
static uint8_t *room;

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* Connect from 127.0.0.HOST. */
static int dial(int port, int type, uint32_t host)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl((INADDR_LOOPBACK & ~0xffu) + host)};
	int one = 1;
	int fd = socket(AF_INET, type, 0);
	if (fd == -1)
		fail("load: socket");
	/* The port is chosen by connect, which knows that it may be used again for another destination: ip(7). */
	setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
	if (bind(fd, (struct sockaddr *)&from, sizeof from) == -1 ||
	    connect(fd, (struct sockaddr *)&address, sizeof address) == -1)
		fail("load: connect");
	if (type == SOCK_STREAM)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	return fd;
}

static void make_frames(size_t size)
{
	size_t count;
	frame = HEADER + size;
	count = WINDOW / frame < 2 ? 2 : WINDOW / frame;
	span = count * frame;
	frames = malloc(span);
	room = malloc(span);
	if (frames == NULL || room == NULL)
		fail("load");
	for (size_t at = 0; at < span; at += frame) {
		for (int i = 0; i < HEADER; i++)
			frames[at + (size_t)i] = (uint8_t)(size >> 8 * (HEADER - 1 - i));
		memset(frames + at + HEADER, 'a' + (int)(at / frame % 26), size);
	}
}

static void take_all(int fd, size_t size)
{
	while (size > 0) {
		ssize_t got = recv(fd, room, size, 0);
		if (got <= 0)
			fail("load: the server ended the connection");
		size -= (size_t)got;
	}
}

/* One frame there and back: of any size, both ways at once, and compared. */
static void first_exchange(int fd)
{
	size_t sent = 0, got = 0;
	while (got < frame) {
		struct pollfd polled = {.fd = fd, .events = (short)(POLLIN | (sent < frame ? POLLOUT : 0))};
		poll(&polled, 1, -1);
		if (polled.revents & POLLOUT) {
			ssize_t more = send(fd, frames + sent, frame - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
			sent += more > 0 ? (size_t)more : 0;
		}
		if (polled.revents & (POLLIN | POLLHUP | POLLERR)) {
			ssize_t more = recv(fd, room + got, frame - got, MSG_DONTWAIT);
			if (more <= 0)
				fail("load: the server ended the connection");
			got += (size_t)more;
		}
	}
	if (memcmp(room, frames, frame) != 0) {
		fprintf(stderr, "load: another frame came back\n");
		exit(1);
	}
}

/* One frame that fits the buffers there and back. */
static void exchange(int fd)
{
	if (send(fd, frames, frame, MSG_NOSIGNAL) != (ssize_t)frame)
		fail("load: send");
	take_all(fd, frame);
}

/* Move what can be moved without waiting. */
static void pump(struct connection *connection)
{
	for (;;) {
		int moved = 0;
		while (connection->sent - connection->received < span) {
			size_t at = (size_t)(connection->sent % span);
			size_t free = span - (size_t)(connection->sent - connection->received);
			size_t size = span - at < free ? span - at : free;
			ssize_t sent = send(connection->fd, frames + at, size, MSG_DONTWAIT | MSG_NOSIGNAL);
			if (sent <= 0)
				break;
			connection->sent += (uint64_t)sent;
			moved = 1;
		}
		ssize_t got = recv(connection->fd, room, span, MSG_DONTWAIT);
		if (got == 0 || (got == -1 && errno != EAGAIN))
			fail("load: the server ended the connection");
		if (got > 0) {
			connection->received += (uint64_t)got;
			moved = 1;
		}
		if (!moved)
			return;
	}
}

static uint64_t pipelined(struct connection *connections, int count, double end)
{
	struct epoll_event events[EVENTS];
	uint64_t bytes = 0;
	int poller = epoll_create1(0);
	for (int i = 0; i < count; i++) {
		struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = &connections[i]};
		epoll_ctl(poller, EPOLL_CTL_ADD, connections[i].fd, &event);
	}
	while (now() < end) {
		int ready = epoll_wait(poller, events, EVENTS, 100);
		for (int i = 0; i < ready; i++)
			pump(events[i].data.ptr);
	}
	for (int i = 0; i < count; i++)
		bytes += connections[i].received;
	return bytes / frame;
}

static uint64_t exchanged(struct connection *connections, int count, double end)
{
	struct epoll_event events[EVENTS];
	uint64_t units = 0;
	int poller = epoll_create1(0);
	for (int i = 0; i < count; i++) {
		struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[i]};
		epoll_ctl(poller, EPOLL_CTL_ADD, connections[i].fd, &event);
		send(connections[i].fd, frames, frame, MSG_NOSIGNAL);
	}
	while (now() < end) {
		int ready = epoll_wait(poller, events, EVENTS, 100);
		for (int i = 0; i < ready; i++) {
			struct connection *connection = events[i].data.ptr;
			take_all(connection->fd, frame);
			send(connection->fd, frames, frame, MSG_NOSIGNAL);
			units++;
		}
	}
	return units;
}

/*
 * Each connection that is closed here first stays in TIME_WAIT, with its port: Linux lends it again over loopback after
 * a second (tcp_tw_reuse), and each address has ports of its own.
 */
static uint64_t connected(int port, double end)
{
	uint64_t units = 0;
	for (; now() < end; units++) {
		int fd = dial(port, SOCK_STREAM, 1 + (uint32_t)(units / CONNECTIONS_OF_AN_ADDRESS % ADDRESSES));
		exchange(fd);
		close(fd);
	}
	return units;
}

/* Each another one: a server may stop answering what is the same again and again, which two servers do to each other.
 */
static uint64_t datagrams(int fd, double end)
{
	uint64_t units = 0;
	for (; now() < end; units++) {
		memcpy(frames + HEADER, &units, sizeof units);
		exchange(fd);
	}
	return units;
}

/* Every tenth is trouble: half a frame, and answers that nobody reads. */
static void hold(struct connection *connections, int count)
{
	for (int i = 0; i < count; i++) {
		exchange(connections[i].fd);
		if (i % 10 == 5) {
			for (int j = 0; j < 4; j++)
				send(connections[i].fd, frames, frame, MSG_NOSIGNAL);
			send(connections[i].fd, frames, frame / 2, MSG_NOSIGNAL);
		}
	}
}

int main(int argc, char **argv)
{
	if (argc != 6) {
		fprintf(stderr,
			"usage: load PORT exchange|pipeline|connect|udp|hold|silent CONNECTIONS SIZE SECONDS\n");
		return 2;
	}
	int port = atoi(argv[1]), count = atoi(argv[3]);
	const char *shape = argv[2];
	double seconds = atof(argv[5]);
	struct connection *connections = calloc((size_t)count, sizeof *connections);
	int is_udp = strcmp(shape, "udp") == 0, connects = strcmp(shape, "connect") == 0;
	uint64_t units = 0;
	char line[8];

	make_frames((size_t)atoi(argv[4]));
	for (int i = 0; i < count && !connects; i++) {
		connections[i].fd = dial(port, is_udp ? SOCK_DGRAM : SOCK_STREAM, 1);
		if (strcmp(shape, "hold") != 0 && strcmp(shape, "silent") != 0)
			first_exchange(connections[i].fd);
	}
	if (strcmp(shape, "hold") == 0)
		hold(connections, count);
	puts("READY");
	fflush(stdout);
	if (fgets(line, sizeof line, stdin) == NULL)
		return 1;
	double began = now();
	if (strcmp(shape, "pipeline") == 0)
		units = pipelined(connections, count, began + seconds);
	else if (strcmp(shape, "exchange") == 0)
		units = exchanged(connections, count, began + seconds);
	else if (connects)
		units = connected(port, began + seconds);
	else if (is_udp)
		units = datagrams(connections[0].fd, began + seconds);
	printf("%llu %.6f\n", (unsigned long long)units, now() - began);
	return 0;
}
