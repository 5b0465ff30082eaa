/* The C library's own function behind each that the recorder puts in its place. */
#ifndef REAL_H
#define REAL_H

#include <sys/socket.h>

/*
 * Declare real_NAME, and find_NAME, which has to be called before it is used:
 * the constructors of other libraries may run before ours.  Ours find all of
 * them, because a thread may hold the loader's locks when another one forks.
 */
#define REAL(name) \
	static __typeof__(name) *real_##name; \
	__attribute__((constructor)) static void find_##name(void) \
	{ \
		real_find(&real_##name, #name); \
	} \
	static __typeof__(name) *real_##name

/* Put the next definition of a function, after the recorder's, where cell points, unless one is there already. */
void real_find(void *cell, const char *name);

/* inet_ntop for the recorder's own use, which is not recorded. */
const char *address_text(int family, const void *address, char *text, socklen_t room);

#endif
