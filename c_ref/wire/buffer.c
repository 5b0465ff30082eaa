/*
 * Bytes on their way: appended at the end, taken from the front.
 *
 * Taking from the front moves a mark instead of the bytes, so a thousand small
 * takes cost no more than one large one.
 *
 * Python twin: pyside/wire/buffer.py.  Read next: wire/framing.c.
 */
#include "wire/cref.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/*
 * An empty buffer of a small size holds no memory: of ten thousand connections
 * nearly all are idle.  A larger one keeps it, for to have its pages cleared
 * again for each frame costs more than the frame; but all that are empty keep
 * no more than this together, or clients that have gone silent would make the
 * server hold all that they ever sent.
 */
enum { LEAST_SIZE = 64, SMALL_SIZE = 1024, MOST_KEPT = 64 * 1024 * 1024 };

/* What the empty ones keep, in bytes; threads share it. */
static atomic_size_t kept;

static size_t kept_by(const struct buffer *buffer);
static int make_room(struct buffer *buffer, size_t size);

int buffer_append_text(struct buffer *buffer, const char *text)
{
	return buffer_append(buffer, (const uint8_t *)text, strlen(text));
}

int buffer_append(struct buffer *buffer, const uint8_t *data, size_t size)
{
	size_t before = kept_by(buffer);

	if (size == 0)
		return 0;
	if (make_room(buffer, size) == -1)
		return -1;
	atomic_fetch_sub_explicit(&kept, before, memory_order_relaxed);
	memcpy(buffer->data + buffer->end, data, size);
	buffer->end += size;
	return 0;
}

const uint8_t *buffer_front(const struct buffer *buffer)
{
	return buffer->data == NULL ? NULL : buffer->data + buffer->start;
}

size_t buffer_size(const struct buffer *buffer)
{
	return buffer->end - buffer->start;
}

int buffer_find(const struct buffer *buffer, uint8_t byte, size_t at, size_t *found)
{
	const uint8_t *front = buffer_front(buffer);
	size_t size = buffer_size(buffer);
	const uint8_t *place = at < size ? memchr(front + at, byte, size - at) : NULL;

	if (place == NULL)
		return 0;
	*found = (size_t)(place - front);
	return 1;
}

void buffer_consume(struct buffer *buffer, size_t size)
{
	size_t all;

	buffer->start += size;
	if (buffer->start < buffer->end || buffer->end == 0)
		return;
	buffer->start = buffer->end = 0;
	all = atomic_fetch_add_explicit(&kept, buffer->capacity, memory_order_relaxed) + buffer->capacity;
	if (buffer->capacity <= SMALL_SIZE || all > MOST_KEPT)
		buffer_free(buffer);
}

void buffer_free(struct buffer *buffer)
{
	atomic_fetch_sub_explicit(&kept, kept_by(buffer), memory_order_relaxed);
	free(buffer->data);
	*buffer = (struct buffer){0};
}

static size_t kept_by(const struct buffer *buffer)
{
	return buffer->end == 0 ? buffer->capacity : 0;
}

static int make_room(struct buffer *buffer, size_t size)
{
	size_t used = buffer->end - buffer->start;
	size_t capacity = buffer->capacity;
	uint8_t *data;

	if (buffer->start > buffer->capacity / 2) {
		memmove(buffer->data, buffer->data + buffer->start, used);
		buffer->start = 0;
		buffer->end = used;
	}
	if (size <= buffer->capacity - buffer->end)
		return 0;
	if (size > SIZE_MAX / 2 - buffer->end)
		return -1;
	while (capacity - buffer->end < size)
		capacity = capacity ? capacity + capacity / 2 : LEAST_SIZE;
	data = realloc(buffer->data, capacity);
	if (data == NULL)
		return -1;
	buffer->data = data;
	buffer->capacity = capacity;
	return 0;
}
