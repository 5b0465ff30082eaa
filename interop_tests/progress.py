"""What a run of the matrix leaves behind: progress, a client x server table, a file of results.

The file has one JSON object a line; docs/results.md documents its keys.
"""

import json
import sys
from collections import Counter

from interop_tests import verdict
from pyside.net.compat import clock

PROGRESS_SECONDS = 5


class Report(object):
    """A pytest plugin of the process that collects the results."""

    def __init__(self, config):
        path = config.getoption('--results')
        self._file = open(path, 'w') if path else None
        self._counts = Counter()
        self._order = []
        self._begin = clock()
        self._said = self._begin

    def pytest_runtest_logreport(self, report):
        cell = dict(report.user_properties).get('cell')
        if report.when != 'call' or cell is None:
            return
        if self._file:
            self._file.write(json.dumps(dict(cell, seconds=round(report.duration, 4)), sort_keys=True) + '\n')
            self._file.flush()
        for name in (cell['client'], cell['server']):
            if name not in self._order:
                self._order.append(name)
        self._counts[cell['client'], cell['server'], cell['status']] += 1
        self._progress(report.nodeid)

    def pytest_report_teststatus(self, report):
        """No dots: there are many thousand cells."""
        if report.when == 'call' and report.passed and 'cell' in dict(report.user_properties):
            return 'passed', '', 'PASSED'

    def pytest_terminal_summary(self, terminalreporter):
        if not self._counts:
            return
        seconds = clock() - self._begin
        total = sum(self._counts.values())
        terminalreporter.section('interop matrix: passed / run, clients down, servers across')
        for line in self._table():
            terminalreporter.line(line)
        by_status = Counter()
        for (_, _, status), count in self._counts.items():
            by_status[status] += count
        terminalreporter.line('')
        terminalreporter.line('%d cells in %.1f s, %d a second: %s' % (
            total, seconds, total / seconds,
            ', '.join('%s %d' % item for item in sorted(by_status.items()))))

    def pytest_unconfigure(self):
        if self._file:
            self._file.close()

    def _progress(self, nodeid):
        now = clock()
        if now - self._said >= PROGRESS_SECONDS:
            self._said = now
            sys.stdout.write('\n%7d cells, %4d s, now %s ' % (
                sum(self._counts.values()), now - self._begin, nodeid.split('[')[-1].rstrip(']')))
            sys.stdout.flush()

    def _table(self):
        names = sorted(self._order)
        width = max(len(name) for name in names)
        cells = {(client, server): self._text(client, server) for client in names for server in names}
        columns = [max(len(name), max(len(cells[client, name]) for client in names)) for name in names]
        yield ' ' * width + ''.join('  ' + name.rjust(size) for name, size in zip(names, columns))
        for client in names:
            yield client.ljust(width) + ''.join(
                '  ' + cells[client, server].rjust(size) for server, size in zip(names, columns))

    def _text(self, client, server):
        run = sum(
            count for (one, other, status), count in self._counts.items()
            if (one, other) == (client, server) and status != verdict.UNSUPPORTED)
        passed = self._counts[client, server, verdict.PASS]
        return '%d/%d' % (passed, run) if run else '-'
