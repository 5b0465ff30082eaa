"""The entries of the ledger, and the versions that their outcomes are about.

::

    ## send-str                           the name, and flags of the interpreter, such as -bb
    === Porters expect that 3 changed it. why it is here, when all versions do the same
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
          'environment', 'addresses', 'decoding', 'wrapping', 'systems', 'removed']

# One line in front of the code, where all versions do the same.
HERE = re.compile(r'\A=== (.*)\n')
# One line between the code and the remedy.
ADVICE = re.compile(r'\n--- (.*)\n')

# name: unique.  code: lines, the last of which is an expression.  advice: one sentence, what to write on all
# versions.  remedy: that, as code.  flags: of the interpreter, such as -bb.  here: why it is here, one sentence where
# all versions do the same, and empty otherwise.
Entry = namedtuple('Entry', 'name topic code advice remedy flags here')


def entries():
    """Return ``{name: Entry}`` in the order of the topics."""
    found = OrderedDict()
    for topic in TOPICS:
        for section in _sections(topic)[1:]:
            heading, _, text = section.partition('\n')
            name, _, flags = heading.partition(' ')
            text = text.strip('\n')
            here = HERE.match(text)
            code, advice, remedy = ADVICE.split(text[here.end():] if here else text)
            if name in found:
                raise ValueError('two entries have the name ' + name)
            found[name] = Entry(name, topic, code, advice, remedy, flags, here.group(1) if here else '')
    return found


def title(topic):
    """Return the first line of a topic."""
    return _sections(topic)[0].strip('# \n')


def _sections(topic):
    with io.open(os.path.join(FOLDER, 'topics', topic + '.txt'), encoding='ascii') as text:
        return [str(section) for section in text.read().split('\n## ')]


def outcomes():
    """Return what was measured: ``{name: {'outcomes': {versions: outcome}, 'remedy': outcome}}``.

    Where a and b do something else over AF_UNIX than over TCP, there is ``'unix': {versions: outcome}`` too.
    """
    return _recording()['entries']


def pythons_measured():
    """Return the names of the interpreters on which that was measured, the oldest first."""
    return list(releases_measured())


def releases_measured():
    """Return ``{name: release}`` of the interpreters on which that was measured: ``{'py27': '2.7.18'}``."""
    return _recording()['pythons']


def _recording():
    with io.open(OUTCOMES, encoding='utf-8') as found:
        return json.load(found, object_pairs_hook=OrderedDict)
