"""Where in its source a program in C made a call: the address behind the call, and addr2line(1) for the rest.

Read next: ``descriptors.py``.
"""

import io
import os
import subprocess
from collections import defaultdict, namedtuple

# line is 0 and file the program where nobody knows more.
Position = namedtuple('Position', 'file line function')
UNKNOWN = '??'


def find(events, objects):
    """Give each event its position, where it is known.

    :param objects: of :class:`pyside.calls.notes.Notes`.
    """
    by_process = defaultdict(list)
    for one in objects:
        by_process[one.process].append(one)
    addresses = {}
    for event in events:
        # The last that was mapped there: a program may have become another one.
        for one in reversed(by_process[event.process]):
            if one.first < event.caller <= one.end:
                # One byte back: the address behind the call may be on the next line.
                addresses[event] = (one.path, event.caller - one.base - 1)
                break
    asked = defaultdict(set)
    for path, address in addresses.values():
        asked[path].add(address)
    known = {path: _ask(path, sorted(found)) for path, found in asked.items() if not _is_python(path)}
    for event, (path, address) in addresses.items():
        event.position = known.get(path, {}).get(address)


def source(file, line):
    """Return a line of a source file without the blanks around it, or '' where it cannot be had."""
    if file not in _sources:
        try:
            with io.open(file, encoding='utf-8', errors='replace') as text:
                _sources[file] = text.read().splitlines()
        except EnvironmentError:
            _sources[file] = []
    lines = _sources[file]
    return lines[line - 1].strip() if 0 < line <= len(lines) else ''


_sources = {}


def _is_python(path):
    """Whether it is an interpreter, whose own lines nobody asked for."""
    return os.path.basename(path).startswith(('python', 'pypy', 'libpython', 'libpypy'))


def _ask(path, addresses):
    """Return the positions in one file by address; none where addr2line is not installed."""
    try:
        process = subprocess.Popen(
            ['addr2line', '-f', '-e', path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except EnvironmentError:
        return {}
    text = ''.join('%x\n' % address for address in addresses).encode('ascii')
    words = process.communicate(text)[0].decode('utf-8', 'replace').splitlines()
    return {address: _position(path, address, function, place)
            for address, function, place in zip(addresses, words[::2], words[1::2])}


def _position(path, address, function, place):
    file, _, line = place.partition(' ')[0].rpartition(':')
    function = '' if function == UNKNOWN else function
    if file.startswith(UNKNOWN) or not line.isdigit():
        return Position(path, 0, function or '0x%x' % address)
    return Position(os.path.normpath(file), int(line), function)
