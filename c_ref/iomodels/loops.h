/* Datagrams that would go round for ever.  Python twin: pyside/iomodels/loops.py. */
#ifndef LOOPS_H
#define LOOPS_H

#include "net/address.h"

/* Addresses share them, so that memory has a bound: two in turn begin to count anew, each time. */
enum { LOOP_SLOTS = 1024 };

/* What one server has answered lately. */
struct loop_guard {
	struct address own;
	uint64_t last[LOOP_SLOTS];
	unsigned count[LOOP_SLOTS];
};

/* fd: the server's socket. */
void loop_guard_init(struct loop_guard *guard, int fd);

/* Why a datagram is not to be answered; NULL where it is. */
const char *loop_guard_obstacle(struct loop_guard *guard, const struct address *address, const uint8_t *data,
				size_t size);

#endif
