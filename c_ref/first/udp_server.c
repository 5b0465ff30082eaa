/* A UDP echo server: sends each datagram back, until Ctrl-C: c_ref/bin/first/udp_server 7000 (0 is any free port). */
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
	struct sockaddr_in client, address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof address;
	char data[65536], rest; // longer than any datagram
	unsigned port;
	ssize_t size;
	int server;

	if (argc != 2 || sscanf(argv[1], "%5u%c", &port, &rest) != 1 || port > 65535) {
		fprintf(stderr, "usage: udp_server PORT\n");
		return 2;
	}
	address.sin_port = htons((in_port_t)port);
	if ((server = socket(AF_INET, SOCK_DGRAM, 0)) != -1 &&
	    // without SO_REUSEADDR, which lets two servers take one port
	    bind(server, (struct sockaddr *)&address, length) == 0 &&
	    getsockname(server, (struct sockaddr *)&address, &length) == 0) {
		printf("LISTENING 127.0.0.1 %d\n", ntohs(address.sin_port));
		fflush(stdout);
		while ((size = recvfrom(server, data, sizeof data, 0, (struct sockaddr *)&client, &length)) != -1)
			// One datagram, whole.  A size of 0 is an empty datagram, not EOF.
			if (sendto(server, data, (size_t)size, 0, (struct sockaddr *)&client, length) == -1)
				perror("udp_server: client");
	}
	perror("udp_server");
	return 1;
}
/* Lacking: other address families, limits, forged senders, a clean stop: c_ref/iomodels/datagram_server.c. */
