/*
 * The examples of the map in C, each a function: the test puts them in here and
 * compiles it.  Run with the name of an example.  Read next: stage.h.
 */
#define _GNU_SOURCE /* POLLRDHUP; gethostbyname and its kind, which POSIX dropped in 2008 */
#include "calls/callmap/stage.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

/* FUNCTIONS */

static const struct {
	const char *name;
	void (*run)(void);
} examples[] = {
	/* TABLE */
	{NULL, NULL},
};

enum { PATIENCE = 20 };

int main(int count, char **words)
{
	alarm(PATIENCE); /* SIGALRM ends an example that hangs */
	for (int index = 0; count == 2 && examples[index].name != NULL; index++)
		if (strcmp(examples[index].name, words[1]) == 0) {
			examples[index].run();
			return 0;
		}
	fprintf(stderr, "usage: %s EXAMPLE, the name of an example of the map\n", words[0]);
	return 2;
}
