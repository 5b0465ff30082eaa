"""What is recorded for each kind of program: C, Python 2, Python 3, and PyPy where that differs."""

import platform
import sys
from collections import OrderedDict

NAMES = OrderedDict([('python2', 'Python 2'), ('python3', 'Python 3'), ('pypy', 'PyPy 3'), ('c', 'C')])


def kind_of(language):
    """Return the kind of this interpreter, or of C."""
    if language == 'c':
        return 'c'
    return 'pypy' if platform.python_implementation() == 'PyPy' else 'python%d' % sys.version_info[0]


def expected(found, kind):
    """Return what was recorded for a kind; PyPy has its own only where it differs from CPython."""
    return found.get(kind) or (found.get('python3') if kind == 'pypy' else None)
