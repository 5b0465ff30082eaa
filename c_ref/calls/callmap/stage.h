/*
 * What the examples of the map find in C: connected sockets, and how results are
 * shown, in the same words as the Python examples'.
 *
 *     name a 3            a descriptor, by the name that the example has for it
 *     show "hello"        what was shown
 *
 * Python twin: pyside/calls/callmap/stage.py.
 */
#ifndef STAGE_H
#define STAGE_H

#include <netinet/in.h>
#include <stddef.h>
#include <sys/types.h>

/* Make two stream sockets that are connected with each other: over TCP, or unix. */
void connected(int *near, int *far);
void unix_pair(int *a, int *b);

/* Make a TCP socket that listens on a free port of the loopback; two UDP sockets with addresses. */
int listening(void);
void datagrams(int *a, int *b);

/* An address on the loopback; the port of a socket; a port on which nothing listens. */
struct sockaddr_in loopback(int port);
int port_of(int fd);
int free_port(void);

/* Send until the buffers of a unix socket are full; let far go with RST, and wait until near has it; wait for the
 * peer's RST. */
void fill(int fd);
void reset(int near, int far);
void await_reset(int fd);

/* Do not wait in this descriptor's calls. */
void set_nonblocking(int fd);

/* Read all that is there, in a child, 1.5 s from now. */
void drain_later(int fd);

/* The name of errno, such as EAGAIN. */
const char *error_name(void);

void show_number(long number);
void show_bytes(const void *data, ssize_t count);
void show_text(const char *text);
/* Show a word as it is: timed out, None, True. */
void show_word(const char *word);
/* Show the name of errno, or the number that the call gave when it did not fail. */
void show_result(long result);
void show_resolver(int status);

/* The part of the example begins, or ends, whose calls are of interest. */
void mark(void);
void name_descriptor(const char *name, int fd);

#endif
