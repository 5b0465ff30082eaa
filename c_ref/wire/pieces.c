/*
 * A queue of pieces of messages.  Python has deque and tuples for this.
 *
 * Read next: wire/message_client.c.
 */
#include "wire/pieces.h"

#include <string.h>

struct mark {
	size_t size;
	int last;
};

static struct mark first_mark(const struct pieces *pieces);

int pieces_push(struct pieces *pieces, const uint8_t *data, size_t size, int last)
{
	struct mark mark = {.size = size, .last = last};

	if (buffer_append(&pieces->bytes, data, size) == -1)
		return -1;
	return buffer_append(&pieces->marks, (const uint8_t *)&mark, sizeof mark);
}

int pieces_first(const struct pieces *pieces, struct piece *first)
{
	struct mark mark;

	if (buffer_size(&pieces->marks) == 0)
		return 0;
	mark = first_mark(pieces);
	*first = (struct piece){.data = buffer_front(&pieces->bytes), .size = mark.size, .last = mark.last};
	return 1;
}

void pieces_pop(struct pieces *pieces)
{
	buffer_consume(&pieces->bytes, first_mark(pieces).size);
	buffer_consume(&pieces->marks, sizeof(struct mark));
}

void pieces_shorten(struct pieces *pieces, size_t size)
{
	struct mark mark = first_mark(pieces);

	mark.size -= size;
	memcpy(pieces->marks.data + pieces->marks.start, &mark, sizeof mark);
	buffer_consume(&pieces->bytes, size);
}

void pieces_free(struct pieces *pieces)
{
	buffer_free(&pieces->bytes);
	buffer_free(&pieces->marks);
}

static struct mark first_mark(const struct pieces *pieces)
{
	struct mark mark;

	/* Copied, not cast: the bytes of a buffer are aligned for nothing in particular. */
	memcpy(&mark, buffer_front(&pieces->marks), sizeof mark);
	return mark;
}
