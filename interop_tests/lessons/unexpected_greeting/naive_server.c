#include "../start.h"

#include <ctype.h>

int main(void)
{
	int server = listener();

	for (;;) {
		int connection = accept(server, NULL, NULL);
		FILE *stream = fdopen(connection, "r");
		char line[1024];

		send(connection, "Welcome\n", 8, 0);
		while (fgets(line, sizeof line, stream) != NULL) {
			for (char *at = line; *at; at++)
				*at = (char)toupper((unsigned char)*at);
			send(connection, line, strlen(line), 0);
		}
		fclose(stream);
	}
}
