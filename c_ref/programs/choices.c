/*
 * Words to choose from: the list of them, and the nearest to one that is not in
 * it.
 *
 * Python twin: pyside/programs/choices.py.  Read next: programs/options.c.
 */
#include "programs/choices.h"

#include "wire/errors.h"

#include <stdio.h>
#include <string.h>

/* One slip of the fingers for each three letters, and one in any case. */
enum { LONGEST = 32, LETTERS_FOR_A_SLIP = 3 };

static size_t slips_between(const char *one, size_t one_size, const char *other, size_t other_size);
static size_t least(size_t one, size_t other);

int choices_unsupported(const char *kind, const char *word, name_at *names, struct error *error)
{
	const char *near = choices_nearest(word, names);
	char there_are[ERROR_TEXT_SIZE] = "";
	size_t used = 0;

	for (size_t i = 0; names(i) != NULL && used < sizeof there_are; i++)
		used += (size_t)snprintf(there_are + used, sizeof there_are - used, "%s%s", i > 0 ? ", " : "",
					 names(i));
	return error_set(error, ERROR_NONE, "%s %.80s (%s%s%sthere are: %s)", kind, word,
			 near == NULL ? "" : "did you mean ", near == NULL ? "" : near, near == NULL ? "" : "? ",
			 there_are);
}

const char *choices_nearest(const char *word, name_at *names)
{
	size_t size = strlen(word);
	size_t fewest = size / LETTERS_FOR_A_SLIP > 1 ? size / LETTERS_FOR_A_SLIP : 1;
	const char *nearest = NULL;

	if (size > LONGEST || size == 0)
		return NULL;
	for (size_t i = 0; names(i) != NULL; i++) {
		size_t slips = slips_between(word, size, names(i), strlen(names(i)));

		if (slips < fewest || (slips == fewest && nearest == NULL)) {
			fewest = slips;
			nearest = names(i);
		}
	}
	return nearest;
}

int choices_append_listed(struct buffer *out, name_at *names, const char *word)
{
	int result = 0;

	for (size_t i = 0; names(i) != NULL; i++) {
		if (i > 0 && names(i + 1) != NULL)
			result |= buffer_append_text(out, ", ");
		else if (i > 0)
			result |= buffer_append_text(out, " ") | buffer_append_text(out, word) |
				  buffer_append_text(out, " ");
		result |= buffer_append_text(out, names(i));
	}
	return result;
}

/*
 * How many letters are wrong, missing, too many, or swapped with the next.
 * (The distance of Damerau and Levenshtein, with strings aligned.)
 */
static size_t slips_between(const char *one, size_t one_size, const char *other, size_t other_size)
{
	size_t rows[LONGEST + 1][LONGEST + 1];

	if (other_size > LONGEST)
		return one_size + other_size;
	for (size_t j = 0; j <= other_size; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= one_size; i++) {
		rows[i][0] = i;
		for (size_t j = 1; j <= other_size; j++) {
			size_t wrong = one[i - 1] != other[j - 1];

			rows[i][j] = least(least(rows[i - 1][j], rows[i][j - 1]) + 1, rows[i - 1][j - 1] + wrong);
			if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
				rows[i][j] = least(rows[i][j], rows[i - 2][j - 2] + 1);
		}
	}
	return rows[one_size][other_size];
}

static size_t least(size_t one, size_t other)
{
	return one < other ? one : other;
}
