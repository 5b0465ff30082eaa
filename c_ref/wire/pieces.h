/*
 * A queue of pieces of messages: bytes, and for each piece its size and whether
 * its message ends with it.  A piece may be empty.  All zero is an empty queue.
 */
#ifndef PIECES_H
#define PIECES_H

#include "wire/cref.h"

struct pieces {
	struct buffer bytes;
	struct buffer marks;
};

struct piece {
	const uint8_t *data;
	size_t size;
	int last;
};

/* -1: no memory. */
int pieces_push(struct pieces *pieces, const uint8_t *data, size_t size, int last);

/* 1: the first piece, valid until the queue changes; 0: the queue is empty. */
int pieces_first(const struct pieces *pieces, struct piece *first);

/* Take away the first piece. */
void pieces_pop(struct pieces *pieces);

/* Take away the beginning of the first piece. */
void pieces_shorten(struct pieces *pieces, size_t size);

void pieces_free(struct pieces *pieces);

#endif
