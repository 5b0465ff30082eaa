"""Which bytes a call moved: offsets in the stream of each direction, and the arrows from ``send`` to ``recv``.

::

    send 6    send 4             the ranges that sends covered:  0-6, 6-10
    |----6----|--4--|
    |--3--|-----7---|            the ranges that recvs took:     0-3, 3-10
    recv 3   recv 7              three arrows:                   0-3, 3-6, 6-10

Datagrams have no offsets: the first that was sent with the same bytes, and not received yet, is the one.
Read next: ``frames.py``.
"""

from collections import namedtuple

# What a call moved: start and stop are offsets in bytes, or for datagrams 0 and the size.
Transfer = namedtuple('Transfer', 'sent received start stop')


class Flow(object):
    """One direction of a connection, from ``source`` to ``sink``; either End may be None.

    ``sends`` and ``receives`` are events with ``start`` and ``stop``; ``transfers`` are the arrows.  ``lost`` are the
    sends that nobody received.  ``frames`` is filled by ``frames.py``.
    """

    def __init__(self, connection, source, sink):
        self.connection, self.source, self.sink = connection, source, sink
        self.sends = _moved(source.sends, source, sink, connection) if source else []
        self.receives = _moved(sink.receives, sink, source, connection) if sink else []
        self.transfers, self.lost, self.frames, self.frame_starts = [], [], [], []
        if connection.is_stream:
            _count(self.sends)
            _count(self.receives)
            self.transfers = list(_overlaps(self.sends, self.receives))
        else:
            self._match_datagrams()

    def size(self):
        """Return how many bytes were sent, or, where that was not seen, received."""
        return max([event.stop for event in self.sends + self.receives] or [0])

    def _match_datagrams(self):
        for event in self.sends + self.receives:
            event.start, event.stop = 0, event.value
        left = list(self.sends)
        for event in self.receives:
            for sent in left:
                # A receiver that gave too little room got the first bytes.
                if sent.entered < event.returned and sent.data[:len(event.data)] == event.data:
                    self.transfers.append(Transfer(sent, event, 0, event.value))
                    left.remove(sent)
                    break
        self.lost = left if self.sink is not None else []


def flows(connection):
    """Return the two directions, that of the one who asked for the connection first."""
    return [Flow(connection, connection.near, connection.far), Flow(connection, connection.far, connection.near)]


def _moved(events, end, other, connection):
    """Choose those that moved something; a socket for datagrams has many others to talk to."""
    found = [event for event in events if event.value is not None and (event.value > 0 or not end.is_stream)]
    if connection.is_stream or end is connection.near:
        return found
    return [event for event in found if other is not None and (not event.target or _same(event.target, other.local))]


def _same(one, other):
    """Compare two addresses; a socket that is bound to any host has its port alone."""
    hosts, ports = zip(*[address.rpartition(':')[::2] for address in (one, other)])
    return one == other or (ports[0] == ports[1] and bool({'0.0.0.0', '[::]'} & set(hosts)))


def _count(events):
    at = 0
    for event in events:
        event.start, event.stop = at, at + event.value
        if not event.is_peek:
            at = event.stop


def _overlaps(sends, receives):
    first = 0
    for event in receives:
        while first < len(sends) and sends[first].stop <= event.start:
            first += 1
        for number in range(first, len(sends)):
            sent = sends[number]
            if sent.start >= event.stop:
                break
            yield Transfer(sent, event, max(sent.start, event.start), min(sent.stop, event.stop))
