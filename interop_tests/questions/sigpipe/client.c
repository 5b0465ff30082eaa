#include "../../lessons/start.h"

#include <poll.h>

int main(int argc, char **argv)
{
	int server = connection(argv);
	struct pollfd until_reset = {.fd = server};
	char data[100];

	recv(server, data, sizeof data, 0);
	send(server, "one", 3, 0);
	poll(&until_reset, 1, -1);
	send(server, "two", 3, 0);
	puts("nobody reads this");
	return argc == 0;
}
