#include "../../lessons/start.h"

int main(void)
{
	int client = accept(listener(), NULL, NULL);
	char data[100];

	send(client, "bye", 3, 0);
	shutdown(client, SHUT_WR);
	recv(client, data, sizeof data, 0);
	close(client);
	return 0;
}
