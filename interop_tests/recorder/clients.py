"""The clients in C and in Python, side by side: what each of them called for the same two messages.

``clients.json`` holds what was recorded, by version of Python as the map does; ``docs/two-clients.md`` shows it.
"""

import io
import json
import os
import sys
from collections import OrderedDict
from difflib import SequenceMatcher

from interop_tests import peers
from interop_tests.process import ROOT
from interop_tests.programs import Server
from pyside.calls import normal, running
from pyside.calls.callmap.outcomes import label
from pyside.ledger.versions import in_order, name_of, widened

RECORDED = os.path.join(ROOT, 'interop_tests', 'recorder', 'clients.json')
PAGE = os.path.join(ROOT, 'docs', 'two-clients.md')
PROTOCOLS = ['echo', 'frame', 'count']
MESSAGES = b'hello\nworld\n'
SECONDS = 20
HEAD = u"""\
<!-- python -m interop_tests.recorder clients makes this page -->

# Two clients, call by call

The client in C ([client.c](../c_ref/programs/client.c)) and the one in Python
([client.py](../pyside/programs/client.py)) were given the same two lines, `hello` and `world`, and
[the recorder](recorder.md) wrote down what each of them called. Descriptors and ports have names here. What Python
calls besides turns addresses into bytes and text; what it leaves out, it has
asked the kernel for in one call: `SOCK_CLOEXEC`, `FIONBIO`. `poll` is left out of what other versions call instead:
whether an answer is there before the end of the input is a race, and the order of what is polled was free in 2.7.

Do it yourself: `python3 -m pyside calls -- c_ref/bin/client echo --port 7000`, and the same with any other program.
"""


def record(command, protocol):
    """Return the normal lines of a client's calls, from its first of its own on; an interpreter makes some before.

    :param command: the words before the protocol.
    """
    server = Server(peers.PEERS[0], protocol, '-', 'inet', SECONDS)
    try:
        status, output, errors, _, calls = running.record(
            command + [protocol] + server.where, data=MESSAGES, folder=ROOT)
    finally:
        server.stop(SECONDS)
    if status != 0:
        raise AssertionError('%s: exit status %d: %s' % (command, status, errors))
    own = [call.name for call in calls].index('getaddrinfo')
    return normal.lines(calls[own:], {'0': 'stdin'})


def of_python(python, protocol):
    return record([python, '-m', 'pyside', 'client'], protocol)


def of_c(protocol):
    return record(peers.command(peers.PEERS[0], 'client'), protocol)


def essential(lines):
    """Leave out poll: whether an answer is there before the end of input is a race."""
    return [line for line in lines if not line.startswith(('poll(', 'ppoll('))]


def recorded():
    """Return what was recorded: ``{protocol: {'python': {versions: lines}, 'c': lines}}``."""
    return _recording()['clients']


def interpreters():
    """Return the names of the interpreters on which it was recorded, the oldest first."""
    return _recording()['pythons']


def _recording():
    with io.open(RECORDED, encoding='utf-8') as file:
        return json.load(file, object_pairs_hook=OrderedDict)


def write_recording(pythons, add=False):
    """Record the clients again.

    :param pythons: paths of interpreters.
    :param add: keep what was recorded on others.
    """
    known, before = (interpreters(), recorded()) if add else ([], {})
    names = [name_of(python) for python in pythons]
    clients = OrderedDict()
    for protocol in PROTOCOLS:
        table = before.get(protocol, {}).get('python', {})
        # What is a race has to be the same in all of them, or each version would stand for itself.
        seen = {_kind(lines): lines for lines in table.values()}
        by_python = {}
        for name, python in zip(names, pythons):
            lines = of_python(python, protocol)
            by_python[name] = seen.setdefault(_kind(lines), lines)
        clients[protocol] = OrderedDict([('python', widened(table, known, by_python)), ('c', of_c(protocol))])
    found = OrderedDict([('pythons', in_order(set(known) | set(names))), ('clients', clients)])
    with io.open(RECORDED, 'w', encoding='utf-8') as file:
        file.write(json.dumps(found, indent=1, separators=(',', ': ')) + u'\n')


def page():
    """Return the page."""
    text = HEAD
    for protocol, found in recorded().items():
        versions = list(found['python'].items())
        newest, lines = [row for row in versions if row[0] != 'pypy3'][-1]
        text += u'\n## %s\n\n| C | %s |\n|---|---|\n' % (protocol, label(newest))
        text += u''.join(u'| %s | %s |\n' % (code(one), code(other)) for one, other in aligned(found['c'], lines))
        for version, other in versions:
            changes = u'\n'.join(differences(essential(lines), essential(other)))
            if changes:
                text += u'\n%s instead:\n\n```diff\n%s\n```\n' % (label(version), changes)
    return text


def aligned(one, other):
    """Put two lists of calls side by side, the same functions in the same lines; None where one has nothing."""
    names, other_names = [[_function(line) for line in lines] for lines in (one, other)]
    matcher = SequenceMatcher(None, names, other_names, autojunk=False)
    for kind, begin, end, other_begin, other_end in matcher.get_opcodes():
        left, right = one[begin:end], other[other_begin:other_end]
        if kind == 'equal':
            for pair in zip(left, right):
                yield pair
            continue
        for line in left:
            yield line, None
        for line in right:
            yield None, line


def differences(lines, other):
    """List the calls that differ, as diff does."""
    matcher = SequenceMatcher(None, lines, other, autojunk=False)
    for kind, begin, end, other_begin, other_end in matcher.get_opcodes():
        if kind != 'equal':
            for line in lines[begin:end]:
                yield u'- ' + line
            for line in other[other_begin:other_end]:
                yield u'+ ' + line


def _kind(lines):
    """Return what is the same in recordings of one kind: the functions, and how often those are called that matter."""
    return tuple(essential(lines)), frozenset(_function(line) for line in lines)


def _function(line):
    """Return the name of the function; accept4 is accept with flags."""
    name = line.partition('(')[0]
    return 'accept' if name == 'accept4' else name


def code(line):
    """Return a call as a cell of a table, empty for None."""
    return u'' if line is None else u'`%s`' % line.replace(u'|', u'\\|')


def main(pythons, add=False):
    if pythons:
        write_recording(pythons, add)
    with io.open(PAGE, 'w', encoding='utf-8') as file:
        file.write(page())
    sys.stdout.write('%s\n' % PAGE)
