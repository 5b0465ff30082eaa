"""Datagrams that would go round for ever.

::

    forged: from B, to A        "x"
    A -> B "x"    B -> A "x"    A -> B "x"    ...     two servers, or one with itself

Anybody can write any source address into a datagram.  With one in the name of
another server, both answer each other without an end (CERT CA-1996-01); so do
the old services of inetd: echo (RFC 862), chargen, daytime, time.  Therefore
three kinds of datagrams have no answer: those from the server's own address,
those from ports below IPPORT_RESERVED, where such services are and no client is,
and one of many that are the same and come from one address in a row.  That one
is lost, as a datagram may be: a client sends it again, and a loop has ended.

C twin: ``c_ref/iomodels/loops.c``.  Read next: ``iomodels/datagram_server.py``.
"""

# IPPORT_RESERVED of netinet/in.h.
RESERVED = 1024
MOST_IN_A_ROW = 1000
# Addresses share them, so that memory has a bound: two in turn begin to count anew, each time.
SLOTS = 1024


class LoopGuard(object):
    """What one server has answered lately.

    :param own: the address of its socket.
    """

    def __init__(self, own):
        self._own = own
        self._last = [None] * SLOTS
        self._count = [0] * SLOTS

    def obstacle(self, address, datagram):
        """Say why a datagram is not to be answered; None where it is.

        :param address: where it came from.
        """
        if isinstance(address, tuple):
            if address[:2] == self._own[:2]:
                return "it has the server's own address"
            if address[1] < RESERVED:
                return 'no client has a port below %d' % RESERVED
        if self._repeats(address, datagram):
            return 'the same, %d times in a row: maybe it is an answer' % (MOST_IN_A_ROW + 1)
        return None

    def _repeats(self, address, datagram):
        slot = hash(address) % SLOTS
        seen = hash((address, datagram))
        self._count[slot] = self._count[slot] + 1 if self._last[slot] == seen else 1
        self._last[slot] = seen
        if self._count[slot] <= MOST_IN_A_ROW:
            return False
        self._count[slot] = 0
        return True
