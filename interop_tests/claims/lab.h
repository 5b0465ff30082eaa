/*
 * What the experiments in C share, besides the sockets that the examples of the
 * map have too: c_ref/calls/callmap/stage.h.  Python twin: the beginning of experiments.py.
 */
#ifndef LAB_H
#define LAB_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "calls/callmap/stage.h"

enum { LARGE = 16 * 1024 * 1024 };

/* One line of evidence. */
void say(const char *what, const char *value);
void say_number(const char *what, long number);

/* What a call returned: its number, ok, or the name of the errno. */
const char *outcome(long result);
const char *ok(int result);

void nap(double seconds);

int bound_to(int type, unsigned port, int option);
int listening_on(int backlog, unsigned port, int option);
int dial(unsigned port);

struct pair {
	int near;
	int far;
};

struct pair tcp_pair(void);
struct pair unix_pair(void);
int set_int_option(int fd, int level, int option, int value);
unsigned dead_port(int type);

/* How long a recv may take before it is called a time-out. */
void set_timeout(int fd, double seconds);

struct claim {
	int number;
	void (*run)(void);
};

extern const struct claim listening_claims[], closing_claims[], datagram_claims[], other_claims[];

#endif
