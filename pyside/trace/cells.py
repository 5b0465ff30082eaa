"""A cell of the suite's matrix as two commands to be traced: ``py27-to-c/frame-u8/inet/length-255``.

The suite is needed for this alone, and only from a checkout.
"""

import os
import shutil
import tempfile
from contextlib import contextmanager

from pyside.wire.errors import UsageError

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SHAPE = 'CLIENT-to-SERVER/PROTOCOL[-FRAMING]/TRANSPORT/CASE, such as py311-to-c/frame-u8/inet/length-255'


@contextmanager
def prepared(name):
    """Make what a cell needs; a context.

    :param name: as the suite prints it.
    :returns: the words of the server and of the client, a file with what the client reads, the framing or None.
    :raises UsageError: when there is no such cell.
    """
    try:
        from interop_tests import cases, matrix, peers
    except ImportError:
        raise UsageError('--cell needs the suite: run it in the folder that has interop_tests')
    client, server, protocol, framing, transport, case = _parts(name, cases, peers)
    folder = tempfile.mkdtemp(prefix='trace-cell-')
    try:
        options = [protocol] + cases.transport_options(transport) + (['--format', framing] if framing else [])
        is_unix = transport.startswith('unix')
        here = ['--path', os.path.join(folder, 's')] if is_unix else ['--port', '0']
        there = ['--path', '{path}'] if is_unix else ['--host', '{host}', '--port', '{port}']
        given = os.path.join(folder, 'input')
        with open(given, 'wb') as file:
            file.write(cases.lines(cases.messages_of(cases.CASES[case], protocol)))
        with open(given, 'rb') as stdin:
            yield (_absolute(matrix.command(server, 'server')) + options + here,
                   _absolute(matrix.command(client, 'client')) + options + there + ['--hex'], stdin, framing)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _parts(name, cases, peers):
    words = name.split('/')
    pair = words[0].split('-to-')
    if len(words) != 4 or len(pair) != 2:
        raise UsageError('--cell must be %s, not %s' % (SHAPE, name))
    protocol, _, framing = words[1].partition('-')
    if protocol not in cases.PROTOCOL_FORMATS or (framing or '-') not in cases.PROTOCOL_FORMATS[protocol]:
        raise UsageError('--cell %s: no protocol and framing %s' % (name, words[1]))
    if words[2] not in cases.TRANSPORTS[protocol]:
        raise UsageError('--cell %s: no transport %s' % (name, words[2]))
    if words[3] not in cases.CASES:
        raise UsageError('--cell %s: no case %s; there are %s' % (name, words[3], ', '.join(cases.CASES)))
    rows = {peer.name: peer for peer in peers.PEERS + peers.this_python()}
    if not set(pair) <= set(rows):
        rows.update((peer.name, peer) for peer in peers.all_pythons())
    for one in pair:
        if one not in rows:
            raise UsageError('--cell %s: no peer %s; there are %s' % (name, one, ', '.join(sorted(rows))))
    return [rows[one] for one in pair] + [protocol, framing or None, words[2], words[3]]


def _absolute(words):
    """Return a command that works in any folder, when the program is one of the project's."""
    path = os.path.join(ROOT, words[0])
    return [path if '/' in words[0] and os.path.exists(path) else words[0]] + words[1:]
