/* Claims about datagrams. */
#define _GNU_SOURCE /* IP_RECVERR */
#include "lab.h"

static char room[100];

static int datagram(void)
{
	int fd = bound_to(SOCK_DGRAM, 0, 0);

	set_timeout(fd, 10);
	return fd;
}

static const char *send_to(int fd, const char *text, unsigned port)
{
	struct sockaddr_in address = loopback(port);

	return outcome(sendto(fd, text, strlen(text), 0, (struct sockaddr *)&address, sizeof address));
}

static long readable(int fd, int milliseconds)
{
	struct pollfd pollfd = {.fd = fd, .events = POLLIN};

	return poll(&pollfd, 1, milliseconds);
}

static void claim_21(void)
{
	struct pair pair = tcp_pair();
	int server = datagram();

	send(pair.near, "", 0, 0);
	send_to(datagram(), "", port_of(server));
	say_number("something to receive after an empty send over TCP", readable(pair.far, 200));
	say_number("something to receive after an empty sendto over UDP", readable(server, 10000));
}

static void claim_22(void)
{
	int server = datagram();

	send_to(datagram(), "0123456789", port_of(server));
	say("recv(4) of a datagram of 10 bytes", outcome(recv(server, room, 4, 0)));
	set_nonblocking(server);
	say("the next recv", outcome(recv(server, room, 10, 0)));
}

static void claim_23(void)
{
	unsigned port = dead_port(SOCK_DGRAM);
	int sock = datagram();
	int asking = datagram();

	set_int_option(asking, IPPROTO_IP, IP_RECVERR, 1);
	say("first sendto", send_to(sock, "x", port));
	send_to(asking, "x", port);
	nap(0.05);
	say("second sendto", send_to(sock, "x", port));
	say("second sendto, IP_RECVERR", send_to(asking, "x", port));
}

static void claim_24(void)
{
	struct sockaddr_in address = loopback(dead_port(SOCK_DGRAM));
	int sock = datagram();

	connect(sock, (struct sockaddr *)&address, sizeof address);
	say("first send", outcome(send(sock, "x", 1, 0)));
	nap(0.05);
	say("second send", outcome(send(sock, "x", 1, 0)));
}

static void claim_25(void)
{
	struct sockaddr_un path = {.sun_family = AF_UNIX};
	struct sockaddr_in from;
	struct sockaddr_un unix_from;
	socklen_t length = sizeof from;
	int server = datagram();
	int client = socket(AF_INET, SOCK_DGRAM, 0);
	int local = socket(AF_UNIX, SOCK_DGRAM, 0);

	send_to(client, "x", port_of(server));
	recvfrom(server, room, 1, 0, (struct sockaddr *)&from, &length);
	sendto(server, "answer", 6, 0, (struct sockaddr *)&from, length);
	set_timeout(client, 10);
	say("answer to an unbound UDP client", outcome(recv(client, room, 10, 0)));
	snprintf(path.sun_path, sizeof path.sun_path, "/tmp/claim-25-%ld", (long)getpid());
	bind(local, (struct sockaddr *)&path, sizeof path);
	sendto(socket(AF_UNIX, SOCK_DGRAM, 0), "x", 1, 0, (struct sockaddr *)&path, sizeof path);
	length = sizeof unix_from;
	recvfrom(local, room, 1, 0, (struct sockaddr *)&unix_from, &length);
	say("address of an unbound unix client", length == 0 ? "none" : "some");
	unlink(path.sun_path);
}

static void claim_27(void)
{
	struct sockaddr_in address = loopback(dead_port(SOCK_DGRAM));

	int itself = bound_to(SOCK_STREAM, 0, 0);
	struct sockaddr_in own = loopback(port_of(itself));

	say("TCP connect, nobody listens", ok(dial(dead_port(SOCK_STREAM))));
	say("TCP connect to itself", ok(connect(itself, (struct sockaddr *)&own, sizeof own)));
	say("UDP connect, nobody listens",
	    ok(connect(socket(AF_INET, SOCK_DGRAM, 0), (struct sockaddr *)&address, sizeof address)));
}

const struct claim datagram_claims[] = {
	{21, claim_21}, {22, claim_22}, {23, claim_23}, {24, claim_24}, {25, claim_25}, {27, claim_27}, {0, NULL},
};
