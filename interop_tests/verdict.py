"""How a cell ended, in one word; the words keep apart what users of such a suite must not confuse."""

import signal
from collections import namedtuple

PASS = 'pass'
WRONG_ANSWER = 'wrong-answer'
MALFORMED = 'malformed'
END_OF_INPUT = 'end-of-input'
RESET = 'reset'
TIME_OUT = 'time-out'
REFUSED = 'refused'
UNSUPPORTED = 'unsupported'
CRASH = 'crash'
FLAKY = 'flaky'
NOT_RUN = 'not-run'

# The exit status of a program in which a sanitizer has found something: see tox.ini.
SANITIZER = 99

# What leaves a run green.
GREEN = (PASS, UNSUPPORTED)

# status: one of the words above; text: expected and actual, in words; detail: what the report shows of a failure.
Verdict = namedtuple('Verdict', 'status text detail')
Verdict.__new__.__defaults__ = (None,)

# The contract's exit statuses.  Where one of them means two things, the first
# words on stderr may tell which; the contract asks peers for them.
BY_EXIT_STATUS = {
    1: [(WRONG_ANSWER, '')],
    2: [(REFUSED, '')],
    3: [(END_OF_INPUT, 'truncated'), (MALFORMED, '')],
    4: [(TIME_OUT, '')],
    5: [(RESET, 'reset'), (REFUSED, '')],
    127: [(UNSUPPORTED, '')],
}


def of_exit(status, errors):
    """Name the way a program ended.

    :param status: its exit status, negative for a signal.
    :param errors: what it wrote on stderr.
    :returns: a Verdict, PASS for 0.
    """
    last = errors.strip().splitlines()[-1] if errors.strip() else 'nothing on stderr'
    if status == 0:
        return Verdict(PASS, 'exit status 0')
    if status < 0:
        return Verdict(CRASH, 'died of %s: %s' % (_signal_name(-status), last))
    text = 'exit status %d: %s' % (status, last)
    # An interpreter's uncaught exception must not pass for "the answer was wrong".
    if status not in BY_EXIT_STATUS or 'Traceback (most recent call last)' in errors:
        return Verdict(CRASH, text)
    for name, word in BY_EXIT_STATUS[status]:
        if word in errors:
            return Verdict(name, text)


def _signal_name(number):
    for name in dir(signal):
        if name.startswith('SIG') and '_' not in name and getattr(signal, name) == number:
            return name
    return 'signal %d' % number


def of_lines(expected, actual):
    """Compare payloads with the payloads that were expected.

    :returns: a Verdict: PASS, WRONG_ANSWER, or END_OF_INPUT when there are too few.
    """
    for index, (wanted, came) in enumerate(zip(expected, actual)):
        if wanted != came:
            return Verdict(WRONG_ANSWER, 'reply %d of %d: expected %s, got %s' % (
                index + 1, len(expected), show(wanted), show(came)))
    if len(actual) < len(expected):
        return Verdict(END_OF_INPUT, 'expected %s, got %d' % (_replies(len(expected)), len(actual)))
    if len(actual) > len(expected):
        return Verdict(WRONG_ANSWER, 'expected %s, got %d' % (_replies(len(expected)), len(actual)))
    return Verdict(PASS, '%d replies' % len(expected))


def show(payload):
    """Describe a payload in a few words."""
    shown = repr(payload[:24]).lstrip('b')
    return '%d bytes %s%s' % (len(payload), shown, '...' if len(payload) > 24 else '')


def _replies(count):
    return '%d %s' % (count, 'reply' if count == 1 else 'replies')
