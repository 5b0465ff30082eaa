/*
 * Messages on standard input, replies on standard output.
 *
 *     hello\n                    68656c6c6f\n        one line, one message
 *     \n                         \n                  an empty message
 *                                with --hex: two digits a byte, so that any byte can be typed,
 *                                68 65 6c 6c 6f with spaces between bytes too
 *
 * A terminal is asked with a prompt on stderr for each line, and ends with the
 * line "exit" or with Ctrl-D.  A line that is no message is asked for again.
 *
 * Lines of any length pass through in pieces; the last piece of a message says so.
 *
 * Python twin: pyside/programs/messages.py.  Read next: programs/datagram_client.c.
 */
#include "programs/messages.h"

#include "net/netio.h"
#include "programs/standard.h"
#include "wire/errors.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NO_DIGIT = -1 };

static void fail(struct source *source, const char *what);
static void read_kept(struct source *source, struct pieces *pieces);
static ssize_t read_terminal(struct source *source, uint8_t *data, size_t size);
static void push_piece(struct source *source, uint8_t *text, size_t size, int last, struct pieces *pieces);
static int unhex(struct source *source, uint8_t *text, size_t *size, int last);
static int hex_value(uint8_t digit);
static int not_hex(struct source *source, int last);
static void push(struct source *source, const uint8_t *data, size_t size, int last, struct pieces *pieces);
static int append_piece(struct buffer *out, const uint8_t *data, size_t size, int last, int is_hex);
static int append_hex(struct buffer *out, const uint8_t *data, size_t size);

void source_init(struct source *source, int fd, int is_hex)
{
	*source = (struct source){
		.fd = fd, .is_hex = is_hex, .line = 1, .odd_digit = NO_DIGIT, .is_terminal = isatty(fd)};
}

void source_read(struct source *source, struct pieces *pieces)
{
	uint8_t data[STACK_CHUNK];
	uint8_t *line = data;
	ssize_t got;

	if (source->unread > 0) {
		read_kept(source, pieces);
		return;
	}
	got = source->is_terminal ? read_terminal(source, data, sizeof data)
				  : standard_read(source->fd, data, sizeof data);
	if (got == -1) {
		fail(source, "cannot read the input");
		return;
	}
	if (got == 0) {
		source->ended = 1;
		if (source->in_line)
			push_piece(source, data, 0, 1, pieces);
		return;
	}
	while (line < data + got && !source->ended) {
		size_t left = (size_t)(data + got - line);
		uint8_t *newline = memchr(line, '\n', left);
		size_t size = newline == NULL ? left : (size_t)(newline - line);

		push_piece(source, line, size, newline != NULL, pieces);
		line += size + 1;
	}
}

void source_prompt(struct source *source)
{
	/* Ctrl-D in a line hands out its beginning: the rest follows without a prompt. */
	if (!source->is_terminal || source->asked || source->in_line || source->unread > 0)
		return;
	source->asked = 1;
	standard_write(STDERR_FILENO, (const uint8_t *)"> ", 2);
}

void source_say(struct source *source, const char *text)
{
	struct buffer line = {0};

	if (!source->is_terminal)
		return;
	/* The cursor stands behind the prompt. */
	if (buffer_append_text(&line, source->asked ? "\nclient: " : "client: ") == 0 &&
	    buffer_append_text(&line, text) == 0 && buffer_append_text(&line, "\n") == 0)
		standard_write(STDERR_FILENO, buffer_front(&line), buffer_size(&line));
	buffer_free(&line);
	source->asked = 0;
}

int source_fd(const struct source *source)
{
	return source->unread > 0 ? fileno(source->kept) : source->fd;
}

int source_ended(const struct source *source)
{
	return source->unread == 0 && source->ended;
}

int source_keep(struct source *source)
{
	source->kept = tmpfile();
	/* Without a buffer, so that a full disk is noticed by the write that it fails. */
	if (source->kept != NULL && setvbuf(source->kept, NULL, _IONBF, 0) == 0)
		return 0;
	fail(source, "cannot keep the input");
	return -1;
}

int source_rewind(struct source *source)
{
	source->unread = source->kept_size;
	if (fseeko(source->kept, 0, SEEK_SET) == 0)
		return 0;
	fail(source, "cannot read what was kept of the input");
	return -1;
}

void source_free(struct source *source)
{
	if (source->kept != NULL)
		fclose(source->kept);
}

int sink_write_line(const uint8_t *data, size_t size, int fd, int is_hex)
{
	struct buffer out = {0};
	int result = append_piece(&out, data, size, 1, is_hex);

	if (result == 0)
		result = standard_write(fd, buffer_front(&out), buffer_size(&out));
	buffer_free(&out);
	return result;
}

int sink_write(struct session *session, int fd, int is_hex)
{
	struct buffer out = {0};
	const uint8_t *data;
	size_t size;
	int last;
	int result = 0;

	while (result == 0 && session_next_reply(session, &data, &size, &last))
		result = append_piece(&out, data, size, last, is_hex);
	if (result == 0)
		result = standard_write(fd, buffer_front(&out), buffer_size(&out));
	buffer_free(&out);
	return result;
}

/* End with errno. */
static void fail(struct source *source, const char *what)
{
	source->ended = 1;
	source->unread = 0;
	error_set(&source->error, ERROR_UNSENDABLE, "%s: %s", what, strerror(errno));
}

static void read_kept(struct source *source, struct pieces *pieces)
{
	uint8_t data[STACK_CHUNK];
	size_t size = source->unread < sizeof data ? (size_t)source->unread : sizeof data;

	/* Between reading and writing a stream C wants a seek: C11 7.21.5.3p7. */
	if (fread(data, 1, size, source->kept) != size ||
	    (source->unread == size && fseeko(source->kept, 0, SEEK_END) == -1)) {
		fail(source, "cannot read what was kept of the input");
		return;
	}
	source->unread -= size;
	push(source, data, size, 0, pieces);
}

/* As read, but "exit" is the end.  The terminal hands out a line at a time. */
static ssize_t read_terminal(struct source *source, uint8_t *data, size_t size)
{
	static const char last_line[] = "exit\n";
	ssize_t got = standard_read(source->fd, data, size);

	source->asked = 0;
	/* Ctrl-D leaves the cursor behind the prompt. */
	if (got == 0)
		standard_write(STDERR_FILENO, (const uint8_t *)"\n", 1);
	return got == (ssize_t)strlen(last_line) && memcmp(data, last_line, (size_t)got) == 0 ? 0 : got;
}

static void push_piece(struct source *source, uint8_t *text, size_t size, int last, struct pieces *pieces)
{
	if (source->is_hex && unhex(source, text, &size, last) == -1)
		return;
	source->in_line = !last;
	source->line += last ? 1 : 0;
	if (source->kept != NULL) {
		if (fwrite(text, 1, size, source->kept) != size) {
			fail(source, "cannot keep the input");
			return;
		}
		source->kept_size += size;
	}
	push(source, text, size, last, pieces);
}

/* Turn digits into bytes, in place.  -1: source->error. */
static int unhex(struct source *source, uint8_t *text, size_t *size, int last)
{
	size_t used = 0;

	for (size_t i = 0; i < *size; i++) {
		int value = hex_value(text[i]);

		if (text[i] == ' ' && source->odd_digit == NO_DIGIT)
			continue;
		if (value == -1)
			return not_hex(source, last);
		if (source->odd_digit == NO_DIGIT) {
			source->odd_digit = value;
		} else {
			text[used++] = (uint8_t)(source->odd_digit << 4 | value);
			source->odd_digit = NO_DIGIT;
		}
	}
	if (last && source->odd_digit != NO_DIGIT)
		return not_hex(source, last);
	*size = used;
	return 0;
}

static int hex_value(uint8_t digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

/* A terminal is asked again, but a line of which a part was handed out already cannot be taken back. */
static int not_hex(struct source *source, int last)
{
	if (source->is_terminal && last && !source->in_line) {
		char text[80];

		snprintf(text, sizeof text, "line %" PRIu64 " is not hex, two digits a byte; try again",
			 source->line++);
		source_say(source, text);
		source->odd_digit = NO_DIGIT;
		return -1;
	}
	source->ended = 1;
	return error_set(&source->error, ERROR_UNSENDABLE,
			 "line %" PRIu64 " of the input is not hex, two digits a byte", source->line);
}

static void push(struct source *source, const uint8_t *data, size_t size, int last, struct pieces *pieces)
{
	if (pieces_push(pieces, data, size, last) == 0)
		return;
	source->ended = 1;
	error_no_memory(&source->error);
}

static int append_piece(struct buffer *out, const uint8_t *data, size_t size, int last, int is_hex)
{
	if ((is_hex ? append_hex(out, data, size) : buffer_append(out, data, size)) == -1)
		return -1;
	return last ? buffer_append(out, (const uint8_t *)"\n", 1) : 0;
}

static int append_hex(struct buffer *out, const uint8_t *data, size_t size)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < size; i++) {
		const uint8_t pair[] = {(uint8_t)digits[data[i] >> 4], (uint8_t)digits[data[i] & 15]};

		if (buffer_append(out, pair, sizeof pair) == -1)
			return -1;
	}
	return 0;
}
