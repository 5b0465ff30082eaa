/* a to z as A to Z, all other bytes untouched, whatever the locale. */
#ifndef UPPER_H
#define UPPER_H

#include "wire/cref.h"

/* Append the bytes in upper case.  -1: no memory. */
int upper_append(struct buffer *out, const uint8_t *data, size_t size);

#endif
