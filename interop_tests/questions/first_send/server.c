#include "../../lessons/start.h"

int main(void)
{
	int client = accept(listener(), NULL, NULL);

	close(client);
	return 0;
}
