"""Which socket a call was about: descriptors are numbers that processes give away, copy, inherit and use again.

Read next: ``connections.py``.
"""

import re
from collections import defaultdict

DESCRIPTOR = re.compile('\x01(-?\\d+)')
# What is looked up or given up is so when a call is entered: another thread may get the number before it returns.
ON_ENTRY, ON_RETURN = 0, 1
# The second number of dup2 is closed, if it was open.
COPYING_OVER = ('dup2', 'dup3')
OF_SEVERAL = ('epoll_', 'poll', 'ppoll', 'select', 'pselect', 'getaddrinfo')
CLOSING_MANY = ('close_range', 'closefrom')


class End(object):
    """One end of a connection, or a socket that has none: what ``socket`` or ``accept`` made.

    ``family`` and ``type`` are names (``AF_INET``, ``SOCK_STREAM``), '' where they are unknown.  ``local`` and
    ``remote`` are addresses as the recorder writes them, without marks.  ``made`` is the event that made it.
    ``connects``, ``sends``, ``receives``, ``ends`` (shutdown and what closes) are events in their order.  ``holders``
    says of each ``(process, descriptor)`` whether it is still open.
    """

    def __init__(self, side, made=None, family='', kind=''):
        self.side, self.made = side, made
        self.family, self.type = family, kind
        self.local, self.remote = '', ''
        self.listening = False
        self.listener = None
        self.peer = None
        self.connection = None
        self.connects, self.sends, self.receives, self.ends = [], [], [], []
        self.holders = {}

    @property
    def is_stream(self):
        return self.type in ('SOCK_STREAM', '')


def attach(events, forks):
    """Give each event the ends that it is about.

    :param events: in the order in which they were entered.
    :param forks: of :class:`pyside.calls.notes.Notes`.
    :returns: all :class:`End` objects, in the order in which they were made.
    """
    tables = _Tables()
    moments = []
    for event in events:
        moments.append((event.entered, ON_ENTRY, event.number, tables.enter, event))
        if event.returned is not None:
            moments.append((event.returned, ON_RETURN, event.number, tables.leave, event))
    for number, fork in enumerate(forks):
        moments.append((fork.at, ON_ENTRY, number, tables.fork, fork))
    for _, _, _, happen, what in sorted(moments, key=lambda one: one[:3]):
        happen(what)
    return tables.ends


class _Tables(object):
    def __init__(self):
        self.ends = []
        self._of = defaultdict(dict)

    def fork(self, fork):
        for fd, end in self._of[fork.parent].items():
            self._hold(fork.process, fd, end)

    def enter(self, event):
        fds = [int(fd) for fd in DESCRIPTOR.findall(event.marked_arguments)]
        if not fds or event.name in CLOSING_MANY or event.name.startswith(OF_SEVERAL):
            event.others = [end for end in map(self._of[event.process].get, fds) if end is not None]
            return
        event.fd = fds[0]
        event.end = self._find(event)
        if event.name == 'close':
            self._close(event, event.fd)
        elif event.name in COPYING_OVER and fds[1] != fds[0]:
            self._close(event, fds[1])

    def leave(self, event):
        if event.error is not None or event.result is None:
            return
        fds = [int(fd) for fd in DESCRIPTOR.findall(event.marked_result)]
        if event.name == 'socket':
            family, kind = (event.arguments.split(', ') + [''])[:2]
            self._make(event, fds[0], family, kind.partition('|')[0])
        elif event.name == 'socketpair':
            family, kind = (event.arguments.split(', ') + [''])[:2]
            both = [self._make(event, fd, family, kind.partition('|')[0]) for fd in fds[:2]]
            both[0].peer, both[1].peer = both[1], both[0]
        elif event.name in ('accept', 'accept4') and event.end is not None:
            made = self._make(event, fds[0], event.end.family, event.end.type)
            made.listener = event.end
            event.accepted = made
        elif event.name in CLOSING_MANY:
            for fd in fds:
                self._close(event, fd)
        elif event.name in COPYING_OVER + ('dup',) or event.arguments.partition(', ')[2].startswith('F_DUPFD'):
            if event.end is not None and fds:
                self._hold(event.process, fds[0], event.end)
        elif event.name == 'listen' and event.end is not None:
            event.end.listening = True

    def _make(self, event, fd, family, kind):
        end = End(event.side, event, family, kind)
        self.ends.append(end)
        self._hold(event.process, fd, end)
        event.end = event.end or end
        return end

    def _hold(self, process, fd, end):
        self._of[process][fd] = end
        end.holders[process, fd] = True

    def _close(self, event, fd):
        end = self._of[event.process].pop(fd, None)
        if end is not None:
            end.holders[event.process, fd] = False
            event.closed.append(end)

    def _find(self, event):
        """Return the end behind a call's descriptor; one that nobody saw being made is made here."""
        table = self._of[event.process]
        if event.fd in table:
            return table[event.fd]
        if event.name in COPYING_OVER + ('close', 'dup', 'fcntl', 'ioctl') or event.error == 'EBADF':
            return None
        end = End(event.side)
        self.ends.append(end)
        self._hold(event.process, event.fd, end)
        return end
