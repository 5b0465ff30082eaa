#include "../start.h"

int main(int argc, char **argv)
{
	int server = connection(argv);
	char text[1024] = "";
	char data[1024] = "";
	int size;
	int have = 0;

	send(server, "command", 7, 0);
	recv(server, text, sizeof text - 1, 0);
	size = atoi(text);
	printf("size %d\n", size);
	fflush(stdout);
	send(server, "ok", 2, 0);
	while (have < size) {
		ssize_t received = recv(server, data + have, sizeof data - (size_t)have - 1, 0);

		if (received <= 0)
			break;
		have += (int)received;
	}
	printf("data \"%s\"\n", data);
	return argc == 0;
}
