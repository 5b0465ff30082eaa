/* One byte there, one byte here, as many times as the first argument says: what a call costs. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

int main(int count, char **words)
{
	long times = count > 1 ? strtol(words[1], NULL, 10) : 1;
	int pair[2];
	char byte = 'x';
	struct timespec before, after;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1)
		return 1;
	clock_gettime(CLOCK_MONOTONIC, &before);
	for (long time = 0; time < times; time++)
		if (send(pair[0], &byte, 1, 0) != 1 || recv(pair[1], &byte, 1, 0) != 1)
			return 1;
	clock_gettime(CLOCK_MONOTONIC, &after);
	printf("%.0f\n", ((double)(after.tv_sec - before.tv_sec) * 1e9 + (double)(after.tv_nsec - before.tv_nsec)) /
				 (2.0 * (double)times));
	return 0;
}
