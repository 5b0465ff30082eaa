/* A TCP echo client: sends each line of stdin, prints its echo, then the next: c_ref/bin/first/tcp_client 7000. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	ssize_t length = 0, sent, size = -1;
	char data[4096], rest, *line = NULL; // a longer line goes in pieces: it could fill every buffer, a deadlock
	size_t capacity = 0;
	unsigned port;
	int client;

	if (argc != 2 || sscanf(argv[1], "%5u%c", &port, &rest) != 1 || port > 65535) {
		fprintf(stderr, "usage: tcp_client PORT\n");
		return 2;
	}
	address.sin_port = htons((in_port_t)port);
	signal(SIGPIPE, SIG_IGN); // send to a server that has gone fails, instead of killing the client
	if ((client = socket(AF_INET, SOCK_STREAM, 0)) == -1 ||
	    connect(client, (struct sockaddr *)&address, sizeof address) == -1)
		goto end;
	while ((length = getline(&line, &capacity, stdin)) != -1) // with its newline, if it has one
		for (char *next = line; length > 0; next += sent, length -= sent) {
			if ((sent = send(client, next, (size_t)(length > 4096 ? 4096 : length), 0)) == -1)
				goto end;
			for (ssize_t left = sent; left > 0; left -= size)
				if ((size = recv(client, data, (size_t)left, 0)) <= 0 || // 0 is EOF
				    fwrite(data, (size_t)size, 1, stdout) != 1 || fflush(stdout) == EOF)
					goto end;
		}
end:
	if (length != -1 && size == 0)
		fprintf(stderr, "tcp_client: the server closed the connection before the end of the echo\n");
	else if (length != -1 || ferror(stdin))
		perror("tcp_client");
	free(line);
	close(client);
	return length != -1 || ferror(stdin);
}
/* Lacking: time limits, a server that does more than echo: c_ref/programs/client.c; messages: c_ref/wire/framing.c. */
