/*
 * Time limits of many connections: which ends first, and which have ended.
 * A heap of items; an item's deadline may move while it is in the heap.
 * All zero is an empty heap.  Python twin: pyside/net/timers.py.
 */
#ifndef TIMERS_H
#define TIMERS_H

#include <math.h>
#include <stddef.h>

/* A deadline that does not come. */
#define NEVER ((double)INFINITY)

/* Begins the struct of whatever has a time limit. */
struct timer {
	double deadline; /* in seconds of net_clock() */
	double entry;    /* what the heap believes */
	size_t index;    /* where in the heap */
};

struct timers {
	struct timer **heap;
	size_t count;
	size_t capacity;
};

/* Watch an item, whose deadline is set.  -1: no memory. */
int timers_add(struct timers *timers, struct timer *timer);

/* Forget an item that is in the heap. */
void timers_remove(struct timers *timers, struct timer *timer);

/* The deadline of an item in the heap has moved, maybe to an earlier one. */
void timers_moved(struct timers *timers, struct timer *timer);

/* The seconds until an item has to be looked at; -1: there is none with a deadline. */
double timers_seconds_left(const struct timers *timers, double now);

/* An item whose deadline has come, still in the heap; NULL when there is none. */
struct timer *timers_expired(struct timers *timers, double now);

void timers_free(struct timers *timers);

#endif
