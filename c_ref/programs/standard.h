/*
 * Standard input, output and error, in whatever state a program was given them.
 * Python twin: pyside/programs/standard.py.
 */
#ifndef STANDARD_H
#define STANDARD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Put /dev/null in the place of standard descriptors that are closed. */
void standard_open_closed(void);

/* Call read until it has something: at most size bytes; 0: the end; -1: errno. */
ssize_t standard_read(int fd, uint8_t *data, size_t size);

/* Call write until everything is written.  -1: errno. */
int standard_write(int fd, const uint8_t *data, size_t size);

/* Write a line on standard error; where that fails, nothing is left to say it to. */
void standard_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
