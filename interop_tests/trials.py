"""Check cells: one peer in one role, with the suite at the other end of the wire.

Checks that need the same server share it; after each one that does not stop it, another client has to be served.

Read next: ``checks/__init__.py``.
"""

import glob
import os
from collections import namedtuple

from interop_tests import verdict
from interop_tests.cases import STREAMS
from interop_tests.checks import dialogues
from interop_tests.checks.clauses import CLAUSES
from interop_tests.checks.line import Wrong
from interop_tests.checks.registry import PREFERRED_FORMATS, PREFERRED_PROTOCOLS, PREFERRED_STREAMS, PREFERRED_TCP, TCP
from interop_tests.checks.stands import ClientStand, ServerStand
from interop_tests.matrix import Route, lacks
from interop_tests.peers import abilities
from interop_tests.process import ROOT
from interop_tests.showing import detail
from interop_tests.verdict import Verdict

SUITE = 'suite'
KEEP_THE_INPUT_OPEN = [
    'sends-each-line-when-it-is-complete', 'prints-each-reply-when-it-arrives', 'replies-before-a-reset']
# PyPy takes a second and a half for 16 MiB, and all its other steps are short.
WITH_MEGABYTES = ['foreign-limits', 'largest-payload', 'sixty-four-mebibytes']

# check: a registry.Check; the rest says with what it is tried.
Trial = namedtuple('Trial', 'check peer protocol format transport')


def trials(check, peer):
    """List the trials of a check with a peer: the protocols, framings and transports that it is tried with."""
    listed = abilities(peer, check.role)
    protocols = check.protocols or [_first(PREFERRED_PROTOCOLS, 'protocol', listed)]
    found = []
    for protocol in protocols:
        formats = check.formats if protocol == 'frame' else None
        formats = formats or [_first(PREFERRED_FORMATS, 'format', listed) if protocol == 'frame' else '-']
        transports = check.transports
        if transports in (None, TCP):
            transports = [_first(PREFERRED_TCP if transports == TCP else PREFERRED_STREAMS, 'family', listed)]
        found += [Trial(check, peer, protocol, one, transport) for one in formats for transport in transports]
    return found


def _first(names, kind, listed):
    """Return the first name that a peer lists; where it lists none, the first there is."""
    return ([name for name in names if '%s %s' % (kind, name) in listed] or list(names))[0]


def trial_id(trial):
    """Return the name of a check cell: the suite is the other end."""
    protocol = trial.protocol if trial.format == '-' else '%s-%s' % (trial.protocol, trial.format)
    ends = (SUITE, trial.peer.name) if trial.check.role == 'server' else (trial.peer.name, SUITE)
    return '%s-to-%s/%s/%s/%s' % (ends + (protocol, trial.transport, trial.check.name))


class Trials(object):
    """The checks of one peer in one role, with one protocol and framing.

    :param cells: a list of :class:`Trial`.
    :param again: a function from a cell's name to the command that runs it alone.
    """

    def __init__(self, cells, again):
        # Those that share a server stand together, the plainest first: what fails there fails everywhere.  Command
        # lines to be refused come last, for a peer that serves all the same hangs there, and a route ends after two.
        self.cells = sorted(cells, key=lambda trial: (
            trial.check.name.startswith('refuses-an-'), trial.transport not in STREAMS, trial.transport != 'unix',
            trial.transport, trial.check.options, trial.check.name != 'one-conversation'))
        self.is_ours = all(trial.peer.ours for trial in cells)
        self._again = again

    def name(self, cell):
        return trial_id(cell)

    def route(self, cell):
        return cell.check.role, cell.peer.name, cell.protocol, cell.format, cell.transport, tuple(cell.check.options)

    def parties(self, cell):
        return [(cell.peer.name, cell.check.role)]

    def suspects(self, cell):
        """Return who may have hung; a client that waits for the end of its input is named by these checks, once."""
        return [] if cell.check.name in KEEP_THE_INPUT_OPEN else self.parties(cell)

    def shares(self, cell):
        """Whether a cell may suffer from those before it: each client is a process of its own."""
        return cell.check.role == 'server'

    def is_a_measure(self, cell):
        return '--timeout' not in cell.check.options and cell.check.theme != 'crowd'

    def lacks(self, cell):
        route = Route(cell.peer, cell.peer, cell.protocol, cell.format, cell.transport)
        lacking = lacks(cell.peer, cell.check.role, route)
        return lacking and '%s does not list %s' % (cell.peer.name, lacking)

    def shared(self, judge, cell):
        if cell.check.role == 'server':
            return self._try_server(judge, cell)
        return self._try_client(judge, cell)

    def alone(self, judge, cell):
        judge.servers.drop()
        found = self.shared(judge, cell)
        if cell.check.role == 'server' and found.status == verdict.PASS:
            found = judge.servers.late_death() or found
        return found

    def finish(self, judge):
        judge.servers.drop()

    def _try_server(self, judge, trial):
        seconds = self._seconds(judge, trial)
        where = (trial.protocol, trial.format, trial.transport)
        server = judge.servers.get(trial.peer, *(where + (trial.check.options,)))
        stand = ServerStand(server, where, trial.check.options, seconds, turn=judge.turn(trial))
        try:
            found = self._tried(trial, stand)
            if found.status == verdict.PASS and stand.server is server:
                found = self._others_are_served(trial, server, where, seconds)
            if stand.server is not server:
                return found
            chatter = judge.servers.chatter()
            return Verdict(chatter.status, chatter.text, found.detail) if chatter else judge.servers.death(found)
        finally:
            stand.close()

    def _seconds(self, judge, trial):
        """Return the limit of one wait; two hundred clients take longer than one, and megabytes longer than a line."""
        seconds = judge.patience.seconds(*self.parties(trial))
        is_long = trial.check.theme == 'crowd' or trial.check.name in WITH_MEGABYTES
        return min(judge.patience.most, 3 * seconds) if is_long else seconds

    def _others_are_served(self, trial, server, where, seconds):
        """Whatever the check did, the next client is served: a part of every check of a server."""
        stand = ServerStand(server, where, trial.check.options, seconds)
        try:
            found = self._tried(trial, stand, _is_served)
        finally:
            stand.close()
        if found.status == verdict.PASS:
            return found
        return Verdict(found.status, 'the check itself passed, but not one conversation after it: %s' % found.text,
                       found.detail)

    def _try_client(self, judge, trial):
        where = (trial.protocol, trial.format, trial.transport)
        stand = ClientStand(
            trial.peer, where, trial.check.options, self._seconds(judge, trial),
            warm=judge.warm(trial.peer, trial.protocol), turn=judge.turn(trial))
        try:
            return self._tried(trial, stand)
        finally:
            stand.close()

    def _tried(self, trial, stand, run=None):
        try:
            (run or trial.check.run)(stand)
        except Wrong as wrong:
            expected = wrong.expected or trial.check.expected
            status, actual = wrong.status, wrong.actual
            fate = stand.fate()
            if fate is not None and fate.text not in actual:
                # A connection that ended early is what a death looks like from the other end.
                status = verdict.CRASH if fate.status == verdict.CRASH else status
                actual = '%s; the client has ended: %s' % (actual, fate.text)
            text = '%s; expected: %s. %s' % (actual, expected, trial.check.demand)
            commands = [('this check by hand', play_command(trial)), ('this cell', self._again(trial_id(trial)))]
            return Verdict(status, text, detail(
                expected=expected, actual=actual, log=stand.log,
                stderr={trial.check.role: stand.stderr()}, commands=commands, frame_format=trial.format))
        return Verdict(verdict.PASS, '')


def _is_served(stand):
    """One good conversation, or one datagram."""
    line = stand.dial()
    if '-' in stand.transport:
        line.send(b'12345')
        line.expect(b'12345')
    else:
        dialogues.as_client(stand, line)


def play_command(trial):
    """Return the command of the player for a check."""
    words = ['python3 -m interop_tests play', trial.check.name]
    if trial.check.role == 'server':
        words += ['--protocol', trial.protocol]
    else:
        words += ['--client', '--protocol', trial.protocol]
    if trial.format != '-':
        words += ['--format', trial.format]
    return ' '.join(words + ['--transport', trial.transport, '--peer', "'%s'" % trial.peer.command])


def described(check):
    """Return what the header of a results file says of a check."""
    clause = CLAUSES[check.clause]
    return {
        'role': check.role, 'theme': check.theme, 'sentence': check.demand, 'wire': check.wire,
        'expected': check.expected, 'contract': clause.page, 'quote': clause.quote,
        'lesson': check.lesson and lesson_page(check.lesson),
    }


def lesson_page(name):
    """Return the page of a lesson by the part of its name behind the number."""
    found, = glob.glob(os.path.join(ROOT, 'docs', 'lessons', '[0-9][0-9]-%s.md' % name))
    return os.path.relpath(found, ROOT)

