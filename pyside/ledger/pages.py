"""The ledger as pages: ``python -m pyside.ledger pages`` writes them into ``docs/ledger``."""

import os
from collections import OrderedDict

from pyside.ledger.entries import FOLDER, TOPICS, entries, outcomes, releases_measured, title
from pyside.ledger.indexes import code, indexes, shown
from pyside.ledger.versions import in_order

DOCS = os.path.join(os.path.dirname(os.path.dirname(FOLDER)), 'docs', 'ledger')
GENERATED = u'<!-- python -m pyside.ledger pages makes this page -->\n\n'
INDEX = u"""\
# The byte/str ledger

What each Python does with bytes and text wherever a socket program meets them: {entries} entries. Each piece of code
was run in a fresh interpreter of every version, CPython 2.7 and 3.6 to {newest} and PyPy 3, and what came of it was
recorded; tox runs all of them again, and fails where a version, also one that is newer than these, does anything else.
Another release than those measured may word an error otherwise: there the exception alone is compared. Measured were
{releases}.

In the code, `a` and `b` are what connect and accept give, over TCP; all that names them was run over AF_UNIX too, and
where that makes a difference, both are shown. The locale is C.UTF-8, unless an entry says otherwise; the other names
that are imported nowhere are in [probe.py](../../pyside/ledger/probe.py). What to write instead has been run on all
versions too, with the same outcome on each.

- {entries} entries, {outcomes} outcomes
- {by_major} entries where Python 2 and 3 differ
- {by_minor} where versions of Python 3 differ from one another
- {by_pypy} where PyPy 3 differs from CPython
- {by_family} where AF_UNIX differs from TCP
- {same} where all versions do the same: each says why it is here all the same

`python -m pyside.ledger check FILE` points at the lines of a program that an entry is about
([the checker](checking.md)), and `python -m pyside.ledger search "bytes-like object"` finds entries by what an error
says, a call, or a word.
As pages: [by symptom](by-symptom.md), [by call](by-call.md), [by version](by-version.md).

| topic | entries |
|---|--:|
{topics}
"""


def pages():
    """Return ``{name of the file: text}``."""
    measured, releases = outcomes(), releases_measured()
    by_topic = OrderedDict((topic, []) for topic in TOPICS)
    for entry in entries().values():
        by_topic[entry.topic].append(entry)
    found = OrderedDict()
    rows = []
    for topic, listed in by_topic.items():
        found[topic + '.md'] = GENERATED + u'# %s\n\n' % title(topic) + u'\n'.join(
            _section(entry, measured[entry.name]) for entry in listed)
        rows.append(u'| [%s](%s.md) | %d |' % (title(topic), topic, len(listed)))
    tables = [row['outcomes'] for row in measured.values()]
    found.update((name, GENERATED + text) for name, text in indexes().items())
    found['README.md'] = GENERATED + INDEX.format(
        entries=len(measured), outcomes=sum(len(table) for table in tables),
        by_major=sum(_differ(table, u'2', u'3') for table in tables),
        by_minor=sum(_minors(table) > 1 for table in tables),
        by_pypy=sum(u'pypy3' in table for table in tables), by_family=sum('unix' in row for row in measured.values()),
        same=sum(map(same_everywhere, measured.values())),
        newest=shown(in_order(releases)[-2]), releases=_listed(releases), topics=u'\n'.join(rows))
    return found


def _listed(releases):
    """Return releases in words; PyPy has that of the Python that it is like."""
    texts = [u'PyPy 3 (as %s)' % release if name == 'pypy3' else release for name, release in releases.items()]
    return u', '.join(texts[:-1]) + u' and ' + texts[-1]


def _section(entry, row):
    lines = [u'## %s' % entry.name, u'', u'```python', entry.code, u'```', u'']
    if entry.flags:
        lines += [u'With `%s`:' % entry.flags, u'']
    lines += _table(row['outcomes'])
    if 'unix' in row:
        lines += [u'', u'Over AF_UNIX:', u''] + _table(row['unix'])
    elif same_everywhere(row):
        lines += [u'', u'The same everywhere. ' + entry.here]
    lines += [u'', entry.advice, u'', u'```python', entry.remedy, u'```', u'']
    lines += [u'On all versions: %s' % code(row['remedy']), u'']
    return u'\n'.join(lines)


def _table(outcomes):
    return [u'| Python | outcome |', u'|---|---|'] + [
        u'| %s | %s |' % (versions, code(outcome)) for versions, outcome in outcomes.items()]


def same_everywhere(row):
    """Tell whether all versions, and both families, have one outcome, but for the names of types."""
    table = row['outcomes']
    return 'unix' not in row and not _differ(table, u'2', u'3') and _minors(table) == 1 and u'pypy3' not in table


def _differ(table, one, other):
    """Tell whether a version of one major has an outcome that none of the other has; types count, not their names."""
    ours = [_bare(outcome) for versions, outcome in table.items() if versions.startswith(one)]
    theirs = [_bare(outcome) for versions, outcome in table.items() if versions.startswith(other)]
    return not set(ours) & set(theirs)


def _bare(outcome):
    """Leave out that bytes and text have other names and another repr in Python 2."""
    return outcome.replace(u'unicode u', u'text ').replace(u'bytes b', u'bytes ').replace(u'str ', u'bytes ', 1)


def _minors(table):
    return len({outcome for versions, outcome in table.items() if versions.startswith(u'3')})
