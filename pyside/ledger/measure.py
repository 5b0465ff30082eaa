"""Runs the entries' code, each piece in a fork of an interpreter that has run nothing before.

Read next: ``entries.py``.
"""

import os
import subprocess
import tempfile
import threading

from pyside.ledger.entries import FOLDER
from pyside.ledger.probe import END

PROBE = os.path.join(FOLDER, 'probe.py')
SECONDS = 30
# What an outcome must not depend on.
FORGOTTEN = [
    'PYTHONPATH', 'PYTHONHOME', 'PYTHONIOENCODING', 'PYTHONUTF8', 'PYTHONWARNINGS', 'PYTHONUNBUFFERED',
    'LC_ALL', 'LC_CTYPE', 'LANG']


def measure(python, code, flags='', plainly=False, family='inet'):
    """Return what came of a piece of code.

    :param python: the path of an interpreter.
    :param flags: of the interpreter; Python 2 has no ``-bb`` that would change anything.
    :param plainly: show bytes and text in one way for all versions.
    :param family: of the sockets a and b, ``inet`` or ``unix``.
    :returns: one line of text.
    """
    with _lock:
        probe = _probes.get((python, flags))
        if probe is None:
            probe = _probes[python, flags] = _Probe(python, flags)
    return probe.ask(code, (b'plain' if plainly else b'typed') + (b'-unix' if family == 'unix' else b''))


_probes = {}
_lock = threading.Lock()


class _Probe(object):
    """An interpreter that forks for each piece of code."""

    def __init__(self, python, flags):
        self._words = [python] + flags.split() + [PROBE]
        self._lock = threading.Lock()
        self._errors = tempfile.TemporaryFile()
        self._process = None

    def ask(self, code, kind):
        data = code.encode('utf-8')
        with self._lock:
            if self._process is None:
                self._start()
            self._errors.truncate(0)
            process = self._process
            timer = threading.Timer(SECONDS, process.kill)
            timer.start()
            try:
                process.stdin.write(b'%s %d\n' % (kind, len(data)) + data)
                said = self._answer()
            finally:
                timer.cancel()
            self._errors.seek(0)
            return (said or b'nothing: ' + self._errors.read()[-200:]).decode('utf-8').rstrip('\n')

    def _answer(self):
        said = b''
        while not said.endswith(END):
            data = os.read(self._process.stdout.fileno(), 65536)
            if not data:
                self._process.wait()
                self._process = None
                return said
            said += data
        return said[:-len(END)]

    def _start(self):
        # On Python 3.6 and 3.7 the C locale would be coerced, or not; what is measured is the ordinary one.
        environment = {name: value for name, value in os.environ.items() if name not in FORGOTTEN}
        environment['LC_ALL'] = 'C.UTF-8'
        self._process = subprocess.Popen(
            self._words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, env=environment,
            bufsize=0, close_fds=True)
