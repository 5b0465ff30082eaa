"""Trying cells: with shared programs as long as all goes well, alone and with a record of the wire when it does not.

::

    shared programs  -- pass -->  the next cell
          | fail
    fresh programs   -- fail -->  it is this cell: its verdict, with the bytes on the wire
          | pass
    the cells before it alone, then this one  -- fail -->  it is the one before it, whose effect came late
          | pass
    flaky

Read next: ``pairs.py`` and ``trials.py``, the two kinds of cells that are tried so.
"""

import os
from collections import OrderedDict

from interop_tests import verdict
from interop_tests.patience import Patience
from interop_tests.programs import Failed, Server
from interop_tests.verdict import Verdict
from interop_tests.warm import Warm
from pyside.net.compat import clock

# The kernel closes a dying server's sockets a moment before its parent can know.
LOOKS_LIKE_A_DEATH = (verdict.RESET, verdict.END_OF_INPUT, verdict.REFUSED)
DEATH_SECONDS = 0.5
# A cell that hung for longer is not tried again.
WORTH_REPEATING_SECONDS = 10
# How many of the cells before are tried again to find the one that the server died of.
SUSPECTED = 40


class Servers(object):
    """The server that runs for the cells that follow each other; another one ends it.

    :param patience: a :class:`patience.Patience`.
    """

    def __init__(self, patience):
        self._patience = patience
        self._server = None
        self._key = None

    def get(self, peer, protocol, frame_format, transport, options=()):
        """Return a running server.

        :raises Failed: when it does not start.
        """
        key = (peer, protocol, frame_format, transport, tuple(options))
        if key != self._key or self._server is None:
            self.drop()
            party = (peer.name, 'server')
            begin = clock()
            self._server = Server(
                peer, protocol, frame_format, transport, self._patience.seconds(party), options)
            self._patience.passed(party, clock() - begin)
            self._key = key
        return self._server

    def stop(self):
        """Stop the server as the contract says; return its Verdict, or None without one."""
        server, self._server = self._server, None
        if server is None:
            return None
        return server.stop(self._patience.seconds((server.peer.name, 'server')))

    def drop(self):
        """End the server at once."""
        server, self._server = self._server, None
        if server is not None:
            server.kill()

    def chatter(self):
        """Return a Verdict when the server has written on standard output behind its first line, else None."""
        said = self._server.process.spoken() if self._server else b''
        return Verdict(verdict.MALFORMED, 'the server wrote on standard output: %s' % verdict.show(said)) if said \
            else None

    def stderr(self):
        """Return what the server wrote on standard error so far."""
        return self._server.process.errors if self._server else ''

    def late_death(self, seconds=DEATH_SECONDS):
        """Return a Verdict when the server ends by itself within some seconds, else None."""
        return self._server.crashed(seconds) if self._server else None

    def death(self, found):
        """Return what killed the server when a failure looks like its death, else the failure."""
        if self._server is None or found.status not in LOOKS_LIKE_A_DEATH:
            return found
        gone = self._server.crashed(DEATH_SECONDS)
        return Verdict(gone.status, gone.text, found.detail) if gone else found


class Judge(object):
    """Tries groups of cells, and remembers what it has seen of the peers.

    :param seconds: ``--case-seconds``; None without limits.
    :param marks: a folder that all processes of the run share, in which they note whose clients have really been
        started; clients of the suite's own Pythons are forked from then on.  None: every client is started.
    :param thorough: whether a check that has several ways of cutting what it sends tries all of them.
    """

    def __init__(self, seconds, marks=None, thorough=True):
        self.patience = Patience(seconds)
        self.servers = Servers(self.patience)
        self._marks = marks
        self._thorough = thorough
        self._warms = {}

    def stop(self):
        self.servers.drop()
        for warm in self._warms.values():
            warm.stop()

    def warm(self, peer, protocol):
        """Return what forks a client of a peer, or None where it has to be started."""
        if not self._marks or not peer.ours or '-m pyside' not in peer.command:
            return None
        try:
            os.close(os.open(os.path.join(self._marks, '%s-%s' % (peer.name, protocol)), os.O_CREAT | os.O_EXCL))
            return None  # the first of its kind
        except OSError:
            pass
        if peer not in self._warms:
            self._warms[peer] = Warm(peer)
        return self._warms[peer]

    def turn(self, trial):
        """Return which of several ways a check is tried, so that peers and checks turn through them; None for all."""
        return None if self._thorough else sum(bytearray((trial.peer.name + trial.check.name).encode('ascii')))

    def judge(self, group):
        """Try the cells of a group in turns.

        :param group: a :class:`pairs.Pairs` or a :class:`trials.Trials`.
        :returns: an iterator of ``(cell, Verdict)``; a later one corrects an earlier one of the same cell.
        """
        earlier = []
        for cell in group.cells:
            lacking = group.lacks(cell)
            if lacking:
                yield cell, Verdict(verdict.UNSUPPORTED, lacking)
                continue
            over = [reason for reason in (
                self.patience.over(party, group.route(cell)) for party in group.parties(cell)) if reason]
            if over:
                yield cell, Verdict(verdict.NOT_RUN, over[0])
                continue
            for which, found in self._settle(group, earlier, cell):
                yield which, found
            earlier.append(cell)
        # Peers of the suite are trusted not to die in the next moment: waiting costs more than all cells of a group.
        gone = self.servers.late_death(0 if group.is_ours else DEATH_SECONDS)
        if gone and earlier:
            self.servers.drop()
            yield self._killer(group, earlier) or (earlier[-1], gone)
        group.finish(self)

    def _killer(self, group, earlier):
        """Return the cell that a server dies of a moment later, with its Verdict, or None."""
        for before in earlier[-SUSPECTED:]:
            late = self._timed(group, before, group.alone)
            self.servers.drop()
            if late.status != verdict.PASS:
                return before, late
        return None

    def _settle(self, group, earlier, cell):
        """Try a cell; return the verdicts on it, and on an earlier one where that is to blame."""
        begin = clock()
        found = self._timed(group, cell, group.shared)
        if found.status == verdict.PASS:
            return [(cell, found)]
        self.servers.drop()
        if found.status == verdict.TIME_OUT and (clock() - begin > WORTH_REPEATING_SECONDS or not all(
                self.patience.is_worth_repeating(party) for party in group.suspects(cell))):
            return [(cell, found)]
        alone = self._timed(group, cell, group.alone)
        self.servers.drop()
        if alone.status != verdict.PASS:
            return [(cell, alone)]
        if not group.shares(cell):
            return [(cell, self._flaky(found))]
        # A server may die some cells after the one that killed it; another effect shows at the next one.
        killer = self._killer(group, earlier if found.status == verdict.CRASH else earlier[-1:])
        if killer:
            return [killer, (cell, alone)]
        if earlier and self._timed(group, earlier[-1], group.shared).status == verdict.PASS:
            after = self._timed(group, cell, group.shared)
            self.servers.drop()
            if after.status != verdict.PASS:
                text = 'it passed, and then %s failed: %s' % (group.name(cell), after.text)
                return [(earlier[-1], Verdict(after.status, text, after.detail)), (cell, alone)]
        return [(cell, self._flaky(found))]

    @staticmethod
    def _flaky(found):
        return Verdict(verdict.FLAKY, 'passed when it was repeated alone; before: %s: %s' % (
            found.status, found.text), found.detail)

    def _timed(self, group, cell, attempt):
        begin = clock()
        try:
            found = attempt(self, cell)
        except Failed as failed:
            found = failed.verdict
        spent = clock() - begin
        if found.status == verdict.TIME_OUT:
            for party in group.suspects(cell):
                self.patience.hung(party, group.route(cell), group.name(cell), spent)
        elif found.status == verdict.PASS and group.is_a_measure(cell):
            for party in group.parties(cell):
                self.patience.passed(party, spent)
        return found


def by_group(cells, key):
    """Sort cells into groups, in the order of their first ones."""
    groups = OrderedDict()
    for cell in cells:
        groups.setdefault(key(cell), []).append(cell)
    return groups
