/*
 * The allow-list of command: which programs a client may have run, by a name
 * that says nothing about them.
 *
 *     --allow NAME=PROGRAM,ARGUMENT,...       date=/bin/date,-u
 *
 * The client sends the name.  No word of the program comes from it, no shell
 * reads them, and nothing that is not on the list is ever run.
 *
 * Python twin: pyside/net/allowlist.py.  Read next: net/execution.c.
 */
#include "net/allowlist.h"

#include "wire/errors.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char name_characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";

static const char *const defaults[] = {
	"date=/bin/date,-u",
	"false=/bin/false",
	"true=/bin/true",
	"uname=/bin/uname,-sm",
};

static int check(const struct allowlist *list, size_t index, struct error *error);
static size_t find(const struct allowlist *list, size_t count, const uint8_t *name, size_t size);

int allowlist_add(struct allowlist *list, const char *entry)
{
	const char **entries = realloc(list->entries, (list->count + 1) * sizeof *entries);

	if (entries == NULL)
		return -1;
	entries[list->count] = entry;
	list->entries = entries;
	list->count++;
	return 0;
}

int allowlist_finish(struct allowlist *list, struct error *error)
{
	if (list->count == 0)
		for (size_t i = 0; i < sizeof defaults / sizeof defaults[0]; i++)
			if (allowlist_add(list, defaults[i]) == -1)
				return error_no_memory(error);
	for (size_t i = 0; i < list->count; i++)
		if (check(list, i, error) == -1)
			return -1;
	return 0;
}

char **allowlist_find(const struct allowlist *list, const uint8_t *name, size_t size)
{
	size_t index = find(list, list->count, name, size);
	const char *text;
	size_t count = 1;
	size_t room;
	char **words;
	char *copy;

	if (index == list->count) {
		errno = ENOENT;
		return NULL;
	}
	text = list->entries[index] + size + 1;
	for (const char *at = text; *at != '\0'; at++)
		count += *at == ',';
	/* One block: the pointers and their NULL, then the text with a NUL for each comma. */
	room = (count + 1) * sizeof *words;
	words = malloc(room + strlen(text) + 1);
	if (words == NULL)
		return NULL;
	copy = (char *)words + room;
	memcpy(copy, text, strlen(text) + 1);
	for (size_t i = 0; i < count; i++) {
		words[i] = copy;
		copy += strcspn(copy, ",");
		*copy++ = '\0';
	}
	words[count] = NULL;
	return words;
}

int allowlist_names(const struct allowlist *list, struct buffer *out)
{
	for (size_t i = 0; i < list->count; i++) {
		const char *entry = list->entries[i];

		if (i > 0 && buffer_append(out, (const uint8_t *)", ", 2) == -1)
			return -1;
		if (buffer_append(out, (const uint8_t *)entry, strcspn(entry, "=")) == -1)
			return -1;
	}
	return 0;
}

void allowlist_free(struct allowlist *list)
{
	free(list->entries);
	*list = (struct allowlist){0};
}

static int check(const struct allowlist *list, size_t index, struct error *error)
{
	const char *entry = list->entries[index];
	size_t length = strspn(entry, name_characters);
	char **words;
	int result = 0;

	if (length == 0 || entry[length] != '=' || entry[length + 1] != '/')
		return error_set(error, ERROR_NONE,
				 "--allow takes NAME=PROGRAM,ARGUMENT,... with the whole path of PROGRAM, not %s",
				 entry);
	if (find(list, index, (const uint8_t *)entry, length) < index)
		return error_set(error, ERROR_NONE, "--allow has %.*s twice", (int)length, entry);
	words = allowlist_find(list, (const uint8_t *)entry, length);
	if (words == NULL)
		return error_no_memory(error);
	if (access(words[0], X_OK) == -1)
		result = error_set(error, ERROR_NONE, "--allow %.*s: %s is no program that can be run", (int)length,
				   entry, words[0]);
	free(words);
	return result;
}

/* The index of the entry with a name, or count. */
static size_t find(const struct allowlist *list, size_t count, const uint8_t *name, size_t size)
{
	size_t i = 0;

	while (i < count && (strcspn(list->entries[i], "=") != size || memcmp(list->entries[i], name, size) != 0))
		i++;
	return i;
}
