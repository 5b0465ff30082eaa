"""The clients that are compared: each sends every line of its input as a frame, and prints what comes back."""

import os
import sys
from collections import namedtuple

from interop_tests import peers
from interop_tests.bench.servers import MAX_FRAME, RIVALS, other_pythons

# key: its name in results and options.  label: for people.  words: its command, to which the port is added.
# ours: whether it is of this project.
Client = namedtuple('Client', 'key label words ours')


def clients():
    """List the rows whose programs are here."""
    this = peers.this_python()[0]
    version = '%d.%d' % sys.version_info[:2]
    rows = [
        _rival('client-blocking', 'blocking socket, sendall and recv', 'client_blocking.py'),
        _rival('client-streams', 'asyncio streams, readexactly', 'client_streams.py'),
        _ours('client-c', 'ours, C', peers.PEERS[0]),
        _ours('client-python', 'ours, Python ' + version, this)]
    rows += [_ours('client-cffi', 'ours, C sessions through cffi', peer)
             for peer in peers.this_python() if 'cffi' in peer.name][:1]
    return rows + [_ours('client-' + peer.name, 'ours, ' + label, peer) for peer, label in other_pythons()]


def _rival(key, label, file):
    return Client(key, label, [sys.executable, os.path.join(RIVALS, file)], False)


def _ours(key, label, peer):
    words = peers.command(peer, 'client') + ['frame', '--format', 'u32be', '--max-frame', MAX_FRAME, '--port']
    return Client(key, label, words, True)
