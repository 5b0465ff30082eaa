#include "../start.h"

int main(int argc, char **argv)
{
	static const char *const commands[] = {"one", "two", "three"};
	int server = connection(argv);
	FILE *answers = fdopen(server, "r");

	for (int i = 0; i < 3; i++) {
		char line[1024] = "";

		send(server, commands[i], strlen(commands[i]), 0);
		send(server, "\n", 1, 0);
		if (fgets(line, sizeof line, answers) != NULL)
			printf("%s: %s", commands[i], line);
	}
	return argc == 0;
}
