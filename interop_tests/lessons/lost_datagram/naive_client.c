#include "../start.h"

int main(int argc, char **argv)
{
	static const char message[2000];
	static const size_t sizes[] = {5, 2000};
	struct sockaddr_in address = server_address(argv);
	int sock = socket(AF_INET, SOCK_DGRAM, 0);

	for (int i = 0; i < 2; i++) {
		char data[1024];
		ssize_t received;

		sendto(sock, message, sizes[i], 0, (struct sockaddr *)&address, sizeof address);
		received = recvfrom(sock, data, sizeof data, 0, NULL, NULL);
		printf("sent %zu bytes, received %zd bytes\n", sizes[i], received);
		fflush(stdout);
	}
	return argc == 0;
}
