#include "../start.h"

int main(void)
{
	int server = listener();
	char answer[1024] = "";

	for (;;) {
		int connection = accept(server, NULL, NULL);
		const char *reply = "please go out!";

		recv(connection, answer, sizeof answer, 0);
		if (strcmp(answer, "1") == 0)
			reply = "welcome to server!";
		send(connection, reply, strlen(reply), 0);
		close(connection);
	}
}
