#include "../../lessons/start.h"

int main(void)
{
	int client = accept(listener(), NULL, NULL);
	char data[100];
	ssize_t size = recv(client, data, sizeof data, 0);

	send(client, data, (size_t)size, 0);
	close(client);
	return 0;
}
