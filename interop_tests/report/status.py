"""The words for how a cell ended, the worst first; docs/results.md has the same table."""

from collections import namedtuple

# letter: how a table shows it.  kind: its colour and shape.  first: what to look at first.
Status = namedtuple('Status', 'word letter kind meaning first')

STATUSES = [
    Status('crash', 'X', 'crash',
           "death by a signal, an exit status that the contract does not know, an interpreter's traceback, "
           'a server that is gone',
           'the standard error of the peer that died'),
    Status('time-out', 'T', 'late',
           'nothing came within the time of a step, or the client said so (exit status 4)',
           'the last bytes on the wire: the side that owes the next ones'),
    Status('wrong-answer', 'W', 'wrong',
           'a reply is not what was expected, there are too many, or the client said so (exit status 1)',
           'the first byte that differs between expected and actual'),
    Status('malformed', 'M', 'wrong',
           'one side broke the protocol or the contract: exit status 3, or a line on standard output that does not '
           'belong there',
           "the bytes behind the last complete frame, and the peer's standard output"),
    Status('end-of-input', 'E', 'wrong',
           'too few replies, or the client said that it was cut short',
           'the side that closed first; replies that were still owed'),
    Status('reset', 'R', 'wrong',
           'the connection was reset (exit status 5)',
           'a side that closed with bytes unread: the kernel then sends a reset'),
    Status('refused', 'F', 'wrong',
           'no connection (exit status 5), or a message that a program refused to send (exit status 2)',
           "the server's LISTENING line, and its standard error"),
    Status('flaky', 'Y', 'late',
           'failed, and passed when it was repeated alone',
           'what depends on time or on the other clients: it is a failure until that is known'),
    Status('not-run', 'N', 'late',
           'the rest of a route after hangs; the text says because of which cell',
           'the cell that the text names'),
    Status('unsupported', '\u2013', 'none',
           'a peer does not list what the cell needs, or said so (exit status 127)',
           "the peer's list, if it should support this"),
    Status('pass', '\u2713', 'pass',
           'all replies came back as they should, and the programs ended as they should',
           'nothing'),
]
BY_WORD = {status.word: status for status in STATUSES}
FINE = ('pass', 'unsupported')

# How a cell counts: what a known-failures file names is not a failure, unless it passes.
PASSED, UNSUPPORTED, KNOWN, FAILED = 'passed', 'unsupported', 'known', 'failed'


def outcome(cell):
    """Return how a cell counts: PASSED, UNSUPPORTED, KNOWN or FAILED."""
    ended = OUTCOMES[cell['status']]
    if cell.get('known') is None or ended == UNSUPPORTED:
        return ended
    return FAILED if ended == PASSED else KNOWN


def severity(cell):
    """Return a number by which the worst cells sort first."""
    return (FAILED, KNOWN, UNSUPPORTED, PASSED).index(outcome(cell)) * 100 + ORDER[cell['status']]


ORDER = {status.word: index for index, status in enumerate(STATUSES)}
OUTCOMES = {status.word: {'pass': PASSED, 'unsupported': UNSUPPORTED}.get(status.word, FAILED) for status in STATUSES}
