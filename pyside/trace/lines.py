"""The calls of Python that the traced programs wrote down: ``inside/pyside_trace_lines.py`` says how they look.

Read next: ``positions.py``.
"""

import bisect
import io
import json
import os
from collections import defaultdict

from pyside.calls import recording

INSIDE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'inside')
# Bytes: one call of Python is at most two lines of JSON, each of a few hundred.
SIZE_OF_A_CALL = 512


class Line(object):
    """One call of a method of Python: ``sock.recv``, with ``arguments`` and ``result`` as text.

    ``raised`` is text where it ended with an exception, ``returned`` None where it never ended.  ``calls`` has the
    :class:`conversation.Event` objects that it made, ``outer`` the Line that it is a part of.
    """

    def __init__(self, found):
        self.process, self.thread = found['process'], found['thread']
        self.entered, self.returned = found['entered'], found.get('returned')
        self.name, self.arguments = found['name'], found['arguments']
        self.result, self.raised = found.get('result'), found.get('raised')
        self.file, self.line, self.function = found['file'], found['line'], found['function']
        self.calls = []
        self.outer = None

    def text(self):
        """Return the call as a program would write it, with its outcome."""
        outcome = 'never returned' if self.returned is None else 'raised ' + self.raised if self.raised else self.result
        return '%s(%s) -> %s' % (self.name, self.arguments, outcome)


def environment(others, path, limit=recording.DEFAULT_LIMIT):
    """Return the environment for a program that may be in Python, or start one.

    :param others: the environment that it has otherwise.
    :param path: an empty file, to which the calls are appended.
    :param limit: how many calls are recorded at the most; a program that spins would fill the disk.
    """
    entries = [INSIDE] + list(filter(None, [others.get('PYTHONPATH')]))
    return dict(others, TRACE_LINES=path, TRACE_LINES_ROOM=str(limit * SIZE_OF_A_CALL),
                PYTHONPATH=os.pathsep.join(entries))


def read(path):
    """Return the :class:`Line` objects of a file, in the order in which they began."""
    found = {}
    with io.open(path, encoding='utf-8') as file:
        for text in file:
            try:
                line = Line(json.loads(text))
            except (ValueError, KeyError):
                continue  # a program that was killed while it wrote
            key = (line.process, line.thread, line.entered, line.name)
            if line.returned is not None or key not in found:
                found[key] = line
    return sorted(found.values(), key=lambda line: line.entered)


def link(lines, events):
    """Give each event the innermost line that it lies in, by time, on its thread; and each line its outer one."""
    threads = defaultdict(list)
    for line in lines:
        threads[line.process, line.thread].append(line)
    starts = {}
    for key, found in threads.items():
        starts[key] = [line.entered for line in found]
        open_lines = []
        for line in found:
            while open_lines and not _inside(line.entered, open_lines[-1]):
                open_lines.pop()
            line.outer = open_lines[-1] if open_lines else None
            open_lines.append(line)
    for event in events:
        key = (event.process, event.thread)
        if key not in threads:
            continue
        at = bisect.bisect_right(starts[key], event.entered) - 1
        line = threads[key][at] if at >= 0 else None
        while line is not None and not _inside(event.entered, line):
            line = line.outer
        if line is not None:
            event.line = line
            line.calls.append(event)


def _inside(time, line):
    return line.entered <= time and (line.returned is None or time <= line.returned)
