/* What the experiments in C share, and the program: ./claims NUMBER. */
#include "lab.h"

void say(const char *what, const char *value)
{
	printf("%s: %s\n", what, value);
	fflush(stdout);
}

void say_number(const char *what, long number)
{
	printf("%s: %ld\n", what, number);
	fflush(stdout);
}

const char *outcome(long result)
{
	static char text[32];

	if (result >= 0) {
		snprintf(text, sizeof text, "%ld", result);
		return text;
	}
	return error_name();
}

const char *ok(int result)
{
	return result >= 0 ? "ok" : outcome(result);
}

void nap(double seconds)
{
	struct timespec left = {.tv_sec = (time_t)seconds, .tv_nsec = (long)((seconds - (long)seconds) * 1e9)};

	nanosleep(&left, NULL);
}

int set_int_option(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof value);
}

int bound_to(int type, unsigned port, int option)
{
	struct sockaddr_in address = loopback(port);
	int fd = socket(AF_INET, type, 0);

	if (option != 0)
		set_int_option(fd, SOL_SOCKET, option, 1);
	if (bind(fd, (struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	close(fd);
	return -1;
}

int listening_on(int backlog, unsigned port, int option)
{
	int fd = bound_to(SOCK_STREAM, port, option);

	return fd == -1 || listen(fd, backlog) == -1 ? -1 : fd;
}

int dial(unsigned port)
{
	struct sockaddr_in address = loopback(port);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	return connect(fd, (struct sockaddr *)&address, sizeof address) == -1 ? -1 : fd;
}

struct pair tcp_pair(void)
{
	struct pair pair;

	connected(&pair.near, &pair.far);
	set_timeout(pair.near, 10);
	set_timeout(pair.far, 10);
	return pair;
}

struct pair unix_pair(void)
{
	int ends[2];

	socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
	return (struct pair){.near = ends[0], .far = ends[1]};
}

unsigned dead_port(int type)
{
	int fd = bound_to(type, 0, 0);
	unsigned port = port_of(fd);

	close(fd);
	return port;
}

void set_timeout(int fd, double seconds)
{
	struct timeval time = {.tv_sec = (time_t)seconds, .tv_usec = (suseconds_t)((seconds - (long)seconds) * 1e6)};

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
}

int main(int argc, char **argv)
{
	static const struct claim *const tables[] = {
		listening_claims,
		closing_claims,
		datagram_claims,
		other_claims,
	};
	int number = argc > 1 ? atoi(argv[1]) : 0;

	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
		for (const struct claim *claim = tables[i]; claim->run != NULL; claim++)
			if (claim->number == number) {
				claim->run();
				return 0;
			}
	return 1;
}
