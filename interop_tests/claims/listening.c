/* Claims about listen, bind and accept. */
#define _GNU_SOURCE /* SO_REUSEPORT */
#include "lab.h"

/* How many connects complete while nobody accepts, or only some that were accepted first. */
static long completed(int backlog, int attempts, int accepts)
{
	int server = listening_on(backlog, 0, 0);
	struct sockaddr_in address = loopback(port_of(server));
	struct pollfd fds[64];
	long count = 0;

	for (int i = 0; i < accepts; i++) {
		fds[i] = (struct pollfd){.fd = dial(port_of(server)), .events = POLLOUT};
		close(accept(server, NULL, NULL));
	}
	for (int i = accepts; i < attempts; i++) {
		fds[i] = (struct pollfd){.fd = socket(AF_INET, SOCK_STREAM, 0), .events = POLLOUT};
		set_nonblocking(fds[i].fd);
		connect(fds[i].fd, (struct sockaddr *)&address, sizeof address);
	}
	nap(0.1);
	poll(fds, (nfds_t)attempts, 0);
	for (int i = 0; i < attempts; i++)
		count += (fds[i].revents & POLLOUT) != 0;
	return count;
}

static void claim_1(void)
{
	say_number("connects completed of 8, listen(0)", completed(0, 8, 0));
}

static void claim_2(void)
{
	say_number("connects completed of 64, listen(64)", completed(64, 64, 0));
}

static void claim_3(void)
{
	say_number("connects completed of 3, listen(1)", completed(1, 3, 0));
	say_number("connects completed of 5, one of them accepted", completed(1, 5, 1));
}

/* Let a server close first, so that its end is in TIME_WAIT; its port. */
static unsigned in_time_wait(int option)
{
	int server = listening_on(5, 0, option);
	unsigned port = port_of(server);
	int client = dial(port);
	int accepted = accept(server, NULL, NULL);
	char byte;

	close(server);
	close(accepted);
	recv(client, &byte, 1, 0);
	close(client);
	return port;
}

/* The connections of a local port that /proc/net/tcp shows in state 06, TIME_WAIT. */
static long time_waits(unsigned port)
{
	FILE *table = fopen("/proc/net/tcp", "r");
	char line[512];
	long count = 0;

	while (table != NULL && fgets(line, sizeof line, table) != NULL) {
		unsigned local;
		unsigned state;

		if (sscanf(line, " %*d: %*x:%x %*x:%*x %x", &local, &state) == 2)
			count += local == port && state == 6;
	}
	fclose(table);
	return count;
}

static void claim_4(void)
{
	unsigned port = in_time_wait(SO_REUSEADDR);
	unsigned without = in_time_wait(0);

	say("bind with SO_REUSEADDR", ok(listening_on(1, port, SO_REUSEADDR)));
	say_number("connections still in TIME_WAIT", time_waits(port));
	say("the same, where the first server was without it", ok(listening_on(1, without, SO_REUSEADDR)));
}

static void claim_5(void)
{
	say("bind after the server closed a connection first", ok(listening_on(1, in_time_wait(0), 0)));
	say("bind after no connection", ok(listening_on(1, dead_port(SOCK_STREAM), 0)));
}

static void claim_6(void)
{
	int server = listening_on(5, 0, 0);
	int shared = listening_on(5, 0, SO_REUSEPORT);
	struct sockaddr_in other = loopback(port_of(server));

	other.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
	say("second bind", ok(listening_on(1, port_of(server), 0)));
	say("second bind, SO_REUSEPORT on both", ok(listening_on(1, port_of(shared), SO_REUSEPORT)));
	say("second bind, to 127.0.0.2",
	    ok(bind(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&other, sizeof other)));
}

static void claim_7(void)
{
	FILE *start = fopen("/proc/sys/net/ipv4/ip_unprivileged_port_start", "r");
	int first = 0;

	if (start != NULL && fscanf(start, "%d", &first) == 1)
		say_number("ip_unprivileged_port_start", first);
	if (geteuid() == 0 && setuid(65534) == -1)
		exit(1);
	say("bind below ip_unprivileged_port_start as an ordinary user",
	    first > 0 ? ok(bound_to(SOCK_STREAM, (unsigned)first - 1, 0)) : "no such port");
	say("bind at it", ok(bound_to(SOCK_STREAM, (unsigned)first, 0)));
}

static const char *reach(in_addr_t host, in_addr_t to)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(host)};
	int server = socket(AF_INET, SOCK_STREAM, 0);

	bind(server, (struct sockaddr *)&address, sizeof address);
	listen(server, 1);
	address.sin_port = htons((uint16_t)port_of(server));
	address.sin_addr.s_addr = htonl(to);
	return ok(connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&address, sizeof address));
}

static void claim_8(void)
{
	struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	struct sockaddr_in any = {.sin_family = AF_INET};
	int server = socket(AF_INET, SOCK_STREAM, 0);

	bind(server, (struct sockaddr *)&any, sizeof any);
	listen(server, 1);
	address.sin6_port = htons((uint16_t)port_of(server));
	say("bound to '', connect to 127.0.0.2", reach(INADDR_ANY, INADDR_LOOPBACK + 1));
	say("bound to localhost, connect to 127.0.0.2", reach(INADDR_LOOPBACK, INADDR_LOOPBACK + 1));
	say("bound to '', connect to ::1",
	    ok(connect(socket(AF_INET6, SOCK_STREAM, 0), (struct sockaddr *)&address, sizeof address)));
}

static void claim_43(void)
{
	int server = listening_on(5, 0, SO_KEEPALIVE);
	int client = dial(port_of(server));
	int value = 0;
	socklen_t length = sizeof value;
	int accepted;

	set_nonblocking(server);
	accepted = accept(server, NULL, NULL);
	getsockopt(accepted, SOL_SOCKET, SO_KEEPALIVE, &value, &length);
	say_number("SO_KEEPALIVE of the accepted socket", value);
	say_number("O_NONBLOCK of the accepted socket", (fcntl(accepted, F_GETFL) & O_NONBLOCK) != 0);
	close(client);
}

static void claim_44(void)
{
	int server = listening_on(5, 0, 0);
	int client = dial(port_of(server));
	int accepted = accept(server, NULL, NULL);

	say_number("port of the accepted socket less that of the listener",
		   (long)port_of(accepted) - (long)port_of(server));
	close(client);
}

static void claim_45(void)
{
	say("port in getsockname after bind to 0", port_of(listening_on(5, 0, 0)) != 0 ? "another" : "0");
}

static void on_alarm(int number)
{
	(void)number;
}

static void claim_49(void)
{
	struct sigaction action = {.sa_handler = on_alarm};
	struct itimerval timer = {.it_value.tv_usec = 50000, .it_interval.tv_usec = 50000};
	int server = listening_on(5, 0, 0);

	if (fork() == 0) {
		nap(1);
		_exit(dial(port_of(server)) == -1);
	}
	sigemptyset(&action.sa_mask);
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
	say("accept, a handler has run", ok(accept(server, NULL, NULL)));
	action.sa_flags = SA_RESTART;
	sigaction(SIGALRM, &action, NULL);
	say("the same with SA_RESTART", ok(accept(server, NULL, NULL)));
}

const struct claim listening_claims[] = {
	{1, claim_1}, {2, claim_2},   {3, claim_3},   {4, claim_4},   {5, claim_5},   {6, claim_6}, {7, claim_7},
	{8, claim_8}, {43, claim_43}, {44, claim_44}, {45, claim_45}, {49, claim_49}, {0, NULL},
};
