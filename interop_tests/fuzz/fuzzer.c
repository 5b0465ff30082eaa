/*
 * A script (script.py) played with libcref, for libFuzzer: https://llvm.org/docs/LibFuzzer.html.
 *
 * AddressSanitizer, LeakSanitizer and UndefinedBehaviorSanitizer watch.  One byte of the script says which allocation
 * fails, so every path without memory is walked too.  What the script reaches anew is kept, and the kept scripts are
 * then compared with Python, step by step: python -m interop_tests.fuzz --scripts FOLDER.
 *
 * The linker puts the __wrap_ functions here in the place of malloc and its kin: ld(1), --wrap.
 */
#include "iomodels/conversation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The sizes of the tables in script.py. */
enum { PROTOCOLS = 7, FORMATS = 9, LIMITS = 9, ROLES = 2, SERVER_VERBS = 10, CLIENT_VERBS = 7, FLOOD_MOST = 4096 };

static const double timeout = 5, start = 100, quarter = 0.25;
static const uint64_t limits[LIMITS] = {0, 1, 2, 8, 255, 300, 1000, 70000, 16777216};

struct script {
	const uint8_t *data;
	size_t size;
	uint8_t *flood; /* of the step before, to be freed */
};

static unsigned int allocations_left; /* 0: none fails any more */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void play_server(struct script *script, struct session *session);
static int play_server_step(struct script *script, struct conversation *conversation, double *now, int *saw_eof);
static const char *why_killed(const uint8_t *name, size_t size);
static void play_client(struct script *script, struct session *session, struct session *server);
static void relay(struct session *server, struct buffer *said, struct buffer *heard);
static void take_replies(struct session *session);
static void check_conversation(struct conversation *conversation);
static void check(int truth);
static uint8_t next_byte(struct script *script);
static const uint8_t *next_data(struct script *script, size_t *size);
static const uint8_t *next_flood(struct script *script, size_t *size);
static int allocation_fails(void);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct script script = {.data = data, .size = size};
	const char *protocol = protocol_name(next_byte(&script) % PROTOCOLS);
	const char *format = format_name(next_byte(&script) % FORMATS);
	uint64_t limit = limits[next_byte(&script) % LIMITS];
	enum role role = next_byte(&script) % ROLES;
	struct session *session;

	check(protocol_name(PROTOCOLS) == NULL && format_name(FORMATS) == NULL);
	allocations_left = next_byte(&script);
	session = session_new(protocol, role, format, limit);
	if (session != NULL && role == ROLE_SERVER)
		play_server(&script, session);
	else if (session != NULL)
		play_client(&script, session, session_new(protocol, ROLE_SERVER, format, limit));
	allocations_left = 0;
	free(script.flood);
	return 0;
}

void *__wrap_malloc(size_t size)
{
	return allocation_fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return allocation_fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return allocation_fails() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
	return allocation_fails() ? NULL : __real_strdup(text);
}

static void play_server(struct script *script, struct session *session)
{
	struct conversation *conversation = conversation_new(session, "peer", timeout, start, 1);
	double now = start;
	int saw_eof = 0;

	if (conversation == NULL)
		return;
	do
		check_conversation(conversation);
	while (script->size > 0 && play_server_step(script, conversation, &now, &saw_eof));
	conversation_free(conversation);
}

/* 0: the arguments of a step have ended the script. */
static int play_server_step(struct script *script, struct conversation *conversation, double *now, int *saw_eof)
{
	int verb = next_byte(script) % SERVER_VERBS;
	int reads = conversation_wants_read(conversation) && !*saw_eof;
	const uint8_t *data, *name;
	size_t size, name_size;
	uint8_t byte;

	switch (verb) {
	case 0:
	case 1:
		data = verb == 0 ? next_data(script, &size) : next_flood(script, &size);
		if (reads)
			conversation_feed(conversation, data, size, *now);
		break;
	case 2:
		*saw_eof |= reads;
		if (reads)
			conversation_feed_eof(conversation, *now);
		break;
	case 3:
		conversation_tick(conversation, *now);
		break;
	case 4:
		byte = next_byte(script);
		size = conversation_to_send(conversation, &data);
		if (conversation_wants_write(conversation))
			conversation_sent(conversation, (size * (byte + 1u) + 255) / 256, *now);
		break;
	case 5:
		if (conversation_wants_half_close(conversation))
			conversation_half_closed(conversation);
		break;
	case 6:
		byte = next_byte(script);
		verb = next_byte(script);
		data = next_data(script, &size);
		if (conversation_wanted_program(conversation, &name, &name_size))
			conversation_program_done(conversation, byte, data, size, *now,
						  verb % 2 ? why_killed(name, name_size) : NULL);
		break;
	case 7:
		byte = next_byte(script);
		if (!conversation_over(conversation))
			conversation_lost(conversation, &(struct error){
								.kind = byte % 2 ? ERROR_TIMED_OUT : ERROR_RESET,
								.text = "Connection lost",
							});
		break;
	case 8:
		conversation_stop(conversation);
		break;
	case 9:
		*now += next_byte(script) * quarter;
		break;
	}
	return script->size > 0;
}

/* A program that is killed was started, and so its name is one of an allow-list. */
static const char *why_killed(const uint8_t *name, size_t size)
{
	return size == 4 && memcmp(name, "true", 4) == 0 ? "more than 1 s" : NULL;
}

static void play_client(struct script *script, struct session *session, struct session *server)
{
	struct buffer said = {0}, heard = {0};
	int input_ended = 0, saw_eof = 0;
	struct error error;

	if (server == NULL)
		goto done;
	session_start(session, &said);
	session_start(server, &heard);
	while (script->size > 0) {
		int verb = next_byte(script) % CLIENT_VERBS;
		const uint8_t *data;
		size_t size;
		int last;

		switch (verb) {
		case 0:
		case 1:
			last = next_byte(script) % 2;
			data = verb == 0 ? next_data(script, &size) : next_flood(script, &size);
			if (input_ended || session_submit(session, data, size, last, &said, &error) == 0)
				break;
			input_ended = 1;
			session_submit_eof(session, &said);
			break;
		case 2:
			if (!input_ended)
				session_submit_eof(session, &said);
			input_ended = 1;
			break;
		case 3:
		case 4:
			data = verb == 3 ? next_data(script, &size) : next_flood(script, &size);
			if (!saw_eof)
				session_receive(session, data, size, &said);
			break;
		case 5:
			if (!saw_eof)
				session_receive_eof(session, &said);
			saw_eof = 1;
			break;
		case 6:
			relay(server, &said, &heard);
			if (input_ended && session_half_closes(session))
				session_receive_eof(server, &heard);
			if (saw_eof)
				break;
			session_receive(session, buffer_front(&heard), buffer_size(&heard), &said);
			buffer_consume(&heard, buffer_size(&heard));
			break;
		}
		take_replies(session);
	}
done:
	session_free(session);
	session_free(server);
	buffer_free(&said);
	buffer_free(&heard);
}

/* The server hears what the client said, and answers. */
static void relay(struct session *server, struct buffer *said, struct buffer *heard)
{
	const uint8_t *name;
	size_t size;

	if (!session_wanted_program(server, &name, &size)) {
		session_receive(server, buffer_front(said), buffer_size(said), heard);
		buffer_consume(said, buffer_size(said));
	}
	while (session_pending(server))
		session_receive(server, NULL, 0, heard);
	while (session_wanted_program(server, &name, &size))
		session_receive_result(server, 3, (const uint8_t *)"output", 6, heard);
}

static void take_replies(struct session *session)
{
	const uint8_t *data;
	size_t size;
	int last;

	while (session_next_reply(session, &data, &size, &last))
		check(size == 0 || data != NULL);
}

/* What holds at any time. */
static void check_conversation(struct conversation *conversation)
{
	const uint8_t *data;
	size_t size = conversation_to_send(conversation, &data);
	const char *line;

	check(size == 0 || data != NULL);
	while ((line = conversation_next_log_line(conversation)) != NULL)
		for (; *line != '\0'; line++)
			check(*line >= ' ' && *line <= '~');
	if (!conversation_over(conversation)) {
		check(size > 0 || !conversation_wants_write(conversation));
		/* It wants something: nobody waits for ever. */
		check(conversation_wants_more_time(conversation) ||
		      conversation_wanted_program(conversation, &data, &size) ||
		      !isinf(conversation_deadline(conversation)));
	} else {
		check(!conversation_wants_read(conversation) && !conversation_wants_write(conversation) &&
		      !conversation_wants_more_time(conversation) && !conversation_wants_half_close(conversation));
	}
}

static void check(int truth)
{
	if (!truth)
		abort();
}

static uint8_t next_byte(struct script *script)
{
	if (script->size == 0)
		return 0;
	script->size--;
	return *script->data++;
}

static const uint8_t *next_data(struct script *script, size_t *size)
{
	const uint8_t *data;

	*size = next_byte(script);
	if (*size > script->size)
		*size = script->size;
	data = *size > 0 ? script->data : NULL;
	script->data += *size;
	script->size -= *size;
	return data;
}

/* Some bytes, so many times over. */
static const uint8_t *next_flood(struct script *script, size_t *size)
{
	size_t one, count;
	const uint8_t *data = next_data(script, &one);

	count = next_byte(script) * 256u;
	count = (count + next_byte(script)) % FLOOD_MOST;
	*size = one * count;
	if (*size == 0)
		return NULL;
	free(script->flood);
	script->flood = __real_malloc(*size);
	for (size_t i = 0; i < *size; i++)
		script->flood[i] = data[i % one];
	return script->flood;
}

static int allocation_fails(void)
{
	return allocations_left > 0 && --allocations_left == 0;
}
