/*
 * Framing: where one message ends and the next begins in a stream of bytes.
 *
 * TCP carries bytes, not messages.  Each format below puts the length of the
 * payload in front of it:
 *
 *     fixed width: u8, u16be, u32le ...    varint (unsigned LEB128)    netstring
 *     +--------+---------- - -             +-+-+- -+---------- - -     +---+-+------- - -+-+
 *     | length | payload                   |1|1| 0 | payload           |"5"|:| payload   |,|
 *     +--------+---------- - -             +-+-+- -+---------- - -     +---+-+------- - -+-+
 *      1 to 8 bytes                        1 to 10 bytes, 7 bits each   decimal digits
 *
 * Bytes are put in order by shifts: a struct or a cast would write the order
 * of this machine.  A length is checked against the limit before anything of
 * that length exists in memory.
 *
 * Python twin: pyside/wire/framing.py.  Read next: wire/lines.c.
 */
#include "wire/errors.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { VARINT_MAX_BYTES = 10, NETSTRING_MAX_DIGITS = 20, HEADER_MAX_BYTES = NETSTRING_MAX_DIGITS + 1 };

enum { AS_TEXT_SIZE = 64 };

struct format {
	const char *name;
	uint64_t capacity;
	unsigned width; /* fixed-width formats: bytes of the header; 0: other formats */
	/* Returns the size of the header. */
	size_t (*encode_header)(const struct format *format, uint64_t length, uint8_t header[HEADER_MAX_BYTES]);
	/* 1: the header is complete; 0: more bytes are needed; -1: malformed. */
	int (*decode_header)(const struct format *format, const uint8_t *data, size_t size, size_t *head_size,
			     uint64_t *length, struct error *error);
	size_t trailer_size;
	uint8_t trailer;
};

static size_t encode_big_endian(const struct format *format, uint64_t length, uint8_t *header);
static int decode_big_endian(const struct format *format, const uint8_t *data, size_t size, size_t *head_size,
			     uint64_t *length, struct error *error);
static size_t encode_little_endian(const struct format *format, uint64_t length, uint8_t *header);
static int decode_little_endian(const struct format *format, const uint8_t *data, size_t size, size_t *head_size,
				uint64_t *length, struct error *error);
static size_t encode_varint(const struct format *format, uint64_t length, uint8_t *header);
static int decode_varint(const struct format *format, const uint8_t *data, size_t size, size_t *head_size,
			 uint64_t *length, struct error *error);
static size_t encode_netstring(const struct format *format, uint64_t length, uint8_t *header);
static int decode_netstring(const struct format *format, const uint8_t *data, size_t size, size_t *head_size,
			    uint64_t *length, struct error *error);
static void forget_taken(struct decoder *decoder);
static const uint8_t *front(const struct decoder *decoder, size_t *size);
static int keep(struct decoder *decoder, size_t size);
static int decode_head(struct decoder *decoder);
static const char *as_text(const struct decoder *decoder, char text[AS_TEXT_SIZE]);
static size_t frame_size(const struct decoder *decoder);

/* The one table of framings: --help, list and errors derive from it. */
static const struct format formats[] = {
	{"u8", UINT8_MAX, 1, encode_big_endian, decode_big_endian, 0, 0},
	{"u16be", UINT16_MAX, 2, encode_big_endian, decode_big_endian, 0, 0},
	{"u24be", 0xffffff, 3, encode_big_endian, decode_big_endian, 0, 0},
	{"u32be", UINT32_MAX, 4, encode_big_endian, decode_big_endian, 0, 0},
	{"u64be", UINT64_MAX, 8, encode_big_endian, decode_big_endian, 0, 0},
	{"u16le", UINT16_MAX, 2, encode_little_endian, decode_little_endian, 0, 0},
	{"u32le", UINT32_MAX, 4, encode_little_endian, decode_little_endian, 0, 0},
	{"varint", UINT64_MAX, 0, encode_varint, decode_varint, 0, 0},
	{"netstring", UINT64_MAX, 0, encode_netstring, decode_netstring, 1, ','},
};

enum { FORMAT_COUNT = sizeof formats / sizeof formats[0] };

const char *format_name(size_t index)
{
	return index < FORMAT_COUNT ? formats[index].name : NULL;
}

const struct format *format_find(const char *name)
{
	for (size_t i = 0; i < FORMAT_COUNT; i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

int frame_encode(const struct format *format, const uint8_t *payload, size_t length, uint64_t limit, struct buffer *out,
		 struct error *error)
{
	uint8_t header[HEADER_MAX_BYTES];
	size_t head_size;

	if (frame_check_sendable(format, length, limit, error) == -1)
		return -1;
	head_size = format->encode_header(format, length, header);
	if (buffer_append(out, header, head_size) == -1 || buffer_append(out, payload, length) == -1 ||
	    buffer_append(out, &format->trailer, format->trailer_size) == -1)
		return error_no_memory(error);
	return 0;
}

int frame_check_sendable(const struct format *format, uint64_t length, uint64_t limit, struct error *error)
{
	if (length > limit)
		return error_set(error, ERROR_UNSENDABLE,
				 "message of at least %" PRIu64 " bytes, the limit is %" PRIu64, length, limit);
	if (length > format->capacity)
		return error_set(error, ERROR_UNSENDABLE,
				 "message of at least %" PRIu64 " bytes, a %s header holds at most %" PRIu64, length,
				 format->name, format->capacity);
	return 0;
}

void decoder_init(struct decoder *decoder, const struct format *format, uint64_t limit)
{
	*decoder = (struct decoder){.format = format, .limit = limit};
}

void decoder_free(struct decoder *decoder)
{
	buffer_free(&decoder->buffer);
}

int decoder_feed(struct decoder *decoder, const uint8_t *data, size_t size)
{
	decoder_lend(decoder, data, size);
	return decoder_keep(decoder);
}

void decoder_lend(struct decoder *decoder, const uint8_t *data, size_t size)
{
	forget_taken(decoder);
	decoder->lent = data;
	decoder->lent_size = size;
}

int decoder_keep(struct decoder *decoder)
{
	forget_taken(decoder);
	return keep(decoder, decoder->lent_size) == -1 ? -1 : 0;
}

int decoder_next(struct decoder *decoder, const uint8_t **payload, size_t *length)
{
	const uint8_t *frame;
	size_t size;

	if (decoder->error.kind != ERROR_NONE)
		return -1;
	forget_taken(decoder);
	while (decoder->head_size == 0) {
		int complete = decode_head(decoder);

		/* A byte at a time: what follows this frame stays where it is. */
		if (complete == 0)
			complete = keep(decoder, 1);
		if (complete != 1)
			return complete;
	}
	frame = front(decoder, &size);
	if (size < frame_size(decoder)) {
		if (keep(decoder, frame_size(decoder) - buffer_size(&decoder->buffer)) == -1)
			return -1;
		frame = front(decoder, &size);
	}
	if (size < frame_size(decoder))
		return 0;
	if (decoder->format->trailer_size && frame[frame_size(decoder) - 1] != decoder->format->trailer)
		return error_set(&decoder->error, ERROR_MALFORMED, "netstring ends with byte %02x instead of a comma",
				 frame[frame_size(decoder) - 1]);
	*payload = frame + decoder->head_size;
	*length = (size_t)decoder->length;
	decoder->taken = frame_size(decoder);
	decoder->head_size = 0;
	return 1;
}

int decoder_feed_eof(struct decoder *decoder)
{
	size_t have;

	if (decoder->error.kind != ERROR_NONE)
		return -1;
	forget_taken(decoder);
	have = buffer_size(&decoder->buffer);
	if (decoder->head_size > 0)
		return error_set(&decoder->error, ERROR_TRUNCATED, "end of input inside a frame: %zu of %zu bytes",
				 have, frame_size(decoder));
	if (have > 0)
		return error_set(&decoder->error, ERROR_TRUNCATED, "end of input inside a frame: %zu bytes of a length",
				 have);
	return 0;
}

static size_t encode_big_endian(const struct format *format, uint64_t length, uint8_t *header)
{
	for (unsigned i = 0; i < format->width; i++)
		header[i] = (uint8_t)(length >> 8 * (format->width - 1 - i));
	return format->width;
}

static int decode_big_endian(const struct format *format, const uint8_t *data, size_t size, size_t *head_size,
			     uint64_t *length, struct error *error)
{
	(void)error;
	if (size < format->width)
		return 0;
	*head_size = format->width;
	*length = 0;
	for (unsigned i = 0; i < format->width; i++)
		*length = *length << 8 | data[i];
	return 1;
}

static size_t encode_little_endian(const struct format *format, uint64_t length, uint8_t *header)
{
	for (unsigned i = 0; i < format->width; i++)
		header[i] = (uint8_t)(length >> 8 * i);
	return format->width;
}

static int decode_little_endian(const struct format *format, const uint8_t *data, size_t size, size_t *head_size,
				uint64_t *length, struct error *error)
{
	(void)error;
	if (size < format->width)
		return 0;
	*head_size = format->width;
	*length = 0;
	for (unsigned i = format->width; i-- > 0;)
		*length = *length << 8 | data[i];
	return 1;
}

static size_t encode_varint(const struct format *format, uint64_t length, uint8_t *header)
{
	size_t size = 0;

	(void)format;
	for (; length > 0x7f; length >>= 7)
		header[size++] = (uint8_t)(length & 0x7f) | 0x80;
	header[size++] = (uint8_t)length;
	return size;
}

static int decode_varint(const struct format *format, const uint8_t *data, size_t size, size_t *head_size,
			 uint64_t *length, struct error *error)
{
	(void)format;
	*length = 0;
	for (unsigned i = 0; i < size && i < VARINT_MAX_BYTES; i++) {
		uint64_t bits = data[i] & 0x7f;

		/* The tenth byte has room for one bit: 9 * 7 = 63. */
		if (i == VARINT_MAX_BYTES - 1 && bits > 1)
			return error_set(error, ERROR_MALFORMED, "varint length does not fit in 64 bits");
		*length |= bits << 7 * i;
		if ((data[i] & 0x80) == 0) {
			if (data[i] == 0 && i > 0)
				return error_set(error, ERROR_MALFORMED,
						 "varint length %" PRIu64 " in %u bytes is not the shortest form",
						 *length, i + 1);
			*head_size = i + 1;
			return 1;
		}
	}
	if (size >= VARINT_MAX_BYTES)
		return error_set(error, ERROR_MALFORMED, "varint length longer than %d bytes", VARINT_MAX_BYTES);
	return 0;
}

static size_t encode_netstring(const struct format *format, uint64_t length, uint8_t *header)
{
	size_t size = 1;
	size_t end;

	(void)format;
	for (uint64_t rest = length; rest > 9; rest /= 10)
		size++;
	header[size] = ':';
	for (end = size; end-- > 0; length /= 10)
		header[end] = (uint8_t)('0' + length % 10);
	return size + 1;
}

static int decode_netstring(const struct format *format, const uint8_t *data, size_t size, size_t *head_size,
			    uint64_t *length, struct error *error)
{
	(void)format;
	*length = 0;
	for (size_t i = 0; i < size && i < HEADER_MAX_BYTES; i++) {
		unsigned digit = data[i] - (unsigned)'0';

		if (data[i] == ':' && i > 0) {
			*head_size = i + 1;
			return 1;
		}
		if (digit > 9)
			return error_set(error, ERROR_MALFORMED,
					 "netstring length has byte %02x where a digit%s is expected", data[i],
					 i > 0 ? " or a colon" : "");
		if (i == 1 && *length == 0)
			return error_set(error, ERROR_MALFORMED, "netstring length has a leading zero");
		if (i == NETSTRING_MAX_DIGITS)
			return error_set(error, ERROR_MALFORMED, "netstring length has more than %d digits",
					 NETSTRING_MAX_DIGITS);
		if (*length > (UINT64_MAX - digit) / 10)
			return error_set(error, ERROR_MALFORMED, "netstring length does not fit in 64 bits");
		*length = *length * 10 + digit;
	}
	return 0;
}

static void forget_taken(struct decoder *decoder)
{
	if (buffer_size(&decoder->buffer) > 0) {
		buffer_consume(&decoder->buffer, decoder->taken);
	} else if (decoder->taken > 0) {
		decoder->lent += decoder->taken;
		decoder->lent_size -= decoder->taken;
	}
	decoder->taken = 0;
}

/* What comes next: what was kept, if there is any, otherwise what is lent. */
static const uint8_t *front(const struct decoder *decoder, size_t *size)
{
	int kept = buffer_size(&decoder->buffer) > 0;

	*size = kept ? buffer_size(&decoder->buffer) : decoder->lent_size;
	return kept ? buffer_front(&decoder->buffer) : decoder->lent;
}

/* Keep at most so many of the lent bytes.  1: some; 0: there are none; -1: no memory. */
static int keep(struct decoder *decoder, size_t size)
{
	if (size > decoder->lent_size)
		size = decoder->lent_size;
	if (size == 0)
		return 0;
	if (buffer_append(&decoder->buffer, decoder->lent, size) == -1)
		return error_no_memory(&decoder->error);
	decoder->lent += size;
	decoder->lent_size -= size;
	return 1;
}

static int decode_head(struct decoder *decoder)
{
	size_t size;
	const uint8_t *data = front(decoder, &size);
	int complete = decoder->format->decode_header(decoder->format, data, size, &decoder->head_size,
						      &decoder->length, &decoder->error);

	if (complete == 1 && decoder->length > decoder->limit) {
		char text[AS_TEXT_SIZE];

		return error_set(&decoder->error, ERROR_TOO_LONG, "frame of %" PRIu64 " bytes%s, the limit is %" PRIu64,
				 decoder->length, as_text(decoder, text), decoder->limit);
	}
	return complete;
}

/* Say so when a length spells a word: then the peer speaks something else, such as lines or HTTP. */
static const char *as_text(const struct decoder *decoder, char text[AS_TEXT_SIZE])
{
	size_t size;
	const uint8_t *header = front(decoder, &size);

	text[0] = '\0';
	if (decoder->format->width < 2)
		return text;
	for (unsigned i = 0; i < decoder->format->width; i++)
		if (header[i] < ' ' || header[i] > '~')
			return text;
	snprintf(text, AS_TEXT_SIZE, " (\"%.*s\": does the peer speak this framing?)", (int)decoder->format->width,
		 (const char *)header);
	return text;
}

/* No overflow: the length is within a limit, and options.c takes none above a quarter of SIZE_MAX. */
static size_t frame_size(const struct decoder *decoder)
{
	return decoder->head_size + (size_t)decoder->length + decoder->format->trailer_size;
}
