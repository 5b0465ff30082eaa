"""Starts the checker, which needs mypy and fissix, on a Python that has them: this one, or that of ``.venv``.

Read next: ``checking/__init__.py``.
"""

import json
import os
import subprocess
import sys

from pyside.ledger.checking.usage import HELP
from pyside.ledger.entries import FOLDER
from pyside.wire.errors import EXIT_OK, EXIT_USAGE

ROOT = os.path.dirname(os.path.dirname(FOLDER))
VENV = os.path.join(ROOT, '.venv', 'bin', 'python')
COMMAND = ['-m', 'pyside.ledger', 'check']
NEEDS = 'import sys, mypy.build, fissix; sys.exit(sys.version_info < (3, 10))'


def main(words):
    """Check files; return the exit status: 0 nothing found, 1 found, 2 usage, or a file that could not be checked."""
    if '--help' in words or '-h' in words:
        sys.stdout.write(HELP)
        return EXIT_OK
    if _has_all():
        from pyside.ledger.checking import command
        return command.main(words)
    if _runs(VENV):
        return subprocess.call([VENV] + COMMAND + list(words), env=dict(os.environ, PYTHONPATH=ROOT))
    sys.stderr.write(
        'ledger: check needs mypy and fissix, and Python 3.10 or newer: run make %s, or pip install -r %s\n' % (
            os.path.join('.venv', 'ready'), os.path.join('interop_tests', 'requirements.txt')))
    return EXIT_USAGE


def found_in(paths):
    """Return what is found in files, as ``--format json`` lists it; nothing where no Python here runs the checker."""
    python = sys.executable if _has_all() else VENV if _runs(VENV) else None
    if not paths or python is None:
        return []
    with open(os.devnull, 'w') as nowhere:
        checker = subprocess.Popen(
            [python] + COMMAND + ['--format', 'json', '--'] + list(paths), env=dict(os.environ, PYTHONPATH=ROOT),
            stdout=subprocess.PIPE, stderr=nowhere)
        said = checker.communicate()[0].decode('utf-8')
    return json.loads(said)['findings'] if said else []


def _has_all():
    if sys.version_info < (3, 10):
        return False
    try:
        import fissix
        import mypy.build
    except ImportError:
        return False
    return bool(fissix and mypy.build)


def _runs(python):
    """Tell whether there is such a Python, other than this one, and it has all."""
    if not os.path.exists(python) or os.path.abspath(sys.executable) == os.path.abspath(python):
        return False
    with open(os.devnull, 'w') as nowhere:
        return subprocess.call([python, '-c', NEEDS], stdout=nowhere, stderr=nowhere) == 0
