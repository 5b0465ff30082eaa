"""A cell of the suite's matrix as two commands to be traced: ``py27-to-c/frame-u8/inet/length-255``.

The suite is asked what a cell is, as a program: it stands on top of this package, and may not be there.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager

from pyside.wire.errors import UsageError

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


@contextmanager
def prepared(name):
    """Make what a cell needs; a context.

    :param name: as the suite prints it.
    :returns: the words of the server and of the client, a file with what the client reads, the framing or None.
    :raises UsageError: when there is no such cell.
    """
    cell = _ask(name)
    folder = tempfile.mkdtemp(prefix='trace-cell-')
    try:
        is_unix = cell['transport'].startswith('unix')
        here = ['--path', os.path.join(folder, 's')] if is_unix else ['--port', '0']
        there = ['--path', '{path}'] if is_unix else ['--host', '{host}', '--port', '{port}']
        given = os.path.join(folder, 'input')
        with open(given, 'wb') as file:
            file.write(cell['input'].encode('ascii'))
        with open(given, 'rb') as stdin:
            yield (_absolute(cell['server']) + here, _absolute(cell['client']) + there + ['--hex'], stdin,
                   cell['framing'])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _ask(name):
    if not os.path.isdir(os.path.join(ROOT, 'interop_tests')):
        raise UsageError('--cell needs the suite, interop_tests beside pyside')
    suite = subprocess.Popen(
        [sys.executable, '-m', 'interop_tests', 'cell', name], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    said, errors = [data.decode('utf-8', 'replace') for data in suite.communicate()]
    if suite.returncode:
        raise UsageError('--cell %s' % (errors.strip().splitlines() or ['the suite did not answer'])[-1])
    return json.loads(said)


def _absolute(words):
    """Return a command that works in any folder, when the program is one of the project's."""
    path = os.path.join(ROOT, words[0])
    return [path if '/' in words[0] and os.path.exists(path) else words[0]] + words[1:]
