"""One process of a run: it tries groups of cells and appends their verdicts to the file of results."""

import sys
from collections import OrderedDict

from interop_tests import results
from interop_tests.judging import Judge
from interop_tests.known_failures import KnownFailures
from interop_tests.process import Process
from pyside.net.compat import clock

try:
    from shlex import quote
except ImportError:
    from pipes import quote  # PY2: not in shlex yet; and pipes is gone from 3.13


class Run(object):
    """What the tests of the cells need.

    :param options: the options of pytest, see ``conftest.py``.
    """

    def __init__(self, options):
        self._options = options
        marks = None if options.full or options.debug_cell else options.results + '.started'
        self._judge = Judge(
            None if options.debug_cell else options.case_seconds, marks,
            thorough=bool(options.full or options.peer or options.mine))
        self._results = results.Results(options.results)
        Process.shows_errors = options.debug_cell
        self._known = KnownFailures(options.known_failures) if options.known_failures else None

    def stop(self):
        self._judge.stop()
        self._results.close()

    def judge(self, group):
        """Try a group of cells; return ``{name of the cell: Verdict}``."""
        found = OrderedDict()
        begin = clock()
        for cell, one in self._judge.judge(group):
            name = group.name(cell)
            now = clock()
            self._results.write(results.line(cell, one, now - begin, self.is_known(name)))
            found[name] = one
            begin = now
        return found

    def is_known(self, name):
        """Return why a cell is known to fail, or None."""
        return self._known.reason(name) if self._known else None

    def again(self, name):
        """Return the command that runs one cell and no other."""
        options = self._options
        words = [sys.executable, '-m', 'pytest', 'interop_tests/test_matrix.py', '--pythons', options.pythons,
                 '--full', '--cell', name, '--case-seconds', '%g' % options.case_seconds]
        for peer in options.peer:
            words += ['--peer', peer]
        return ' '.join(quote(word) for word in words)
