/* The calls of a C program, some of which no Python makes. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

int main(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t length = sizeof address;
	char data[100];
	int listener = socket(AF_INET, SOCK_STREAM, 0), near = socket(AF_INET, SOCK_STREAM, 0), far, ready;
	struct iovec pieces[] = {{"hel", 3}, {"lo", 2}};
	struct pollfd polled = {near, POLLIN, 0};
	fd_set set;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	bind(listener, (struct sockaddr *)&address, sizeof address);
	listen(listener, 1);
	getsockname(listener, (struct sockaddr *)&address, &length);
	connect(near, (struct sockaddr *)&address, sizeof address);
	far = accept(listener, NULL, NULL);
	writev(near, pieces, 2);
	ioctl(far, FIONREAD, &ready);
	read(far, data, sizeof data);
	write(far, "answer", 6);
	poll(&polled, 1, 1000);
	recvfrom(near, data, sizeof data, 0, NULL, NULL);
	fcntl(near, F_SETFL, fcntl(near, F_GETFL) | O_NONBLOCK);
	recv(near, data, sizeof data, 0);
	FD_ZERO(&set);
	FD_SET(near, &set);
	select(near + 1, NULL, &set, NULL, NULL);
	shutdown(near, SHUT_RDWR);
	send(near, "x", 1, MSG_NOSIGNAL);
	dup2(near, 40);
	close(40);
	close(40);
	close(far);
	return 0;
}
