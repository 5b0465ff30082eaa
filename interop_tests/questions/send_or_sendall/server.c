#include "../../lessons/start.h"

int main(void)
{
	enum { SIZE = 16000000 };
	int client = accept(listener(), NULL, NULL);
	char *data = malloc(SIZE);

	sleep(1); // it has something else to do
	recv(client, data, SIZE, MSG_WAITALL);
	close(client);
	free(data);
	return 0;
}
