#include "../../lessons/start.h"

#include <netdb.h>

int main(void)
{
	struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
	int server;

	if (getaddrinfo("no-such-host.invalid", "1", &hints, &found) != 0)
		puts("this name has no address");
	if (getaddrinfo("localhost", "1", &hints, &found) != 0)
		return 1;
	server = socket(found->ai_family, found->ai_socktype, 0);
	if (connect(server, found->ai_addr, found->ai_addrlen) == -1)
		perror("this one has, but");
	freeaddrinfo(found);
	close(server);
	return 0;
}
