#include "../start.h"

int main(int argc, char **argv)
{
	static const char *const commands[] = {"seq 1000", "echo harmless; echo done by a stranger"};
	int server = connection(argv);

	for (int i = 0; i < 2; i++) {
		char answer[1024];
		ssize_t size;
		ssize_t last;

		send(server, commands[i], strlen(commands[i]), 0);
		size = recv(server, answer, sizeof answer, 0);
		for (last = size - 1; last > 0 && answer[last - 1] != '\n'; last--)
			continue;
		printf("%s: %zd bytes, the last line is %.*s\n", commands[i], size,
		       (int)strcspn(answer + last, "\n") < (int)(size - last) ? (int)strcspn(answer + last, "\n")
									      : (int)(size - last),
		       answer + last);
	}
	return argc == 0;
}
