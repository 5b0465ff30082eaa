"""Recorded calls without what changes from run to run, so that two runs can be compared.

::

    connect(5, 127.0.0.1:33270) = 0      connect(fd2, 127.0.0.1:port1) = 0
    poll({5: POLLIN}, 4987) = 1 ...      poll({fd2: POLLIN}, 5000) = 1 ...

Descriptors and ports are named by their first appearance; what is left of a time limit is rounded up, the name
of the machine is NAME, and a part of what was to be sent is PART.
"""

import re

# Ports below are chosen by people: RFC 6335.
EPHEMERAL = 1024
# What this machine is called.
OWN_NAME = re.compile(r'^(gethostname\(\d+\) = 0 ).*')
# How much of what was given the buffers took.
SENT = re.compile(r'^(send\(.*, (\d+), [A-Z0-9_|x]+\) = )(\d+)$')
# The last argument of poll and epoll_wait.
MILLISECONDS = re.compile(r'^((?:poll|epoll_wait)\(.*, )(\d+)(\) = )')


class _Names(object):
    """Gives a name to each number, the next free one to a new number; those below ``least`` stay."""

    def __init__(self, prefix, least, known):
        self.prefix = prefix
        self.least = least
        self.known = known
        self.given = {}

    def __call__(self, match):
        number = match.group(1)
        if number in self.known:
            return self.known[number]
        if int(number) < self.least:
            return number
        return '%s%d' % (self.prefix, self.given.setdefault(number, len(self.given) + 1))


def lines(calls, names=()):
    """Return a line for each call.

    :param calls: of one thread, in their order.
    :param names: ``{descriptor, as text: name}``, for those that have one.
    """
    descriptors, ports = _Names('fd', 0, dict(names)), _Names('port', EPHEMERAL, {})
    return [_same(call.line(descriptors, ports)) for call in calls]


def _same(line):
    line = OWN_NAME.sub(r'\1"NAME"', line)
    line = SENT.sub(_part, line)
    return MILLISECONDS.sub(_rounded, line)


def _rounded(match):
    """Round up to whole seconds, or to tenths where there is less than one; one millisecond more is rounding too."""
    left = int(match.group(2))
    step = 1000 if left >= 1000 else 100
    return '%s%d%s' % (match.group(1), -(-max(left - 1, min(left, 1)) // step) * step, match.group(3))


def _part(match):
    start, given, sent = match.groups()
    return start + (sent if int(sent) == int(given) else 'PART')
