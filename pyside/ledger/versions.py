"""Outcomes by the versions of Python that they are about.

::

    {'2.7': 'a', '3.6-3.9': 'b', '3.10+': 'c', 'pypy3': 'd'}

PyPy stands there only where it differs from CPython.  The last range is open,
so that a version that is newer than all that were measured is compared too.
"""

import subprocess
from collections import OrderedDict

NAME = ('import sys, platform; v = sys.version_info; '
        'print("pypy%d" % v[0] if platform.python_implementation() == "PyPy" else "py%d%d" % v[:2])')
RELEASE = 'import platform; print(platform.python_version())'


def name_of(python):
    """Return the name of an interpreter, such as ``py27``, ``py313`` or ``pypy3``.

    :param python: its path.
    """
    return str(subprocess.check_output([python, '-c', NAME]).decode('ascii').strip())


def release_of(python):
    """Return the release of an interpreter, such as ``3.13.0``; of PyPy, the release of Python that it is like.

    :param python: its path.
    """
    return str(subprocess.check_output([python, '-c', RELEASE]).decode('ascii').strip())


def expected(table, python):
    """Return the outcome for an interpreter.

    :param table: ``{versions: outcome}``.
    :param python: a name such as ``py27``, ``py313`` or ``pypy3``.
    :returns: None when the table says nothing about it.
    """
    if python in table:
        return table[python]
    number = version(python)
    for versions, outcome in table.items():
        if versions != 'pypy3' and _covers(versions, number):
            return outcome
    return None


def version(python):
    """Return the version that a name stands for; PyPy's is taken for that of the first Python 3 it could be."""
    return (3, 6) if python == 'pypy3' else (int(python[2]), int(python[3:]))


def _covers(versions, number):
    first, dash, last = versions.rstrip('+').partition('-')
    least = _number(first)
    most = _number(last) if dash else (9, 99) if versions.endswith('+') else least
    return least <= number <= most


def _number(text):
    major, _, minor = text.partition('.')
    return int(major), int(minor)


def in_order(pythons):
    """Return names of interpreters in the order of their versions, ``pypy3`` behind them."""
    return sorted(pythons, key=lambda python: (python == 'pypy3', version(python)))


def widened(table, pythons, measured):
    """Return a table with the outcomes of more interpreters.

    :param pythons: the names of those that the table is about.
    :param measured: ``{python: outcome}``.
    """
    found = dict({python: expected(table, python) for python in pythons}, **measured)
    return tabulate(OrderedDict((python, found[python]) for python in in_order(found)))


def tabulate(measured):
    """Make ``{versions: outcome}`` of ``{python: outcome}``: the last range is open, so that a new Python is measured.

    :param measured: every CPython in the order of its version, then ``pypy3`` if it was measured.
    """
    ranges = []
    for python, outcome in measured.items():
        if python == 'pypy3':
            continue
        number = version(python)
        if ranges and ranges[-1][2] == outcome and ranges[-1][0][0] == number[0]:
            ranges[-1][1] = number
        else:
            ranges.append([number, number, outcome])
    table = OrderedDict()
    for index, (first, last, outcome) in enumerate(ranges):
        text = '%d.%d' % first
        if index == len(ranges) - 1:
            text += '+'
        elif last != first:
            text += '-%d.%d' % last
        table[text] = outcome
    if 'pypy3' in measured and measured['pypy3'] != expected(table, 'pypy3'):
        table['pypy3'] = measured['pypy3']
    return table
