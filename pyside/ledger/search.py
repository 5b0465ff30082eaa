"""``python -m pyside.ledger search WORD...``: entries in which all words stand, at a terminal and without a network.

::

    $ python -m pyside.ledger search "bytes-like object" sendall
    sendall-text                                docs/ledger/sending.md
        a.sendall(u'hello')
        2.7    NoneType None
        3.6+   TypeError: a bytes-like object is required, not 'str'
        pypy3  TypeError: a bytes-like object is required, not str
      Encode text before it is sent.
        a.sendall(u'hello'.encode('utf-8'))
"""

import sys

from pyside.ledger.entries import entries, outcomes
from pyside.programs.choices import nearest
from pyside.wire.errors import EXIT_OK

EXIT_NOTHING = 1
SHOWN = 10


def main(words):
    """Print the entries that have all words, the best first; return 0, or 1 when there is none."""
    most = SHOWN
    if '--all' in words:
        words = [word for word in words if word != '--all']
        most = None
    found = search(words)
    measured = outcomes()
    for entry in found[:most]:
        sys.stdout.write(described(entry, measured[entry.name]) + '\n')
    if not found:
        near = nearest(words[0], list(entries()))
        sys.stderr.write('ledger: no entry has %s%s\n' % (
            ' and '.join(words), '; did you mean %s?' % near if near else '; try one word of it, such as a call'))
        return EXIT_NOTHING
    if len(found[:most]) < len(found):
        sys.stderr.write('ledger: %d of %d entries; --all shows the others\n' % (most, len(found)))
    return EXIT_OK


def search(words):
    """List the entries in which all words stand, whatever their case: those first that have them in name or outcome."""
    measured = outcomes()
    ranked = []
    for place, entry in enumerate(entries().values()):
        outcome = ' '.join(measured[entry.name]['outcomes'].values())
        places = [entry.name, outcome, entry.code, entry.advice + ' ' + entry.topic + ' ' + entry.remedy]
        ranks = [_rank(word.lower(), places) for word in words]
        if None not in ranks:
            ranked.append((sum(ranks), place, entry))
    return [entry for _, _, entry in sorted(ranked, key=lambda row: row[:2])]


def _rank(word, places):
    """Return the number of the first place that has a word, or None."""
    return ([number for number, text in enumerate(places) if word in text.lower()] or [None])[0]


def described(entry, row):
    """Return an entry as text for a terminal."""
    versions = row['outcomes']
    wide = max(len(version) for version in versions)
    lines = ['%-43s docs/ledger/%s.md' % (entry.name, entry.topic)]
    lines += ['    ' + line for line in entry.code.splitlines()]
    lines += ['    %-*s  %s' % (wide, version, outcome) for version, outcome in versions.items()]
    lines += ['  ' + entry.advice]
    lines += ['    ' + line for line in entry.remedy.splitlines()]
    return '\n'.join(lines) + '\n'
