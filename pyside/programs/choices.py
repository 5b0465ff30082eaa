"""Words to choose from: the list of them, and the nearest to one that is not in it.

C twin: ``c_ref/programs/choices.c``.  Read next: ``programs/options.py``.
"""

from pyside.wire.errors import Unsupported

SHOWN = 80
LONGEST = 32
# One slip of the fingers for each three letters, and one in any case.
LETTERS_FOR_A_SLIP = 3


def unsupported(kind, word, names):
    """Make the error for a word that is none of the names.

    :param kind: what it should be, such as ``format``.
    """
    near = nearest(word, names)
    hint = 'did you mean %s? ' % near if near else ''
    return Unsupported('%s %s (%sthere are: %s)' % (kind, word[:SHOWN], hint, ', '.join(names)))


def nearest(word, names):
    """Return the name from which a word differs by a slip of the fingers, the first of several; or None."""
    limit = max(1, len(word) // LETTERS_FOR_A_SLIP)
    if len(word) > LONGEST or not word:
        return None
    slips, found = min([(slips_between(word, name), index) for index, name in enumerate(names)])
    return list(names)[found] if slips <= limit else None


def slips_between(one, other):
    """Count the letters that are wrong, missing, too many, or swapped with the next.

    (The distance of Damerau and Levenshtein, with strings aligned.)
    """
    rows = [list(range(len(other) + 1))]
    for i in range(1, len(one) + 1):
        row = [i]
        for j in range(1, len(other) + 1):
            wrong = one[i - 1] != other[j - 1]
            best = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + wrong)
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                best = min(best, rows[i - 2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


def listed(names, word):
    """Join names as a sentence does: ``a, b or c``."""
    names = list(names)
    return ', '.join(names[:-1]) + ' %s ' % word + names[-1]
