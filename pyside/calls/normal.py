"""Recorded calls without what changes from run to run, so that two runs can be compared.

::

    connect(5, 127.0.0.1:33270) = 0      connect(fd2, 127.0.0.1:port1) = 0
    poll({5: POLLIN}, 4987) = 1 ...      poll({fd2: POLLIN}, 5000) = 1 ...

Descriptors and ports are named by their first appearance; what is left of a time limit is rounded up.
"""

import re

# The last argument of poll and epoll_wait.
MILLISECONDS = re.compile(r'^((?:poll|epoll_wait)\(.*, )(\d+)(\) = )')


class Names(object):
    """Gives a name to each number, the next free one to a new number."""

    def __init__(self, prefix):
        self.prefix = prefix
        self.given = {}

    def __call__(self, match):
        number = match.group(1)
        if number.startswith('-'):
            return number
        return '%s%d' % (self.prefix, self.given.setdefault(number, len(self.given) + 1))


def lines(calls):
    """Return a line for each call.

    :param calls: of one thread, in their order.
    """
    descriptors, ports = Names('fd'), Names('port')
    return [_rounded(call.line(descriptors, ports)) for call in calls]


def _rounded(line):
    return MILLISECONDS.sub(
        lambda match: '%s%d%s' % (match.group(1), -(-int(match.group(2)) // 100) * 100, match.group(3)), line)
