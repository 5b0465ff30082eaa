/*
 * Time limits of many connections: which ends first, and which have ended.
 *
 * A connection's deadline moves with every byte; moving it in the heap each
 * time would cost more than the byte.  So the heap believes the deadline that
 * it was told, and only when that has come is the item looked at again.
 *
 * Python twin: pyside/net/timers.py.  Read next: iomodels/conversation.c.
 */
#include "net/timers.h"

#include <stdlib.h>

static void put(struct timers *timers, size_t index, struct timer *timer);
static void sift_up(struct timers *timers, size_t index);
static int before(const struct timers *timers, size_t one, size_t other);
static void swap(struct timers *timers, size_t one, size_t other);
static void sift_down(struct timers *timers, size_t index);

int timers_add(struct timers *timers, struct timer *timer)
{
	if (timers->count == timers->capacity) {
		size_t capacity = timers->capacity ? 2 * timers->capacity : 64;
		struct timer **heap = realloc(timers->heap, capacity * sizeof(struct timer *));

		if (heap == NULL)
			return -1;
		timers->heap = heap;
		timers->capacity = capacity;
	}
	timer->entry = timer->deadline;
	put(timers, timers->count++, timer);
	sift_up(timers, timer->index);
	return 0;
}

void timers_remove(struct timers *timers, struct timer *timer)
{
	size_t index = timer->index;

	put(timers, index, timers->heap[--timers->count]);
	if (index < timers->count) {
		sift_up(timers, index);
		sift_down(timers, index);
	}
}

void timers_moved(struct timers *timers, struct timer *timer)
{
	if (timer->deadline >= timer->entry)
		return;
	timer->entry = timer->deadline;
	sift_up(timers, timer->index);
}

double timers_seconds_left(const struct timers *timers, double now)
{
	if (timers->count == 0 || timers->heap[0]->entry == NEVER)
		return -1;
	return timers->heap[0]->entry > now ? timers->heap[0]->entry - now : 0;
}

struct timer *timers_expired(struct timers *timers, double now)
{
	while (timers->count > 0 && timers->heap[0]->entry <= now) {
		struct timer *first = timers->heap[0];

		if (first->deadline <= now)
			return first;
		first->entry = first->deadline;
		sift_down(timers, 0);
	}
	return NULL;
}

void timers_free(struct timers *timers)
{
	free(timers->heap);
}

static void put(struct timers *timers, size_t index, struct timer *timer)
{
	timers->heap[index] = timer;
	timer->index = index;
}

static void sift_up(struct timers *timers, size_t index)
{
	for (; index > 0 && before(timers, index, (index - 1) / 2); index = (index - 1) / 2)
		swap(timers, index, (index - 1) / 2);
}

static int before(const struct timers *timers, size_t one, size_t other)
{
	return timers->heap[one]->entry < timers->heap[other]->entry;
}

static void swap(struct timers *timers, size_t one, size_t other)
{
	struct timer *timer = timers->heap[one];

	put(timers, one, timers->heap[other]);
	put(timers, other, timer);
}

static void sift_down(struct timers *timers, size_t index)
{
	for (;;) {
		size_t child = 2 * index + 1;

		if (child >= timers->count)
			return;
		if (child + 1 < timers->count && before(timers, child + 1, child))
			child++;
		if (!before(timers, child, index))
			return;
		swap(timers, index, child);
		index = child;
	}
}
