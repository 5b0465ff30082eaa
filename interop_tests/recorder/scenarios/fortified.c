/* Compiled with _FORTIFY_SOURCE: recv and its kind become __recv_chk and its kind, where sizes are known. */
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int count, char **words)
{
	int pair[2];
	char data[16];
	size_t room = count > 1 ? strtoul(words[1], NULL, 10) : sizeof data;
	struct pollfd polled[2] = {{0, POLLIN, 0}, {0, POLLIN, 0}};
	socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	polled[0].fd = pair[0];
	polled[1].fd = pair[1];
	send(pair[0], "one two three", 13, 0);
	poll(polled, count > 0 ? 2 : 1, 1000);
	if (recv(pair[1], data, room, MSG_PEEK) != 13 || recvfrom(pair[1], data, room / 4, 0, NULL, NULL) != 4)
		return 1;
	return read(pair[1], data, room) == 9 ? 0 : 1;
}
