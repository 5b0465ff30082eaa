"""Captured segments beside the calls: which connection each belongs to, what it carries, and which call made it.

Read next: ``rows.py``.
"""

from collections import defaultdict

from pyside.trace import capture

FIN, SYN, RST, PUSH, ACK = 1, 2, 4, 8, 16
NAMES = [(SYN, 'SYN'), (FIN, 'FIN'), (RST, 'RST')]
WRAP = 1 << 32


class Segment(object):
    """One segment, or datagram, of a connection.

    ``side`` is where it came from.  ``start`` and ``stop`` are offsets in its direction, equal where it has no data.
    ``again`` is whether it was sent before.  ``cause`` is the event that made the kernel send it, or None: the kernel
    answers, acknowledges and ends by itself.
    """

    def __init__(self, packet, connection, side):
        self.moment, self.flags, self.connection, self.side = packet.time, packet.flags, connection, side
        self.start = self.stop = 0
        self.again = False
        self.cause = None

    @property
    def is_bare(self):
        """Whether it only acknowledges."""
        return not self.flags & (SYN | FIN | RST) and self.start == self.stop

    @property
    def label(self):
        words = [name for flag, name in NAMES if self.flags & flag]
        if self.flags & SYN and self.flags & ACK:
            words.append('ACK')
        if self.stop > self.start:
            words.append('%d-%d' % (self.start, self.stop))
        return ' '.join(words + ['again'] * self.again) or 'ACK'


def attach(conversation, packets):
    """Give a conversation its segments; those of connections that it does not know are left out.

    :param packets: of :class:`capture.Capture`, with the times of the recorder's clock.
    """
    ends = {}
    for connection in conversation.connections:
        for end, other in [(connection.near, connection.far), (connection.far, connection.near)]:
            local = end.local if end is not None else other.remote
            remote = other.local if other is not None else end.remote
            if local and remote:
                ends[local, remote] = (connection, end.side if end is not None else 1 - other.side, end, other)
    first, reached = {}, defaultdict(int)
    found = []
    for packet in packets:
        key = (packet.source, packet.target)
        if key not in ends:
            continue
        connection, side, end, _ = ends[key]
        segment = Segment(packet, connection, side)
        if packet.protocol == capture.TCP:
            _count(segment, packet, key, first, reached)
            segment.cause = _cause(segment, end)
        else:
            segment.stop = packet.size
        found.append(segment)
    conversation.segments = found


def _count(segment, packet, key, first, reached):
    """Turn sequence numbers into offsets: the first byte of data comes behind SYN, which takes a number, too."""
    if packet.flags & SYN:
        first[key] = (packet.sequence + 1) % WRAP
        segment.again = reached[key] > 0
        reached[key] = max(reached[key], 1)
        return
    segment.start = (packet.sequence - first.get(key, packet.sequence)) % WRAP
    segment.stop = segment.start + packet.size
    taken = segment.stop + 1 + bool(packet.flags & FIN)
    segment.again = taken <= reached[key] and (packet.size > 0 or bool(packet.flags & FIN))
    reached[key] = max(reached[key], taken if packet.size or packet.flags & FIN else 0)


def _cause(segment, end):
    """Return the call that made the kernel send a segment."""
    if end is None:
        return None
    if segment.flags & SYN:
        asked = [event for event in end.connects if event.name == 'connect']
        return asked[0] if asked else None
    if segment.flags & (FIN | RST):
        ending = [event for event in end.ends if event.entered <= segment.moment and
                  'SHUT_RD,' not in event.arguments + ',']
        if ending:
            return ending[-1]
    sends = [event for event in end.sends if event.start is not None and event.start < segment.stop and
             event.stop > segment.start]
    return sends[0] if sends else None
