"""``python -m pyside map NAME...``: the map at a terminal.

Colour, and a width that follows the window, only where the output is a terminal.  Read next: ``rows.py``.
"""

import difflib
import os
import signal
import sys
import textwrap

from pyside.calls.callmap.exceptions import exception
from pyside.calls.callmap.outcomes import grouped, marked, shown
from pyside.calls.callmap.rows import FOLDER, recorded, rows, title
from pyside.wire.errors import EXIT_OK, EXIT_USAGE

try:
    from shutil import get_terminal_size
except ImportError:
    # PY2: the module does not have it; the usual width will do.
    get_terminal_size = None

USAGE = """\
usage: map NAME...    what Python's call of that name becomes in C; the beginning of a name is enough,
                     and so is what stands in code: socket.socket.send, sock.send(
       map --all      every row
       map --names    the names, one a line
       map --completion   what bash needs to complete the names: eval "$(python3 -m pyside map --completion)"
       map            the names, by topic
"""
NARROWEST, WIDEST, PIPED = 40, 100, 80
BOLD, DIM, PLAIN = '\x1b[1m', '\x1b[2m', '\x1b[0m'


class Paper(object):
    """Writes lines of limited width.

    :param output: a text file.
    """

    def __init__(self, output):
        self.output = output
        self.is_terminal = output.isatty()
        columns = PIPED
        if self.is_terminal and get_terminal_size:
            columns = get_terminal_size().columns
        self.width = max(NARROWEST, min(WIDEST, columns))

    def write(self, text='', style=''):
        if style and self.is_terminal:
            text = style + text + PLAIN
        self.output.write(text + '\n')

    def paragraph(self, text, indent='', hanging=None):
        for line in textwrap.wrap(
                text, self.width, initial_indent=indent, subsequent_indent=indent if hanging is None else hanging,
                break_long_words=False, break_on_hyphens=False):
            self.write(line)

    def code(self, text, indent='    '):
        for line in text.split('\n'):
            self.write((indent + line).rstrip())


def main(words, output=None):
    """Show rows; return the exit status."""
    # A reader that stops early, such as head, ends it without a traceback.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    paper = Paper(output or sys.stdout)
    table = rows()
    if words[:1] == ['--help']:
        paper.output.write(USAGE)
    elif words == ['--names']:
        paper.output.write(''.join(name + '\n' for name in table))
    elif words == ['--completion']:
        with open(os.path.join(FOLDER, 'completion.bash')) as script:
            paper.output.write(script.read())
    elif not words:
        _list(paper, table)
    else:
        try:
            names = list(table) if words == ['--all'] else [_complete(word, table) for word in words]
        except LookupError as error:
            sys.stderr.write('map: %s\n' % error.args[0])
            return EXIT_USAGE
        recording = recorded()
        for name in names:
            _show(paper, table[name], recording)
    return EXIT_OK


def _complete(word, table):
    """Return the name that a word is, or is the only beginning of; as people find it in code, too: ``sock.send(``."""
    word = word.partition('(')[0].rpartition('.')[2] or word
    found = [name for name in table if name == word] or [name for name in table if name.startswith(word)]
    if len(found) == 1:
        return found[0]
    if found:
        raise LookupError('%s is the beginning of %s' % (word, ', '.join(found)))
    close = difflib.get_close_matches(word, table)
    hint = 'did you mean %s?' % ' or '.join(close) if close else 'map --names lists those that there are'
    raise LookupError('no row %s; %s' % (word, hint))


def _list(paper, table):
    sections = []
    for row in table.values():
        if row.section not in sections:
            sections.append(row.section)
            paper.write(('\n' if len(sections) > 1 else '') + title(row.section), BOLD)
            paper.paragraph(' '.join(row.name for row in table.values() if row.section == sections[-1]), '    ')


def _show(paper, row, recording):
    paper.write(row.name, BOLD)
    paper.write('=' * len(row.name), BOLD)
    for line in row.python:
        paper.paragraph(line, '', '    ')
    for line in row.calls:
        paper.paragraph('calls  ' + line, '', '           ')
    for line in row.c:
        paper.paragraph('in C   ' + line, '', '           ')
    for line in row.adds + row.differs:
        paper.write()
        paper.paragraph(line)
    if row.errors:
        paper.write()
        for name in row.errors[0].split():
            paper.write('    %-16s %s' % (name, exception(name)))
    for example in row.examples:
        _show_example(paper, example, recording[example.name])
    paper.write()


def _show_example(paper, example, found):
    paper.write()
    paper.write(example.title, BOLD)
    for language, code in (('Python', example.python), ('C', example.c)):
        paper.write('  ' + language, DIM)
        paper.code(marked(code, language))
    paper.write('  shows', DIM)
    paper.code('\n'.join(shown(found['python'])) or 'nothing')
    raised = grouped(found['python'], 'raises')
    if raised != [('every Python', None)]:
        paper.write('  raises', DIM)
        for versions, name in raised:
            paper.paragraph('%s: %s' % (versions, name or 'nothing'), '    ', '        ')
    for versions, calls in grouped(found['python']) + [('C', found['c']['calls'])]:
        paper.write('  recorded: ' + versions, DIM)
        paper.code('\n'.join(calls) or 'no call')
