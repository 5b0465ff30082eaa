"""The entries of the ledger, and the versions that their outcomes are about.

::

    ## send-str                           the name, and flags of the interpreter, such as -bb
    a.send('hello')                       the code; its last line is an expression
    --- Write b in front of the literal.  what to write on all versions
    a.send(b'hello')                      that, as code

C has no twin of this: bytes are bytes there.  Read next: ``topics/sending.txt``, ``probe.py``.
"""

import io
import json
import os
import re
from collections import OrderedDict, namedtuple

FOLDER = os.path.dirname(os.path.abspath(__file__))
OUTCOMES = os.path.join(FOLDER, 'outcomes.json')
# In the order in which they are told.
TOPICS = ['sending', 'receiving', 'comparing', 'converting', 'digits', 'structs', 'files', 'errors', 'frameworks',
          'environment', 'addresses', 'decoding', 'wrapping', 'systems']

# One line between the code and the remedy.
ADVICE = re.compile(r'\n--- (.*)\n')

# name: unique.  code: lines, the last of which is an expression.  advice: one sentence, what to write on all
# versions.  remedy: that, as code.  flags: of the interpreter, such as -bb.
Entry = namedtuple('Entry', 'name topic code advice remedy flags')


def entries():
    """Return ``{name: Entry}`` in the order of the topics."""
    found = OrderedDict()
    for topic in TOPICS:
        for section in _sections(topic)[1:]:
            heading, _, text = section.partition('\n')
            name, _, flags = heading.partition(' ')
            code, advice, remedy = ADVICE.split(text.strip('\n'))
            if name in found:
                raise ValueError('two entries have the name ' + name)
            found[name] = Entry(name, topic, code, advice, remedy, flags)
    return found


def title(topic):
    """Return the first line of a topic."""
    return _sections(topic)[0].strip('# \n')


def _sections(topic):
    with io.open(os.path.join(FOLDER, 'topics', topic + '.txt'), encoding='ascii') as text:
        return [str(section) for section in text.read().split('\n## ')]


def outcomes():
    """Return what was measured: ``{name: {'outcomes': {versions: outcome}, 'remedy': outcome}}``."""
    with io.open(OUTCOMES, encoding='utf-8') as found:
        return json.load(found, object_pairs_hook=OrderedDict)


def expected(table, python):
    """Return the outcome for an interpreter.

    :param table: ``{versions: outcome}``; versions are ``2.7``, ``3.6-3.9``, ``3.10+``, or ``pypy3`` where that differs
        from CPython.
    :param python: a name such as ``py27``, ``py313`` or ``pypy3``.
    :returns: None when the table says nothing about it.
    """
    if python in table:
        return table[python]
    number = version(python)
    for versions, outcome in table.items():
        if versions != 'pypy3' and _covers(versions, number):
            return outcome
    return None


def version(python):
    """Return the version that a name stands for; PyPy's is taken for that of the first Python 3 it could be."""
    return (3, 6) if python == 'pypy3' else (int(python[2]), int(python[3:]))


def _covers(versions, number):
    first, dash, last = versions.rstrip('+').partition('-')
    least = _number(first)
    most = _number(last) if dash else (9, 99) if versions.endswith('+') else least
    return least <= number <= most


def _number(text):
    major, _, minor = text.partition('.')
    return int(major), int(minor)


def tabulate(measured):
    """Make ``{versions: outcome}`` of ``{python: outcome}``: the last range is open, so that a new Python is measured.

    :param measured: every CPython in the order of its version, then ``pypy3`` if it was measured.
    """
    ranges = []
    for python, outcome in measured.items():
        if python == 'pypy3':
            continue
        number = version(python)
        if ranges and ranges[-1][2] == outcome and ranges[-1][0][0] == number[0]:
            ranges[-1][1] = number
        else:
            ranges.append([number, number, outcome])
    table = OrderedDict()
    for index, (first, last, outcome) in enumerate(ranges):
        text = '%d.%d' % first
        if index == len(ranges) - 1:
            text += '+'
        elif last != first:
            text += '-%d.%d' % last
        table[text] = outcome
    if 'pypy3' in measured and measured['pypy3'] != expected(table, 'pypy3'):
        table['pypy3'] = measured['pypy3']
    return table
