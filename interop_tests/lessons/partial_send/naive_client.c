#include "../start.h"

#include <fcntl.h>

int main(int argc, char **argv)
{
	enum { SIZE = 16000000 };
	int server = connection(argv);
	char *data = calloc(1, SIZE);
	char text[31] = "";
	ssize_t sent;

	fcntl(server, F_SETFL, O_NONBLOCK);
	sent = send(server, data, SIZE, 0);
	printf("sent %s\n", sent == SIZE ? "all of it" : "a part of it");
	fflush(stdout);
	fcntl(server, F_SETFL, 0);
	shutdown(server, 1);
	recv(server, text, 30, 0);
	printf("the receiver counted %s\n", atoi(text) == SIZE ? "all of it" : "a part of it");
	free(data);
	return argc == 0;
}
