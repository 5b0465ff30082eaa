/* Claims about sending, receiving and closing a stream. */
#include "lab.h"

static char room[1024];

static const char *receive(int fd, size_t size)
{
	ssize_t received = recv(fd, room, size, 0);

	return received == -1 && (errno == EAGAIN || errno == EWOULDBLOCK) ? "time-out" : outcome(received);
}

static const char *send_bytes(int fd, const char *text)
{
	return outcome(send(fd, text, strlen(text), MSG_NOSIGNAL));
}

static void claim_9(void)
{
	struct pair pair = tcp_pair();

	send_bytes(pair.far, "x");
	say("recv of 0 bytes, with data there", receive(pair.near, 0));
	receive(pair.near, 1);
	shutdown(pair.far, SHUT_WR);
	say("recv, peer only half-closed", receive(pair.near, 1));
	send_bytes(pair.near, "still here");
	say("recv of that peer", receive(pair.far, 100));
}

static void claim_10(void)
{
	struct pair pair = tcp_pair();

	send_bytes(pair.far, "hello");
	say("recv(10) when 5 bytes are there", receive(pair.near, 10));
}

/* Give the far end to a child process, which does nothing with it. */
static pid_t hand_over(const struct pair *pair)
{
	pid_t child = fork();

	if (child == 0) {
		close(pair->near);
		pause();
		_exit(0);
	}
	close(pair->far);
	return child;
}

static void end(pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

/* What recv says when the process at the other end is killed. */
static const char *killed_peer(int unread)
{
	struct pair pair = tcp_pair();
	pid_t child = hand_over(&pair);

	if (unread)
		send_bytes(pair.near, "unread");
	end(child);
	return receive(pair.near, 10);
}

static void claim_11(void)
{
	say("recv, the killed peer had read everything", killed_peer(0));
	say("recv, the killed peer had not", killed_peer(1));
}

/* What a recv says that waits when the peer closes: a child does that, because this process waits. */
static const char *waited(const char *unread, int with_dup)
{
	struct pair pair = tcp_pair();
	const char *said;
	pid_t child;

	send_bytes(pair.near, unread);
	child = fork();
	if (child == 0) {
		int other = with_dup ? dup(pair.far) : -1;

		nap(0.2);
		close(pair.far);
		if (other != -1)
			pause();
		_exit(0);
	}
	close(pair.far);
	set_timeout(pair.near, with_dup ? 0.5 : 10);
	said = receive(pair.near, 10);
	end(child);
	return said;
}

static void claim_12(void)
{
	say("recv that waited when the peer closed", waited("", 0));
	say("the same, the peer had a dup", waited("", 1));
	say("the same, the peer had not read everything", waited("unread", 0));
}

static void claim_13(void)
{
	struct pair pair = tcp_pair();
	struct pollfd unread;

	close(pair.far);
	say("recv, peer closed", receive(pair.near, 10));
	pair = tcp_pair();
	send_bytes(pair.near, "unread");
	unread = (struct pollfd){.fd = pair.far, .events = POLLIN};
	poll(&unread, 1, 10000);
	close(pair.far);
	say("recv, peer closed with input unread", receive(pair.near, 10));
}

static void claim_14(void)
{
	struct pair pair = tcp_pair();

	shutdown(pair.near, 1);
	send_bytes(pair.far, "hello");
	say("recv after shutdown(1)", receive(pair.near, 10));
}

static void claim_15(void)
{
	struct pair pair = tcp_pair();

	shutdown(pair.near, SHUT_WR);
	say("send after shutdown(SHUT_WR)", send_bytes(pair.near, "x"));
}

static void claim_16(void)
{
	struct pair tcp = tcp_pair();
	struct pair local = unix_pair();

	shutdown(tcp.near, SHUT_RD);
	shutdown(local.near, SHUT_RD);
	say("first send over TCP", send_bytes(tcp.far, "x"));
	nap(0.05);
	say("second send over TCP", send_bytes(tcp.far, "x"));
	say("first send over a unix socket", send_bytes(local.far, "x"));
}

static void claim_17(void)
{
	struct pair pair = tcp_pair();
	char *data = calloc(1, LARGE);
	int error = 0;
	socklen_t length = sizeof error;

	set_nonblocking(pair.near);
	say("send of 16 MiB, not blocking", send(pair.near, data, LARGE, 0) < LARGE ? "fewer" : "all");
	getsockopt(pair.near, SOL_SOCKET, SO_ERROR, &error, &length);
	say_number("SO_ERROR afterwards", error);
	free(data);
}

/* Of datagrams of 4 KiB to a socket that nobody reads, how many it does not have then. */
static long lost_datagrams(long count)
{
	static char data[4096];
	int receiver = bound_to(SOCK_DGRAM, 0, 0);
	struct sockaddr_in address = loopback(port_of(receiver));
	int sender = socket(AF_INET, SOCK_DGRAM, 0);

	for (long i = 0; i < count; i++)
		sendto(sender, data, sizeof data, 0, (struct sockaddr *)&address, sizeof address);
	set_nonblocking(receiver);
	while (recv(receiver, data, 1, 0) == 1)
		count--;
	return count;
}

static void claim_19(void)
{
	static char data[65536];
	struct pair pair = tcp_pair();
	long sent = 0;
	ssize_t size;

	set_nonblocking(pair.near);
	while ((size = send(pair.near, data, sizeof data, 0)) > 0)
		sent += size;
	say("send when both buffers are full", outcome(size));
	close(pair.near);
	while ((size = recv(pair.far, data, sizeof data, 0)) > 0)
		sent -= size;
	say_number("bytes taken and not delivered", sent);
	say("datagrams taken and not delivered", lost_datagrams(1000) > 0 ? "some" : "none");
}

static void claim_20(void)
{
	struct pair tcp = tcp_pair();
	struct pair local = unix_pair();

	close(tcp.far);
	close(local.far);
	nap(0.05);
	say("first send over TCP", send_bytes(tcp.near, "x"));
	nap(0.05);
	say("second send over TCP", send_bytes(tcp.near, "x"));
	say("first send over a unix socket", send_bytes(local.near, "x"));
}

static void claim_26(void)
{
	int server = listening_on(5, 0, 0);
	int client = dial(port_of(server));

	say("send before accept", send_bytes(client, "hello"));
	say("recv after accept", receive(accept(server, NULL, NULL), 10));
}

static void claim_30(void)
{
	struct pair pair = tcp_pair();

	set_timeout(pair.near, 0.05);
	say("recv with nothing there", receive(pair.near, 10));
	send_bytes(pair.far, "hello");
	set_timeout(pair.near, 10);
	say("recv after that", receive(pair.near, 10));
}

static void claim_47(void)
{
	struct pair pair = tcp_pair();
	pid_t child = hand_over(&pair);

	set_timeout(pair.near, 0.3);
	say("recv, the parent has closed", receive(pair.near, 1));
	end(child);
	set_timeout(pair.near, 10);
	say("recv, the child has ended too", receive(pair.near, 1));
}

static void claim_50(void)
{
	struct pair pair = tcp_pair();

	send_bytes(pair.far, "hello");
	if (fork() == 0) {
		nap(0.2);
		send_bytes(pair.far, "world");
		_exit(0);
	}
	say("recv(10, MSG_WAITALL), 5 bytes and later 5", outcome(recv(pair.near, room, 10, MSG_WAITALL)));
	send_bytes(pair.far, "hello");
	close(pair.far);
	say("recv(10, MSG_WAITALL), 5 bytes and the end", outcome(recv(pair.near, room, 10, MSG_WAITALL)));
}

const struct claim closing_claims[] = {
	{9, claim_9},   {10, claim_10}, {11, claim_11}, {12, claim_12}, {13, claim_13}, {14, claim_14},
	{15, claim_15}, {16, claim_16}, {17, claim_17}, {19, claim_19}, {20, claim_20}, {26, claim_26},
	{30, claim_30}, {47, claim_47}, {50, claim_50}, {0, NULL},
};
