/* The least there is in C: epoll, recv, send what came.  No frames, no limits, no time; raw_udp does datagrams. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CHUNK = 65536, EVENTS = 256 };

static char data[CHUNK];

static void send_all(int fd, const char *from, size_t size)
{
	while (size > 0) {
		ssize_t sent = send(fd, from, size, MSG_NOSIGNAL);
		if (sent <= 0)
			return;
		from += sent;
		size -= (size_t)sent;
	}
}

static int datagrams(int fd)
{
	for (;;) {
		struct sockaddr_in from;
		socklen_t length = sizeof from;
		ssize_t got = recvfrom(fd, data, sizeof data, 0, (struct sockaddr *)&from, &length);
		if (got == -1)
			return 1;
		sendto(fd, data, (size_t)got, 0, (struct sockaddr *)&from, length);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof address;
	struct epoll_event events[EVENTS], event = {.events = EPOLLIN};
	int is_udp = argc > 1 && strcmp(argv[1], "echo") == 0;
	int listener = socket(AF_INET, is_udp ? SOCK_DGRAM : SOCK_STREAM, 0);
	int poller = epoll_create1(0);

	bind(listener, (struct sockaddr *)&address, sizeof address);
	getsockname(listener, (struct sockaddr *)&address, &length);
	if (!is_udp)
		listen(listener, 1000);
	printf("LISTENING 127.0.0.1 %d\n", ntohs(address.sin_port));
	fflush(stdout);
	if (is_udp)
		return datagrams(listener);
	event.data.fd = listener;
	epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
	for (;;) {
		int ready = epoll_wait(poller, events, EVENTS, -1);
		for (int i = 0; i < ready; i++) {
			int fd = events[i].data.fd;
			if (fd == listener) {
				int one = 1;
				event.data.fd = accept(listener, NULL, NULL);
				setsockopt(event.data.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
				epoll_ctl(poller, EPOLL_CTL_ADD, event.data.fd, &event);
				continue;
			}
			ssize_t got = recv(fd, data, sizeof data, 0);
			if (got <= 0)
				close(fd);
			else
				send_all(fd, data, (size_t)got);
		}
	}
}
