"""The table protocol x transport x language x I/O model, made from a run of ``test_models.py``."""

import io
from collections import OrderedDict

HEAD = """\
<!-- .venv/bin/python -m pytest interop_tests/test_models.py --model-table docs/models.md makes this page -->

# Every protocol under every I/O model

Each cell is a test that has run: a server of that language, protocol, transport and I/O model, two clients one after
the other, in C and in Python, all replies compared. The columns of Python are one interpreter's, %s; under tox
2.7, 3.6 and the newest run the same tests, the others a third each.

"""
NOTES = u"""
\u2713 passed \u00b7 \u2713* passed; datagrams have no connections, so whatever the model, one socket answers them all,
one after another \u00b7 \u2014 impossible, for the reason below \u00b7 **failed**

"""
REASONS = OrderedDict([
    ('seqpacket', 'an event-driven model keeps what it cannot send yet as bytes, and would lose the boundaries of the '
                  'messages; asyncio takes stream sockets only.'),
])
LIMITS = """
`iterative` serves one client after another, whatever `--max-connections` says: the next one waits in the kernel's
backlog, and the log does not mention it.

Under `select` a connection whose descriptor is not below FD_SETSIZE (1024) is refused, with a line on standard error
that says so; so is a program of `command` whose pipe is not.
"""


class ModelTable(object):
    """A pytest plugin of the process that collects the results.

    :param path: of the page.
    """

    def __init__(self, path):
        self._path = path
        self._cells = {}

    def pytest_runtest_logreport(self, report):
        cell = dict(report.user_properties).get('model-cell')
        if cell is not None and report.when == 'call':
            row = cell['protocol'], cell['transport']
            column = cell['peer'], cell['model']
            self._cells[row, column] = _text(cell, report.failed)

    def pytest_terminal_summary(self, terminalreporter):
        with io.open(self._path, 'w', encoding='utf-8') as page:
            page.write(self.page())
        terminalreporter.line('%d cells in %s' % (len(self._cells), self._path))

    def page(self):
        rows = sorted({row for row, _ in self._cells})
        columns = sorted({column for _, column in self._cells})
        pythons = [peer for peer, _ in columns if peer != 'c']
        lines = [u'| protocol | transport |' + u''.join(
            u' %s %s |' % (u'C' if peer == 'c' else u'Python', model) for peer, model in columns)]
        lines.append(u'|---|---|' + u':-:|' * len(columns))
        for row in rows:
            lines.append(u'| `%s` | `%s` |' % row + u''.join(
                u' %s |' % self._cells.get((row, column), u'**failed**') for column in columns))
        reasons = u'\n'.join(u'- %s: %s' % item for item in REASONS.items())
        return HEAD % pythons[0] + u'\n'.join(lines) + u'\n' + NOTES + reasons + u'\n' + LIMITS


def _text(cell, failed):
    if failed:
        return u'**failed**'
    if cell['impossible']:
        return u'\u2014'
    return u'\u2713*' if cell['transport'].endswith('dgram') else u'\u2713'
