#include "../start.h"

int main(int argc, char **argv)
{
	int server = connection(argv);
	char line[1024];

	for (;;) {
		char answer[1024];
		ssize_t size;

		printf("> ");
		fflush(stdout);
		if (fgets(line, sizeof line, stdin) == NULL || strcmp(line, "exit\n") == 0)
			return argc == 0;
		line[strcspn(line, "\n")] = '\0';
		send(server, line, strlen(line), 0);
		size = recv(server, answer, sizeof answer, 0);
		printf("%.*s\n", (int)size, answer);
	}
}
