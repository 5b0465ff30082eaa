/* A TCP echo server, one client after another, until Ctrl-C: c_ref/bin/first/tcp_server 7000 (0 is any free port). */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof address;
	int server, client, on = 1;
	char data[65536], rest;
	unsigned port;

	if (argc != 2 || sscanf(argv[1], "%5u%c", &port, &rest) != 1 || port > 65535) {
		fprintf(stderr, "usage: tcp_server PORT\n");
		return 2;
	}
	address.sin_port = htons((in_port_t)port);
	signal(SIGPIPE, SIG_IGN); // send to a client that has gone fails, instead of killing the server
	if ((server = socket(AF_INET, SOCK_STREAM, 0)) != -1 &&
	    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 && // no wait before the next start
	    bind(server, (struct sockaddr *)&address, length) == 0 &&            // take the port
	    listen(server, 16) == 0 &&                                           // the kernel lets 16 clients queue
	    getsockname(server, (struct sockaddr *)&address, &length) == 0) {
		printf("LISTENING 127.0.0.1 %d\n", ntohs(address.sin_port));
		fflush(stdout);
		while ((client = accept(server, NULL, NULL)) != -1) { // a socket for this client alone
			ssize_t size, sent = 0;

			while (sent != -1 && (size = recv(client, data, sizeof data, 0)) > 0)
				// Some bytes; 0 is EOF.  send may take a part of them: then it is called again.
				for (ssize_t done = 0; done < size && sent != -1; done += sent)
					sent = send(client, data + done, (size_t)(size - done), 0);
			if (size == -1 || sent == -1)
				perror("tcp_server: client");

			close(client);
		}
	}
	perror("tcp_server");
	return 1;
}
/* Lacking: many clients at once, c_ref/iomodels/epolling.c; limits, hostile peers, c_ref/iomodels/conversation.c. */
