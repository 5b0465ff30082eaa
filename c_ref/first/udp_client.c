/* A UDP echo client: sends each line of stdin, prints its echo, then the next: c_ref/bin/first/udp_client 7000. */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct pollfd client = {.events = POLLIN};
	char data[65536], rest, *line = NULL; // data: longer than any datagram
	ssize_t length = 0, size;
	size_t capacity = 0;
	int ready = -1;
	unsigned port;

	if (argc != 2 || sscanf(argv[1], "%5u%c", &port, &rest) != 1 || port > 65535) {
		fprintf(stderr, "usage: udp_client PORT\n");
		return 2;
	}
	address.sin_port = htons((in_port_t)port);
	signal(SIGPIPE, SIG_IGN); // a closed stdout is an error, as in Python
	if ((client.fd = socket(AF_INET, SOCK_DGRAM, 0)) == -1 ||
	    connect(client.fd, (struct sockaddr *)&address, sizeof address) == -1) // a dead port is an error then
		goto end;
	while ((length = getline(&line, &capacity, stdin)) != -1)
		if (send(client.fd, line, (size_t)length, 0) == -1 ||       // all of it in one datagram
		    (ready = poll(&client, 1, 2000)) <= 0 ||                // which may be lost, or its echo
		    (size = recv(client.fd, data, sizeof data, 0)) == -1 || // one datagram, whole
		    fwrite(data, 1, (size_t)size, stdout) != (size_t)size || fflush(stdout) == EOF)
			goto end;
end:
	if (length != -1 && ready == 0)
		fprintf(stderr, "udp_client: no answer within 2 s\n");
	else if (length != -1 || ferror(stdin))
		perror("udp_client");
	free(line);
	close(client.fd);
	return length != -1 || ferror(stdin);
}
/* Lacking: sending again; late and doubled answers are taken for the next: c_ref/programs/datagram_client.c. */
