/* The allow-list of command: which programs a client may have run.  Python twin: pyside/net/allowlist.py. */
#ifndef ALLOWLIST_H
#define ALLOWLIST_H

#include "wire/cref.h"

/* The entries are words of the command line, NAME=PROGRAM,ARGUMENT,... */
struct allowlist {
	const char **entries;
	size_t count;
};

/* -1: no memory. */
int allowlist_add(struct allowlist *list, const char *entry);

/* Take the default where nothing was added, and check every entry.  -1: error->text says what is wrong. */
int allowlist_finish(struct allowlist *list, struct error *error);

/*
 * The words of a program, ending with NULL, to be freed as a whole.
 * NULL: errno, which is ENOENT when the name is not on the list.
 */
char **allowlist_find(const struct allowlist *list, const uint8_t *name, size_t size);

/* Append the names, with commas between.  -1: no memory. */
int allowlist_names(const struct allowlist *list, struct buffer *out);

void allowlist_free(struct allowlist *list);

#endif
