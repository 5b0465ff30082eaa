"""The rows of the map: one for each call of Python's socket API, as ``rows/*.txt`` has them.

::

    ## recv                                       the name
    python: recv(bufsize[, flags]) -> bytes       its signature; several lines where versions differ
    calls: ssize_t recv(int, ...);  recv(2)        what is called: the examples' recordings show it
    c: int htons(uint16_t);  byteorder(3)         what C has instead, and Python does not call
    adds: ...                                     what Python adds or hides; continued lines are indented
    errors: EAGAIN ECONNRESET                     what it fails with, besides what every call on a descriptor may say
    differs: ...                                  between versions
    read: net/netio iomodels/polling                  the files here, in both languages, that do it

    ### what has arrived                          an example, of which a row may have several
    a, b = connected()                            what has to be there first
    ---
    show(a.recv(5))                               what the row is about
    --- C
    connected(&a, &b);                            the same in C
    ---
    show_bytes(data, recv(a, data, 5, 0));

Examples run on a stage (``stage.py``, ``c_ref/calls/callmap/stage.c``), which makes sockets and shows results.
Read next: ``rows/data.txt``, ``measure.py``.
"""

import io
import json
import os
import re
from collections import OrderedDict, namedtuple

FOLDER = os.path.dirname(os.path.abspath(__file__))
RECORDED = os.path.join(FOLDER, 'recorded.json')
# In the order in which they are told.
SECTIONS = ['making', 'serving', 'connecting', 'transferring', 'waiting', 'asking', 'ending', 'naming', 'others']
FIELDS = ['python', 'calls', 'c', 'adds', 'errors', 'differs', 'read']

FIELD = re.compile(r'^(%s):\s*' % '|'.join(FIELDS))
# int socket(int domain, int type, int protocol);  socket(2)
PROTOTYPE = re.compile(r'^(.*\b(\w+)\(.*\);)\s+(\w+)\((\w+)\)$')

# name: unique.  python, calls, c, differs ...: lists of lines.  examples: a list of Example.
Row = namedtuple('Row', 'name section ' + ' '.join(FIELDS) + ' examples')

# name: of its row, and what it shows.  python, c: code; c is None where C has no such thing.
Example = namedtuple('Example', 'name title python c')


def rows():
    """Return ``{name: Row}`` in the order in which they are told."""
    found = OrderedDict()
    for section in SECTIONS:
        for text in _parts(section)[1:]:
            row = _row(section, text)
            if row.name in found:
                raise ValueError('two rows have the name ' + row.name)
            found[row.name] = row
    return found


def title(section):
    """Return the first line of a section."""
    return _parts(section)[0].strip('# \n')


def examples():
    """Return ``{name: Example}`` of all rows."""
    return OrderedDict((example.name, example) for row in rows().values() for example in row.examples)


def recorded():
    """Return what was recorded: ``{example: {'python': {versions: outcome}, 'c': outcome}}``."""
    return _recording()['examples']


def interpreters():
    """Return the names of the interpreters on which it was recorded, the oldest first."""
    return _recording()['pythons']


def _recording():
    with io.open(RECORDED, encoding='utf-8') as found:
        return json.load(found, object_pairs_hook=OrderedDict)


def functions(prototypes):
    """Return the names of the functions that prototypes declare, in their order."""
    return [PROTOTYPE.match(line).group(2) for line in prototypes]


def called(calls):
    """Return the names of the functions of recorded calls, each once, in their order."""
    return list(OrderedDict.fromkeys(line.partition('(')[0] for line in calls))


def _parts(section):
    with io.open(os.path.join(FOLDER, 'rows', section + '.txt'), encoding='ascii') as text:
        return [str(part) for part in text.read().split('\n## ')]


def _row(section, text):
    parts = text.split('\n### ')
    name, _, head = parts[0].partition('\n')
    fields = {field: [] for field in FIELDS}
    current = None
    for line in head.strip('\n').split('\n'):
        match = FIELD.match(line)
        if match:
            current = fields[match.group(1)]
            current.append(line[match.end():])
        else:
            current[-1] += ' ' + line.strip()
    examples = [_example(name, part) for part in parts[1:]]
    return Row(name=name, section=section, examples=examples, **fields)


def _example(row, part):
    heading, _, code = part.partition('\n')
    python, _, c = code.partition('\n--- C\n')
    return Example('%s: %s' % (row, heading), heading, python.strip('\n'), c.strip('\n') or None)
