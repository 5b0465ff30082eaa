"""Runs the entries' code, each piece in a fresh interpreter, several at a time.

Read next: ``entries.py``.
"""

import os
import subprocess
import threading

from pyside.ledger.entries import FOLDER

PROBE = os.path.join(FOLDER, 'probe.py')
SECONDS = 30
# What an outcome must not depend on.
FORGOTTEN = [
    'PYTHONPATH', 'PYTHONHOME', 'PYTHONIOENCODING', 'PYTHONUTF8', 'PYTHONWARNINGS', 'PYTHONUNBUFFERED',
    'LC_ALL', 'LC_CTYPE', 'LANG']


def measure(python, code, flags='', plainly=False):
    """Return what came of a piece of code.

    :param python: the path of an interpreter.
    :param flags: of the interpreter; Python 2 has no ``-bb`` that would change anything.
    :param plainly: show bytes and text in one way for all versions.
    :returns: one line of text.
    """
    # On Python 3.6 and 3.7 the C locale would be coerced, or not; what is measured is the ordinary one.
    environment = {name: value for name, value in os.environ.items() if name not in FORGOTTEN}
    environment['LC_ALL'] = 'C.UTF-8'
    words = [python] + flags.split() + [PROBE] + ['--plain'] * plainly
    process = subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, close_fds=True)
    timer = threading.Timer(SECONDS, process.kill)
    timer.start()
    try:
        said, errors = process.communicate(code.encode('utf-8'))
    finally:
        timer.cancel()
    return (said or b'nothing: ' + errors[-200:]).decode('utf-8').rstrip('\n')
