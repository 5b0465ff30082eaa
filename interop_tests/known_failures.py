"""Failures that are known: a file of patterns, each with its reason.

::

    # pattern of cell names            reason, up to the end of the line
    suite-to-mine/greet/*/silence      #12: greet has no time limit yet
    mine-to-*/upper/*                  upper is not finished

A cell that is listed and fails counts as known; one that is listed and passes fails the run, and so does a line
that matches no cell that was run.
"""

import fnmatch
import io


class BadFile(Exception):
    """The file is no text, or a line of it not a pattern and a reason."""


class KnownFailures(object):
    """The lines of a file.

    :raises BadFile: with the number of the line, or of the byte that is no text.
    """

    def __init__(self, path):
        self._path = path
        self._rows = []
        with io.open(path, 'rb') as file:
            try:
                lines = file.read().decode('utf-8').splitlines()
            except UnicodeDecodeError as error:
                raise BadFile('%s: expected text in UTF-8: %s at byte %d' % (path, error.reason, error.start))
        for number, line in enumerate(lines, 1):
            words = line.split(None, 1)
            if not words or line.startswith('#'):
                continue
            if len(words) < 2 or not words[1].strip():
                raise BadFile('%s, line %d: expected a pattern and, behind a space, the reason' % (path, number))
            self._rows.append((number, words[0], words[1].strip()))

    def reason(self, name):
        """Return why a cell is known to fail, or None."""
        for _, pattern, reason in self._rows:
            if fnmatch.fnmatchcase(name, pattern):
                return reason
        return None

    def unmatched(self, names):
        """Return a sentence for each line that matches none of the cells that were run."""
        return ['%s, line %d: %s matches no cell of this run' % (self._path, number, pattern)
                for number, pattern, _ in self._rows if not fnmatch.filter(names, pattern)]
