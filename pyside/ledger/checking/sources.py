"""From the bytes of a file to lines of ASCII that ``ast`` and mypy read alike.

What is not ASCII becomes an underscore, in literals, comments and names alike: no type depends on it, and a column is
then the same number in bytes and in characters.  Line breaks are those of Python: LF, CRLF, and CR alone.

Read next: ``python2.py``.
"""

import ast
import codecs
import io
import re
import sys
import warnings
from dataclasses import dataclass, field

from pyside.ledger.checking import monsters, newer, python2

COOKIE = re.compile(rb'^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)')
NOT_ASCII = re.compile(r'[^\x00-\x7f]')


class Unreadable(Exception):
    """A file that cannot be checked; the text says why, in one line."""


@dataclass
class Source:
    """One program.

    ``text`` is Python 3.  ``numbers[i]`` is the line of the file that line ``i`` of the text comes from; both count
    from 1.  ``syntax`` has ``(line of the file, entry)`` of what only Python 2 can parse.
    """

    path: str
    text: str
    original: list
    numbers: list
    is_python_2: bool = False
    syntax: list = field(default_factory=list)
    skipped: list = field(default_factory=list)

    def line(self, number):
        """Return the line of the file for a line of the text."""
        return self.numbers[min(number, len(self.numbers) - 1)]


def read(path, stream=None):
    """Read a program.

    :param path: of the file.
    :param stream: a file of bytes to read instead.
    :raises Unreadable: when there is no way to parse it.
    :raises OSError: when there is no such file, or it cannot be read.
    """
    if stream is not None:
        return parsed(path, stream.read())
    with io.open(path, 'rb') as file:
        return parsed(path, file.read())


def parsed(path, data):
    """Return the Source of bytes, parsed as Python 3, or else as Python 2."""
    if b'\0' in data:
        raise Unreadable('line %d has a NUL byte: no Python reads it' % (data[:data.index(b'\0')].count(b'\n') + 1))
    original = decoded(data).split('\n')
    text = '\n'.join(NOT_ASCII.sub('_', line) for line in original)
    text = _without_cookie(text)
    text, skipped = monsters.without_deep_lines(text)
    try:
        _parse(text)
        return Source(path, text, original, list(range(text.count('\n') + 2)), skipped=skipped)
    except SyntaxError as error:
        wrong = error
    except (RecursionError, MemoryError):
        raise Unreadable('it is nested too deeply') from None
    found = python2.converted(text)
    if found is None:
        raise Unreadable(_reason(text, wrong) or _no_python_3(wrong) + ', and it is no Python 2 either')
    try:
        _parse(found.text)
    except (SyntaxError, RecursionError, MemoryError):
        raise Unreadable(_reason(text, wrong) or _no_python_3(wrong) + ', and fissix cannot make that of it') from None
    return Source(path, found.text, original, found.numbers, True, found.syntax, skipped)


def _no_python_3(error):
    return 'line %s is no Python 3 (%s)' % (error.lineno, error.msg)


def _reason(text, error):
    """Return which Python has the syntax that this one lacks, or None when it is no such error."""
    lines = text.split('\n')
    found = newer.needed(lines[error.lineno - 1]) if error.lineno and error.lineno <= len(lines) else None
    return found and (
        'line %d has %s, which needs Python %d.%d, but this checker runs on Python %d.%d: start it with a newer one' % (
            (error.lineno, found[1]) + found[0] + sys.version_info[:2]))


def decoded(data):
    """Return the text of a file, whose lines end in LF.

    Without a cookie it is UTF-8, or else what Python 2 took it for: bytes, here Latin-1.
    """
    encoding = 'utf-8'
    if data.startswith(codecs.BOM_UTF8):
        data = data[3:]
    else:
        for line in re.split(rb'\r\n|\r|\n', data, maxsplit=2)[:2]:
            cookie = COOKIE.match(line)
            if cookie:
                encoding = cookie.group(1).decode('ascii')
                break
    for codec in (encoding, 'utf-8', 'latin-1'):
        try:
            text = data.decode(codec)
            if isinstance(text, str):
                break
        except (LookupError, ValueError, AssertionError):
            pass
    return text.replace('\r\n', '\n').replace('\r', '\n')


def _parse(text):
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        tree = ast.parse(text)
    # From Python 3.14 on that parses again, and means a tuple.
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and isinstance(node.type, ast.Tuple):
            line = text.split('\n')[node.type.lineno - 1]
            if line[node.type.col_offset] != '(':
                raise SyntaxError('multiple exception types must be parenthesized', ('', node.lineno, 0, ''))


def _without_cookie(text):
    """Leave no cookie, which would be obeyed once more, nor any comment that configures mypy."""
    lines = text.split('\n')
    for number, line in enumerate(lines):
        if number < 2 and COOKIE.match(line.encode('ascii')):
            lines[number] = line.replace('coding', 'c_ding')
        elif '#' in line and ('mypy:' in line or 'type:' in line):
            lines[number] = line.replace('mypy:', 'mypy_').replace('type:', 'type_')
    return '\n'.join(lines)
