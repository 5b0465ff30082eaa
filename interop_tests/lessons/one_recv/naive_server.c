#include "../start.h"

#include <ctype.h>

int main(void)
{
	int server = listener();

	for (;;) {
		int connection = accept(server, NULL, NULL);
		char message[1024];
		ssize_t size = recv(connection, message, sizeof message, 0);

		for (ssize_t i = 0; i < size; i++)
			message[i] = (char)toupper((unsigned char)message[i]);
		send(connection, message, (size_t)size, 0);
		close(connection);
	}
}
