/* Filling in a struct error; inside the library and the programs.  Python twin: pyside/wire/errors.py. */
#ifndef ERROR_H
#define ERROR_H

#include "wire/cref.h"

/* Always returns -1, so that "return error_set(...)" reads as what it does. */
int error_set(struct error *error, enum error_kind kind, const char *format, ...) __attribute__((format(printf, 3, 4)));

int error_no_memory(struct error *error);

/* A peer that neither sent nor took anything for that many seconds. */
int error_silence(struct error *error, double seconds);

/* From errno, for the two kinds that a connection can end with: timed-out where TCP gave up, otherwise reset. */
int error_from_errno(struct error *error);

#endif
