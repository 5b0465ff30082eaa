/* Claims about names, socket types, Nagle's algorithm and select. */
#define _GNU_SOURCE /* gethostbyname, which POSIX has dropped; S_IFSOCK */
#include "lab.h"

#include <netdb.h>

static char room[100];

static void claim_34(void)
{
	const struct hostent *host = gethostbyname("localhost");
	long dots = 0;

	inet_ntop(AF_INET, host->h_addr_list[0], room, sizeof room);
	for (const char *at = room; *at != '\0'; at++)
		dots += *at == '.';
	say_number("gethostbyname of localhost, dots", dots);
	host = gethostbyname("::1");
	say("gethostbyname of ::1", host != NULL ? "ok" : "HOST_NOT_FOUND");
}

static const char *connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	return ok(connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&address, sizeof address));
}

static void claim_36(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int server = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(room, sizeof room, "/tmp/claim-36-file-%ld", (long)getpid());
	mknod(room, S_IFSOCK | 0777, 0);
	say("connect to a socket file that nobody here has bound", connect_to(room));
	unlink(room);
	snprintf(address.sun_path, sizeof address.sun_path, "/tmp/claim-36-%ld", (long)getpid());
	bind(server, (struct sockaddr *)&address, sizeof address);
	listen(server, 1);
	say("connect to one that is bound here", connect_to(address.sun_path));
	unlink(address.sun_path);
}

static void claim_37(void)
{
	say("socket(AF_INET, SOCK_RDM)", ok(socket(AF_INET, SOCK_RDM, 0)));
	say("socket(AF_UNIX, SOCK_RDM)", ok(socket(AF_UNIX, SOCK_RDM, 0)));
}

static const char *joined(int no_delay)
{
	struct pair pair = tcp_pair();

	set_int_option(pair.near, IPPROTO_TCP, TCP_NODELAY, no_delay);
	send(pair.near, "hello", 5, 0);
	send(pair.near, "world", 5, 0);
	nap(0.2);
	return outcome(recv(pair.far, room, sizeof room, 0));
}

static void claim_38(void)
{
	char data[100];
	int fds[2];

	say("recv(100) after two sends of 5 bytes", joined(0));
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds) == -1)
		return;
	send(fds[0], "hello", 5, 0);
	send(fds[0], "world", 5, 0);
	say("the same, SOCK_SEQPACKET", outcome(recv(fds[1], data, sizeof data, 0)));
}

static void claim_39(void)
{
	say("recv(100) after two sends of 5 bytes, TCP_NODELAY", joined(1));
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static const char *slow_exchanges(int no_delay, int writes)
{
	struct pair pair = tcp_pair();
	pid_t child = fork();
	int slow = 0;

	if (child == 0) {
		set_int_option(pair.far, IPPROTO_TCP, TCP_NODELAY, 1);
		for (int i = 0; i < 30; i++) {
			recv(pair.far, room, 10, MSG_WAITALL);
			send(pair.far, "x", 1, MSG_NOSIGNAL);
		}
		_exit(0);
	}
	set_int_option(pair.near, IPPROTO_TCP, TCP_NODELAY, no_delay);
	for (int i = 0; i < 30; i++) {
		double began = seconds();

		for (int j = 0; j < writes; j++)
			send(pair.near, room, (size_t)(10 / writes), MSG_NOSIGNAL);
		recv(pair.near, room, 1, 0);
		slow += seconds() - began > 0.02;
	}
	waitpid(child, NULL, 0);
	return slow > 15 ? "most" : "few";
}

static void claim_40(void)
{
	say("write, write, read: exchanges above 20 ms", slow_exchanges(0, 2));
	say("the same, TCP_NODELAY", slow_exchanges(1, 2));
	say("write, read", slow_exchanges(0, 1));
}

static const char *select_up_to(int first, int fd)
{
	struct timeval now = {0};
	fd_set readers;

	FD_ZERO(&readers);
	FD_SET(fd, &readers);
	return outcome(select(first, &readers, NULL, NULL, &now));
}

static void claim_41(void)
{
	struct pair pair = tcp_pair();

	send(pair.far, "x", 1, 0);
	recv(pair.near, room, 1, MSG_PEEK);
	say("select, first argument 0", select_up_to(0, pair.near));
	say("select, first argument descriptor + 1", select_up_to(pair.near + 1, pair.near));
}

static void claim_42(void)
{
	say("select with descriptor 1024", 1024 >= FD_SETSIZE ? "beyond FD_SETSIZE" : "ok");
}

const struct claim other_claims[] = {
	{34, claim_34}, {36, claim_36}, {37, claim_37}, {38, claim_38}, {39, claim_39},
	{40, claim_40}, {41, claim_41}, {42, claim_42}, {0, NULL},
};
