"""What can go wrong between two peers, and the exit status that says so.

An error is a *kind* (one word, the same in C and in Python, the first word on
stderr) and a text that says what was seen and what was allowed.  Sessions and
codecs produce the first five kinds, and ``timed-out`` where a protocol has a
time limit of its own; the I/O models the others.

C twin: ``c_ref/wire/errors.c``.  Read next: ``wire/buffer.py``.
"""

import errno
import os

WRONG = 'wrong'
UNSENDABLE = 'unsendable'
TOO_LONG = 'too-long'
MALFORMED = 'malformed'
TRUNCATED = 'truncated'
TIMED_OUT = 'timed-out'
UNREACHABLE = 'unreachable'
RESET = 'reset'
NO_MEMORY = 'no-memory'

EXIT_OK = 0
EXIT_USAGE = 2
EXIT_SOFTWARE = 70
EXIT_UNSUPPORTED = 127

EXIT_STATUS = {
    WRONG: 1,
    UNSENDABLE: EXIT_USAGE,
    TOO_LONG: 3,
    MALFORMED: 3,
    TRUNCATED: 3,
    TIMED_OUT: 4,
    UNREACHABLE: 5,
    RESET: 5,
    NO_MEMORY: EXIT_SOFTWARE,
}


class PeerError(Exception):
    """One thing that went wrong with a peer.

    :param kind: one of the constants above.
    :param text: what was seen and what was allowed, one line of ASCII.
    """

    def __init__(self, kind, text):
        Exception.__init__(self, '%s: %s' % (kind, text))
        self.kind = kind
        self.text = text

    @property
    def exit_status(self):
        return EXIT_STATUS[self.kind]


def no_memory():
    """Make the error for memory that there is not."""
    return PeerError(NO_MEMORY, os.strerror(errno.ENOMEM))


def silence(seconds):
    """Make the error for a peer that neither sent nor took anything for ``seconds``."""
    return PeerError(TIMED_OUT, 'silence for %g s' % seconds)


class UsageError(Exception):
    """The command line asks for something that makes no sense: exit status 2."""

    exit_status = EXIT_USAGE


class Unsupported(Exception):
    """The command line asks for something that this peer does not have: exit status 127."""

    exit_status = EXIT_UNSUPPORTED

    def __init__(self, what):
        Exception.__init__(self, 'unsupported: %s' % what)
