"""Runs an example under the recorder, and says what was called, what was shown and what was raised.

Read next: ``stage.py``, ``twins.py``.
"""

import os
from collections import OrderedDict

from pyside.calls import normal, running
from pyside.calls.callmap.rows import FOLDER

STAGE = os.path.join(FOLDER, 'stage.py')
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(FOLDER)))
MARK = ('close', '-1')


class Failed(Exception):
    """An example did not come to its end."""


def in_python(python, example):
    """Return what came of an example: ``{'calls': [...], 'shows': [...], 'raises': name or None}``.

    :param python: the path of an interpreter.
    :raises Failed: when the stage itself failed.
    """
    return _measure([python, STAGE], example, example.python.encode('ascii'))


def in_c(program, example):
    """Return the same of the example in C; a C program raises nothing.

    :param program: what :func:`pyside.calls.callmap.twins.build` made.
    """
    return _measure([program, example.name], example, b'')


def _measure(command, example, data):
    environment = {name: value for name, value in os.environ.items() if not name.startswith('PYTHON')}
    status, output, errors, _, calls = running.record(command, data=data, environment=environment, folder=ROOT)
    if status != 0:
        raise Failed('%s: %s ended with %d: %s' % (example.name, command[0], status, errors.decode('utf-8', 'replace')))
    said = [line.split(' ', 1) for line in output.decode('ascii').splitlines()]
    # The name that came first: one that is closed and made again under another name is rare.
    names = {fd: str(name) for name, fd in reversed([text.split(' ') for kind, text in said if kind == 'name'])}
    raised = [str(text) for kind, text in said if kind == 'raises']
    return OrderedDict([
        ('calls', normal.lines(_between_marks(calls), names)),
        ('shows', [str(text) for kind, text in said if kind == 'show']),
        ('raises', raised[0] if raised else None)])


def _between_marks(calls):
    """Return the calls of the thread that set the marks, between the first and the last."""
    marks = [index for index, call in enumerate(calls) if _is_mark(call)]
    if len(marks) != 2:
        raise Failed('%d marks instead of 2' % len(marks))
    first, last = marks
    mine = (calls[first].process, calls[first].thread)
    return [call for call in calls[first + 1:last] if (call.process, call.thread) == mine]


def _is_mark(call):
    return (call.name, call.arguments.lstrip('\x01')) == MARK
