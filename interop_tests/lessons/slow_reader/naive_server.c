#include "../start.h"

#include <ctype.h>
#include <sys/select.h>

int main(void)
{
	int server = listener();
	int highest = server;
	fd_set clients;

	FD_ZERO(&clients);
	FD_SET(server, &clients);
	for (;;) {
		fd_set ready = clients;

		select(highest + 1, &ready, NULL, NULL, NULL);
		for (int fd = 0; fd <= highest; fd++) {
			static char data[65536];
			ssize_t size;

			if (!FD_ISSET(fd, &ready))
				continue;
			if (fd == server) {
				int client = accept(server, NULL, NULL);

				FD_SET(client, &clients);
				highest = client > highest ? client : highest;
				continue;
			}
			size = recv(fd, data, sizeof data, 0);
			for (ssize_t i = 0; i < size; i++)
				data[i] = (char)toupper((unsigned char)data[i]);
			if (size > 0) {
				send(fd, data, (size_t)size, 0);
			} else {
				FD_CLR(fd, &clients);
				close(fd);
			}
		}
	}
}
