#include "../start.h"

#include <ctype.h>

int main(void)
{
	int server = listener();

	for (;;) {
		int connection = accept(server, NULL, NULL);
		char data[1024];

		for (;;) {
			ssize_t size = recv(connection, data, sizeof data, 0);

			for (ssize_t i = 0; i < size; i++)
				data[i] = (char)toupper((unsigned char)data[i]);
			send(connection, data, (size_t)size, 0);
		}
	}
}
