"""The servers that are compared.

A row is a peer whose command is run as the peer contract says; the rivals take no notice of its options.
"""

import importlib.util
import os
import sys
from collections import namedtuple

from interop_tests import peers
from interop_tests.compiling import build
from interop_tests.peers import Peer

MAX_FRAME = str(32 * 1024 * 1024)
MODELS = ['poll', 'select', 'thread']
RIVALS = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'rivals')

# key: its name in results and options.  label: for people.  peer: a row as the suite has it.  extra: more options.
# ours: whether it is of this project.  usual: it takes part in loads that name nobody.
Server = namedtuple('Server', 'key label peer extra ours usual')
Server.__new__.__defaults__ = (True,)


def answering():
    """Return the row that clients are measured with: the least there is in C, for which they never wait long."""
    return _rival('raw-c', 'raw C loop, no frames', build([os.path.join(RIVALS, 'raw.c')], ('-O2',)))


def _rival(key, label, command, *extra):
    return Server(key, label, Peer(key, command), list(extra), False)


def _python(file, *words):
    return ' '.join([sys.executable, os.path.join(RIVALS, file)] + list(words))


def _ours(key, label, peer, model, *extra):
    return Server(key, label, peer, ['--model', model] + list(extra), True)


def servers():
    """List the rows whose programs are here, the raw ones first."""
    this = peers.this_python()[0]
    via_cffi = [peer for peer in peers.this_python() if 'cffi' in peer.name]
    version = '%d.%d' % sys.version_info[:2]
    rows = [
        answering(),
        _rival('raw-python', 'raw Python %s loop, no frames' % version, _python('raw.py')),
        _rival('streams', 'asyncio streams, readexactly', _python('streams.py')),
        _rival('by-hand', 'asyncio Protocol, twelve lines', _python('by_hand.py'))]
    if importlib.util.find_spec('twisted'):
        rows.append(_rival('twisted', 'Twisted Int32StringReceiver', _python('by_twisted.py')))
    if importlib.util.find_spec('uvloop'):
        rows.append(_rival('by-hand-uvloop', 'uvloop Protocol, twelve lines', _python('by_hand.py'), 'uvloop'))
    rows += [
        _ours('c', 'ours, C epoll', peers.PEERS[0], 'epoll'),
        _ours('python', 'ours, Python %s epoll' % version, this, 'epoll'),
        _ours('python-asyncio', 'ours, Python %s asyncio' % version, this, 'asyncio')]
    rows += [_ours('python-cffi', 'ours, C sessions through cffi, epoll', peer, 'epoll') for peer in via_cffi[:1]]
    # For loads that name them.
    rows += [_ours(language + '-' + model, 'ours, %s %s' % (shown, model), peer, model)._replace(usual=False)
             for language, shown, peer in (('c', 'C', peers.PEERS[0]), ('python', 'Python ' + version, this))
             for model in MODELS]
    return rows + [_ours(peer.name, 'ours, %s epoll' % label, peer, 'epoll') for peer, label in other_pythons()]


def other_pythons():
    """List the Pythons that are compared with the one that runs, each with its label: the oldest, PyPy, the newest."""
    by_name = {peer.name: peer for peer in peers.all_pythons()}
    names = ['py27', 'py36', 'pypy3', peers.newest_python().name]
    return [(by_name[name], 'PyPy 3' if name == 'pypy3' else 'Python %s.%s' % (name[2], name[3:]))
            for name in names if name in by_name and name != peers.this_python()[0].name]
