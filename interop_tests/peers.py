"""The peers: one row for each, known to the suite only through the peer contract (docs/peer-contract.md).

To bring a peer of your own, add a row, or leave the table alone and say
``--peer 'mine=node mine.js {role}'``.  ``{role}`` becomes ``server``,
``client`` or ``list``; where it is only a part of a word, as for the programs
in C, ``list`` follows the server's word instead.
"""

import glob
import os
import re
import shlex
import subprocess
import sys
from collections import namedtuple

from interop_tests.process import ROOT, Overdue, Process

# ours: whether it comes with the suite; a peer that somebody brings is the first to be suspected.
Peer = namedtuple('Peer', 'name command ours')
Peer.__new__.__defaults__ = (False,)

C_BUILD = os.environ.get('C_BUILD')

PEERS = [
    Peer('c', 'c_ref/build/%s/bin/{role}' % C_BUILD if C_BUILD else 'c_ref/bin/{role}', True),
    Peer('perl', 'perl interop_tests/guest_peers/peer.pl {role}', True),
    Peer('node', 'node interop_tests/guest_peers/peer.js {role}', True),
]
PYTHON = '%s -m pyside {role}'
VIA_CFFI = PYTHON + ' --via cffi'

PYTHON_NAMES = ['python2.7'] + ['python3.%d' % minor for minor in range(6, 21)] + ['pypy3', 'python3']
# Names that stand for a CPython, and where it is among them.
ENDS = {'oldest': 0, 'newest': -1}
LIST_SECONDS = 15
LISTED = re.compile(r'(server |client )?(protocol|format|model|family|type) \S+\Z')
ASK_NAME = (
    'import sys, platform\n'
    'cpython = platform.python_implementation() == "CPython"\n'
    'version = sys.version_info\n'
    'print("py%d%d" % version[:2] if cpython else "pypy%d" % version[0])\n'
    'print("%d %d %d %d" % (cpython, version[0], version[1], version[2]))')


def startable(rows):
    """Return the rows that this machine can start, and the names of the others.

    A guest is absent where its language is not installed.  A program in a folder, such as those in C, is never
    absent: when it is missing, somebody forgot to build it, and that is an error.
    """
    found = [peer for peer in rows if _is_installed(shlex.split(peer.command)[0])]
    return found, [peer.name for peer in rows if peer not in found]


def _is_installed(program):
    folders = os.environ.get('PATH', os.defpath).split(os.pathsep)
    return os.path.dirname(program) or any(os.access(os.path.join(folder, program), os.X_OK) for folder in folders)


def command(peer, role):
    """Return a peer's command for ``server``, ``client`` or ``list``, as words."""
    words = shlex.split(peer.command)
    if role == 'list' and '{role}' not in words:
        return [word.replace('{role}', 'server') for word in words] + ['list']
    return [word.replace('{role}', role) for word in words]


class CannotList(Exception):
    """A peer's ``list`` failed, said nothing, or could not be started: an error of the run, never "unsupported"."""


def abilities(peer, role):
    """Return the set of lines that a peer lists for a role, ``server`` or ``client``.

    :raises CannotList: with the command, how it ended and what was on standard error.
    """
    if peer not in _lists:
        _lists[peer] = _ask_list(peer)
    other = 'client ' if role == 'server' else 'server '
    mine = role + ' '
    lines = [line for line in _lists[peer] if not line.startswith(other)]
    return {line[len(mine):] if line.startswith(mine) else line for line in lines}


_lists = {}


def _ask_list(peer):
    words = command(peer, 'list')
    asked = 'peer %s: %s' % (peer.name, ' '.join(words))
    try:
        process = Process(words)
    except OSError as error:
        raise CannotList('%s cannot be started: %s' % (asked, error.strerror))
    try:
        process.close_input()
        lines = process.read_to_end(LIST_SECONDS).decode('utf-8', 'replace').splitlines()
        status = process.wait(LIST_SECONDS)
    except Overdue:
        raise CannotList('%s did not end within %d s' % (asked, LIST_SECONDS))
    finally:
        process.kill()
    if status or not lines:
        raise CannotList('%s listed %d lines and ended with status %d; on standard error: %s' % (
            asked, len(lines), status, process.errors.strip() or 'nothing'))
    for line in lines:
        if not LISTED.match(line):
            raise CannotList('%s listed %r; expected lines such as "protocol echo", "server format u8"' % (
                asked, str(line[:80])))
    return lines


def known():
    """Return what was asked so far of interpreters and peers, for another process of the same run: plain lists."""
    return [list(_answers.items()), [[list(peer), lines] for peer, lines in _lists.items()]]


def know(found):
    """Take what another process of the same run has asked; see :func:`known`."""
    answers, lists = found
    _answers.update((path, answer and (answer[0], tuple(answer[1]))) for path, answer in answers)
    _lists.update((Peer(*peer), lines) for peer, lines in lists)


def models(peer):
    """Return the names of a peer's I/O models."""
    return sorted(line.split()[1] for line in abilities(peer, 'server') if line.startswith('model '))


def this_python():
    """Return the rows for the interpreter that runs the suite: its own sessions, and those in C."""
    name = _ask(sys.executable)[0]
    return [Peer(name, PYTHON % sys.executable, True), Peer(name + '-cffi', VIA_CFFI % sys.executable, True)]


def all_pythons():
    """Return a row for each version of Python that the machine has, oldest first."""
    found = {}
    for path in [sys.executable] + list(_candidates()):
        answer = _ask(path)
        if answer is not None:
            name, version = answer
            found.setdefault(name, (version, Peer(name, PYTHON % path, True)))
    return [peer for _, peer in sorted(found.values())]


def newest_python():
    """Return the row of the newest CPython."""
    return _cpythons()[ENDS['newest']]


def named(text):
    """List the names in the value of an option; ``oldest`` and ``newest`` stand for the CPythons that they are here."""
    return [_cpythons()[ENDS[name]].name if name in ENDS else name for name in text.split(',') if name]


def _cpythons():
    return [peer for peer in all_pythons() if not peer.name.startswith('pypy')]


_answers = {}


def _candidates():
    """Yield the paths of interpreters.

    pyenv's commands on PATH are shims that answer for one version only, and slowly: its versions are looked up
    where they are instead.
    """
    pyenv = os.path.expanduser(os.environ.get('PYENV_ROOT', '~/.pyenv'))
    folders = os.environ.get('PATH', '').split(os.pathsep) + sorted(glob.glob(pyenv + '/versions/*/bin'))
    for folder in folders:
        if folder == pyenv + '/shims':
            continue
        for name in PYTHON_NAMES:
            path = os.path.join(folder, name)
            if os.access(path, os.X_OK):
                yield path


def _ask(path):
    """Ask an interpreter its name and version; None for what is none, such as a shim for an absent version."""
    target = os.path.realpath(path)
    if os.path.basename(target).startswith(('python', 'pypy')):
        path = target  # python3 is mostly another name of python3.11, and need not be asked, too
    if path not in _answers:
        _answers[path] = _ask_again(path)
    return _answers[path]


def _ask_again(path):
    process = subprocess.Popen(
        [path, '-c', ASK_NAME], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, close_fds=True)
    lines = process.communicate()[0].decode('ascii', 'replace').splitlines()
    if process.returncode or len(lines) != 2:
        return None
    return lines[0], tuple(int(number) for number in lines[1].split())
