/* stdio on a socket: what fprintf, fgets and fclose call inside the C library passes no loader. */
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
	int pair[2];
	char line[100];
	FILE *stream;
	socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	send(pair[1], "hello\n", 6, 0);
	stream = fdopen(pair[0], "r+");
	fgets(line, sizeof line, stream);
	fputs(line, stream);
	fclose(stream);
	return (int)recv(pair[1], line, sizeof line, 0) - 6;
}
