#include "calls/text.h"
#include "calls/constants.h"
#include "calls/recording.h"
#include <string.h>

enum { SHOWN_BYTES = 32, DESCRIPTOR_MARK = '\1' };

static void put_hex(struct record *record, unsigned long number, int digits);

void put_byte(struct record *record, char byte)
{
	static const char cut[] = "...";
	if (record->length < RECORD_TEXT)
		record->text[record->length++] = byte;
	else
		memcpy(record->text + RECORD_TEXT - 3, cut, 3);
}

void put_text(struct record *record, const char *text)
{
	while (*text != '\0')
		put_byte(record, *text++);
}

void put_unsigned(struct record *record, unsigned long number)
{
	char digits[24];
	size_t count = 0;
	do
		digits[count++] = (char)('0' + number % 10);
	while ((number /= 10) != 0);
	while (count > 0)
		put_byte(record, digits[--count]);
}

void put_number(struct record *record, long number)
{
	if (number < 0)
		put_byte(record, '-');
	put_unsigned(record, number < 0 ? -(unsigned long)number : (unsigned long)number);
}

void put_descriptor(struct record *record, int fd)
{
	put_byte(record, DESCRIPTOR_MARK);
	put_number(record, fd);
}

void put_port(struct record *record, const void *port)
{
	const unsigned char *bytes = port;
	put_byte(record, PORT_MARK);
	put_number(record, bytes[0] << 8 | bytes[1]);
}

void put_quoted(struct record *record, const void *bytes, size_t count)
{
	put_quoted_whole(record, bytes, count < SHOWN_BYTES ? count : SHOWN_BYTES);
	if (bytes != NULL && count > SHOWN_BYTES)
		put_text(record, "...");
}

void put_quoted_whole(struct record *record, const void *bytes, size_t count)
{
	const unsigned char *byte = bytes;
	if (bytes == NULL) {
		put_text(record, "NULL");
		return;
	}
	put_byte(record, '"');
	for (; count > 0; count--, byte++) {
		if (*byte == '\n')
			put_text(record, "\\n");
		else if (*byte == '"' || *byte == '\\') {
			put_byte(record, '\\');
			put_byte(record, (char)*byte);
		} else if (*byte < ' ' || *byte > '~') {
			put_text(record, "\\x");
			put_hex(record, *byte, 2);
		} else
			put_byte(record, (char)*byte);
	}
	put_byte(record, '"');
}

void put_constant(struct record *record, const struct constant *table, long value)
{
	const char *name = constant_name(table, value);
	if (name != NULL)
		put_text(record, name);
	else
		put_number(record, value);
}

void put_flags(struct record *record, const struct constant *table, unsigned long flags)
{
	int some = 0;
	for (; table->name != NULL; table++) {
		unsigned long flag = (unsigned long)table->value;
		if ((flags & flag) == flag && flag != 0) {
			if (some++)
				put_byte(record, '|');
			put_text(record, table->name);
			flags &= ~flag;
		}
	}
	if (flags != 0 || !some) {
		if (some)
			put_byte(record, '|');
		if (flags != 0)
			put_text(record, "0x");
		put_hex(record, flags, flags > 0xffff ? 8 : flags > 0xff ? 4 : flags > 0xf ? 2 : 1);
	}
}

void put_seconds(struct record *record, long seconds, long fraction, int digits)
{
	long divisor = 1;
	put_number(record, seconds);
	if (fraction == 0)
		return;
	put_byte(record, '.');
	for (int digit = 1; digit < digits; digit++)
		divisor *= 10;
	for (; fraction != 0 && divisor != 0; fraction %= divisor, divisor /= 10)
		put_byte(record, (char)('0' + fraction / divisor % 10));
}

static void put_hex(struct record *record, unsigned long number, int digits)
{
	while (digits-- > 0)
		put_byte(record, "0123456789abcdef"[number >> (4 * digits) & 15]);
}
