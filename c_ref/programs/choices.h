/* Words to choose from.  Python twin: pyside/programs/choices.py. */
#ifndef CHOICES_H
#define CHOICES_H

#include "wire/cref.h"

/* The names of a table, in a fixed order, then NULL: format_name, protocol_name, ... */
typedef const char *name_at(size_t index);

/* Say that a word is none of the names, which there are, and which is the nearest.  kind: such as "format".  -1. */
int choices_unsupported(const char *kind, const char *word, name_at *names, struct error *error);

/* The name from which a word differs by a slip of the fingers, the first of several; or NULL. */
const char *choices_nearest(const char *word, name_at *names);

/* Append names as a sentence joins them: "a, b or c".  -1: no memory. */
int choices_append_listed(struct buffer *out, name_at *names, const char *word);

#endif
