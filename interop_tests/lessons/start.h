/* What every naive program begins with: the lines that its lesson is not about. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Listen at any free port of loopback and print which. */
static inline int listener(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(fd, (struct sockaddr *)&address, length) == -1 || listen(fd, 5) == -1 ||
	    getsockname(fd, (struct sockaddr *)&address, &length) == -1)
		exit(1);
	printf("%d\n", ntohs(address.sin_port));
	fflush(stdout);
	return fd;
}

/* The server's address: the port is the first word of the command line. */
static inline struct sockaddr_in server_address(char **argv)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons((unsigned short)atoi(argv[1])),
	};
}

/* Connect to it. */
static inline int connection(char **argv)
{
	struct sockaddr_in address = server_address(argv);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (connect(fd, (struct sockaddr *)&address, sizeof address) == -1)
		exit(1);
	return fd;
}
