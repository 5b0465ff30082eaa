"""A finding: a line of a file, an entry of the ledger, and what to say about it.

``# ledger: ignore[ENTRY]`` at the end of a line takes it back; more than one entry are separated by commas.

Read next: ``formats.py``.
"""

import re
from dataclasses import dataclass

from pyside.ledger.checking.messages import WORDS
from pyside.ledger.entries import entries

IGNORE = re.compile(r'#\s*ledger:\s*ignore\[([\w\s,-]+)\]')


@dataclass(frozen=True, order=True)
class Finding:
    """``on_2``, ``on_3``: what happens there.  ``instead``: what to write.  ``page``: where the ledger has more."""

    path: str
    line: int
    entry: str
    on_2: str
    on_3: str
    instead: str
    page: str

    @property
    def message(self):
        """Return all of it as one line."""
        found = 'on 2: %s; on 3: %s. %s' % (self.on_2, self.on_3, self.instead)
        return found + (' See %s' % self.page if self.page else '')


def described(path, rows):
    """Return the findings for ``(line, entry)`` in a file."""
    known = entries()
    found = []
    for line, name in rows:
        words, entry = WORDS[name], known.get(name)
        found.append(Finding(
            path, line, name, words.on_2, words.on_3, words.instead or (entry.advice if entry else ''),
            'docs/ledger/%s.md#%s' % (entry.topic, name) if entry else ''))
    return found


def not_ignored(source, rows):
    """List those ``(line, entry)`` that the line itself does not take back."""
    kept = []
    for line, entry in sorted(rows):
        match = IGNORE.search(source.original[line - 1]) if line <= len(source.original) else None
        if not match or entry not in re.split(r'[\s,]+', match.group(1).strip()):
            kept.append((line, entry))
    return kept
