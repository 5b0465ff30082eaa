"""What a run says while it runs and at its end: how far it is, each failure when it happens, and the tables.

Everything is read from the file of results, which all processes of the run append to.
"""

import errno
import fcntl
import json
import os
import shutil
import sys
import tempfile
import threading
from collections import Counter, OrderedDict

import pytest

from interop_tests import results, selection, traces, verdict
from interop_tests.known_failures import KnownFailures
from pyside.net.compat import clock

# On a terminal; a log wants fewer lines.
PROGRESS_SECONDS = 5
LOG_SECONDS = 60
LOOK_SECONDS = 0.5
MOST_SHOWN = 40


class Progress(object):
    """A pytest plugin of the process that reports.

    :param selected: a :class:`selecting.Selected`.
    """

    def __init__(self, config, selected):
        self._config = config
        self._option = config.option
        self._selected = selected
        self._begin = clock()
        self._said = self._begin
        self._cells = OrderedDict()
        self._shown = 0
        self._planned = None
        self._place = 0
        self._rest = b''
        self._stop = threading.Event()
        self._thread = None
        self._unlisted = []
        self._said_once = set()
        self._ended = 'complete'
        # Before the workers of xdist are told: conftest.py.
        if self._option.results is None:
            self._option.results = os.path.join(tempfile.mkdtemp(prefix='interop-'), 'results.jsonl')
        self._option.results = os.path.abspath(self._option.results)

    @property
    def _live(self):
        return self._option.capture == 'no'

    def pytest_sessionstart(self, session):
        groups = self._selected.groups()
        self._planned = selection.count(groups)
        self._marks = self._option.results + '.started'
        problem = self._begin_files()
        if problem:
            self._planned = None
            raise pytest.UsageError(problem)
        writer = results.Results(self._option.results)
        writer.write(results.header(
            self._selected.peers(), self._planned, self._selected.selection, self._selected.part,
            self._selected.mine, self._selected.checks(), self._config.invocation_params.args
            if hasattr(self._config, 'invocation_params') else sys.argv[1:]))
        writer.close()
        self._say('%d cells in %d groups, %s selection%s: %s' % (
            self._planned, len(groups), self._selected.selection,
            ', a part: ' + self._selected.part if self._selected.part else '',
            ' '.join(peer.name for peer in self._selected.peers())))
        if self._selected.absent:
            self._say('left out, because their languages are not installed: ' + ' '.join(self._selected.absent))
        if self._live:
            self._thread = threading.Thread(target=self._watch)
            self._thread.daemon = True
            self._thread.start()

    def _begin_files(self):
        """Empty the file of results, which is this run's alone from now on; return what is in the way, or None."""
        if not self._planned:
            return 'no cells at all: nothing would be tested (%s)' % (self._selected.part or 'no peer is left')
        for option in ('report', 'junit', 'markdown'):
            path = getattr(self._option, option)
            folder = os.path.dirname(os.path.abspath(path)) if path else None
            if path and (os.path.isdir(path) or not os.access(path if os.path.exists(path) else folder, os.W_OK)):
                return '--%s %s: cannot be written' % (option, path)
        try:
            if not os.path.isdir(self._marks):
                os.mkdir(self._marks)
            self._lock = os.open(self._marks, os.O_RDONLY)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for name in os.listdir(self._marks):
                os.remove(os.path.join(self._marks, name))
            open(self._option.results, 'w').close()
        except EnvironmentError as error:
            if error.errno == errno.EAGAIN:
                return '--results %s: another run writes it; name another file' % self._option.results
            return '--results %s: %s' % (self._option.results, error.strerror)

    def pytest_report_teststatus(self, report):
        """No letters for groups: what counts is cells."""
        if 'test_cells[' in report.nodeid and report.when == 'call' and self._live:
            return report.outcome, '', report.outcome.upper()

    def pytest_keyboard_interrupt(self, excinfo):
        self._ended = 'interrupted'

    def pytest_sessionfinish(self, session, exitstatus):
        if self._planned is None:
            return
        self._stop.set()
        if self._thread:
            self._thread.join()
        shutil.rmtree(self._marks, ignore_errors=True)
        self._look()
        missing = self._planned - len(self._cells)
        self._unlisted = self._unmatched()
        if exitstatus == 0 and (missing or self._unlisted or self._bad()):
            session.exitstatus = 1
        writer = results.Results(self._option.results)
        writer.write({'end': {'seconds': round(clock() - self._begin, 1), 'ended': self._ended,
                              'counts': self._counts()}})
        writer.close()

    def pytest_terminal_summary(self, terminalreporter):
        if self._planned is None:
            return
        seconds = clock() - self._begin
        write = terminalreporter.write_line if hasattr(terminalreporter, 'write_line') else terminalreporter.line
        terminalreporter.section('interop: passed / run; clients down, servers across; suite: the checks')
        for line in self._table():
            write(line)
        write('')
        self._write_failures(write)
        for sentence in self._unlisted:
            write(sentence)
        missing = self._planned - len(self._cells)
        if missing:
            write('%d of %d cells have no verdict: the run ended before them' % (missing, self._planned))
        write('%d cells in %.1f s: %s' % (
            len(self._cells), seconds, ', '.join('%s %d' % item for item in sorted(self._counts().items()))))
        self._write_reports(write)

    def _write_failures(self, write):
        bad = [cell for cell in self._bad() if cell['status'] != verdict.NOT_RUN]
        for text, count in Counter(cell['text'] for cell in self._bad() if cell['status'] == verdict.NOT_RUN).items():
            write('%d cells were %s' % (count, text))
        for cell in bad[:MOST_SHOWN]:
            write('%s: %s: %s' % (cell['cell'], cell['status'], cell['text']))
            for said in cell.get('detail', {}).get('commands', []):
                write('    %s: %s' % (said['what'], said['command']))
            for who, text in sorted(cell.get('detail', {}).get('stderr', {}).items()):
                write('    stderr of the %s: %s' % (who, text.strip().splitlines()[-1] if text.strip() else ''))
        if len(bad) > MOST_SHOWN:
            write('... and %d more in %s' % (len(bad) - MOST_SHOWN, self._option.results))

    def _write_reports(self, write):
        wanted = {'html': self._option.report, 'junit': self._option.junit, 'markdown': self._option.markdown}
        wanted = {kind: path for kind, path in wanted.items() if path}
        if not wanted:
            return
        try:
            from interop_tests import report  # jinja2 is not there for every Python
            report.write(self._option.results, traces=self._traces(write), **wanted)
        except (ImportError, SyntaxError) as error:
            write('no report: this Python cannot make one (%s)' % error)
        except report.ReportError as error:
            write('no report: %s' % error)
        else:
            write('written: %s' % ', '.join(sorted(wanted.values())))

    def _traces(self, write):
        """Trace what failed, if that is asked for; return the paths of the pages by cell."""
        if not self._option.traces:
            return {}
        found = traces.make(self._bad(), self._option.traces)
        write('traced: %d of the cells that failed, in %s' % (len(found), self._option.traces))
        return found

    def _watch(self):
        while not self._stop.wait(LOOK_SECONDS):
            self._look()

    def _look(self):
        """Read what has been appended since."""
        with open(self._option.results, 'rb') as found:
            found.seek(self._place)
            data = found.read()
        self._place += len(data)
        lines = (self._rest + data).split(b'\n')
        self._rest = lines.pop()
        for line in lines:
            cell = json.loads(line.decode('utf-8'))
            if 'cell' not in cell:
                continue
            self._cells[cell['cell']] = cell
            if self._live and cell['status'] not in verdict.GREEN and 'known' not in cell:
                # What is not run because of one cell is said once.
                again = cell['status'] == verdict.NOT_RUN and cell['text'] in self._said_once
                self._said_once.add(cell['text'])
                self._shown += not again
                if self._shown <= MOST_SHOWN and not again:
                    self._say('%s: %s: %s' % (cell['cell'], cell['status'], cell['text']))
        now = clock()
        if self._live and now - self._said >= (PROGRESS_SECONDS if sys.stdout.isatty() else LOG_SECONDS):
            self._said = now
            done, spent = len(self._cells), now - self._begin
            left = (self._planned - done) * spent / done if done else 0
            self._say('%7d of %d cells, %d s, about %d s left' % (done, self._planned, spent, left))

    def _say(self, text):
        if self._live:
            sys.stdout.write(text + '\n')
            sys.stdout.flush()

    def _bad(self):
        """Return the cells that make the run fail."""
        return [cell for cell in self._cells.values()
                if (cell['status'] not in verdict.GREEN and 'known' not in cell)
                or (cell['status'] == verdict.PASS and 'known' in cell)]

    def _counts(self):
        return Counter(
            'known' if 'known' in cell and cell['status'] != verdict.PASS else cell['status']
            for cell in self._cells.values())

    def _unmatched(self):
        if not self._option.known_failures:
            return []
        return KnownFailures(self._option.known_failures).unmatched(list(self._cells))

    def _table(self):
        counts = Counter()
        for cell in self._cells.values():
            if cell['status'] != verdict.UNSUPPORTED:
                counts[cell['client'], cell['server'], cell['status'] == verdict.PASS] += 1
        names = sorted({name for ends in counts for name in ends[:2]})
        if not names:
            return
        width = max(len(name) for name in names)
        cells = {(client, server): self._text(counts, client, server) for client in names for server in names}
        columns = [max(len(name), max(len(cells[client, name]) for client in names)) for name in names]
        yield ' ' * width + ''.join('  ' + name.rjust(size) for name, size in zip(names, columns))
        for client in names:
            yield client.ljust(width) + ''.join(
                '  ' + cells[client, server].rjust(size) for server, size in zip(names, columns))

    def _text(self, counts, client, server):
        passed, failed = counts[client, server, True], counts[client, server, False]
        return '%d/%d' % (passed, passed + failed) if passed + failed else '-'
