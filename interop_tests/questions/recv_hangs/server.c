#include "../../lessons/start.h"

int main(void)
{
	int client = accept(listener(), NULL, NULL);
	char line[100] = "";
	ssize_t size = 0, more = 1;

	while (more > 0 && strchr(line, '\n') == NULL)
		size += more = recv(client, line + size, sizeof line - 1 - (size_t)size, 0);
	send(client, line, (size_t)size, 0);
	close(client);
	return 0;
}
