/*
 * Writing into the text of a record.  Nothing of stdio: this runs in signal
 * handlers, and between fork and exec.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stddef.h>

struct record;
struct constant;

/* One character; where there is no room for it the last three become dots. */
void put_byte(struct record *record, char byte);

void put_text(struct record *record, const char *text);
void put_number(struct record *record, long number);
void put_unsigned(struct record *record, unsigned long number);

/* A descriptor, and a port, two bytes in the order of the network, each behind the mark that tells readers what it is.
 */
void put_descriptor(struct record *record, int fd);
void put_port(struct record *record, const void *port);

/* Bytes between quotation marks, the first 32 of them; NULL for a null pointer. */
void put_quoted(struct record *record, const void *bytes, size_t count);

/* The same for what is useless when it is cut: the path of a unix socket. */
void put_quoted_whole(struct record *record, const void *bytes, size_t count);

/* The name that a table has for a number, or the number. */
void put_constant(struct record *record, const struct constant *table, long value);

/* The names of the bits that are set, and the rest as a number. */
void put_flags(struct record *record, const struct constant *table, unsigned long flags);

/* Seconds and a fraction with `digits` digits: 0.25. */
void put_seconds(struct record *record, long seconds, long fraction, int digits);

/* The mark of a port; text that holds one puts it in front itself. */
enum { PORT_MARK = '\2' };

#endif
