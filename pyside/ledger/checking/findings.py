"""A finding: a line of a file, an entry of the ledger, and what to say about it.

Read next: ``ignores.py``, ``formats.py``.
"""

from dataclasses import dataclass

from pyside.ledger.checking import ignores
from pyside.ledger.checking.messages import WORDS
from pyside.ledger.entries import entries


@dataclass(frozen=True, order=True)
class Finding:
    """``on_2``, ``on_3``: what happens there.  ``instead``: what to write.  ``page``: where the ledger has more.

    A comment that ignores what there is not has no page.
    """

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
        if not self.page:
            return self.instead
        return 'on 2: %s; on 3: %s. %s See %s' % (self.on_2, self.on_3, self.instead, self.page)


def described(path, rows):
    """Return the findings for ``(line, entry)`` in a file."""
    known = entries()
    found = []
    for line, name in rows:
        if name not in WORDS:
            name, advice = ignores.told(name)
            found.append(Finding(path, line, name, '', '', advice, ''))
            continue
        words, entry = WORDS[name], known[name]
        found.append(Finding(path, line, name, words.on_2, words.on_3, words.instead or entry.advice,
                             'docs/ledger/%s.md#%s' % (entry.topic, name)))
    return found
