#include "../../lessons/start.h"

int main(void)
{
	int client = accept(listener(), NULL, NULL);

	send(client, "hello, ", 7, 0);
	sleep(1); // it has to find out the rest
	send(client, "world\n", 6, 0);
	close(client);
	return 0;
}
