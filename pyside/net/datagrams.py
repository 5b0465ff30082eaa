"""Sockets that keep the boundaries of messages: SOCK_DGRAM and SOCK_SEQPACKET.

::

    sendto(datagram, address)     all of it or nothing
    recvfrom(room)                one datagram; what does not fit is gone, without a word

So the room is one byte more than the longest datagram allowed: a datagram that
fills it was too long.  The longest that can be sent is not for us to say:
65507 bytes over IPv4, 65527 over IPv6 (less the headers, RFC 768), on unix
sockets what SO_SNDBUF holds; beyond that ``sendto`` fails with EMSGSIZE.

An empty datagram is a message, although ``recv`` returns 0 for it as it does at
the end of a stream.  A SOCK_SEQPACKET has both, and only ``poll`` can tell which.

Call by call, with what C does: ``python -m pyside map recvfrom``.
C twin: ``c_ref/net/datagrams.c``.  Read next: ``net/allowlist.py``.
"""

import errno
import select
import socket

from pyside.net import netio
from pyside.wire.errors import RESET, TOO_LONG, UNREACHABLE, UNSENDABLE, PeerError

# More than any system sends; recv allocates it, and memory that is not touched costs nothing.
ROOM = 16 * 1024 * 1024
# UDP's length has 16 bits.  PyPy touches all that it allocates for recv, which takes it ten milliseconds for ROOM.
ROOM_OF_UDP = 65535

# PY2: the module does not have the name; the number is that of poll(2) on Linux.
POLLRDHUP = getattr(select, 'POLLRDHUP', 0x2000)

NOBODY_THERE = (errno.ECONNREFUSED, errno.ENOENT, errno.EHOSTUNREACH, errno.ENETUNREACH)


class DatagramSocket(object):
    """A socket, and the longest datagram that it takes.

    :param sock: a non-blocking socket.
    :param limit: the longest datagram allowed, in bytes.
    """

    def __init__(self, sock, limit):
        self.sock = sock
        self._limit = min(limit, ROOM if sock.family == socket.AF_UNIX else ROOM_OF_UDP)

    def receive(self):
        """Call ``recvfrom`` once.

        :returns: ``(datagram as bytes, address)``, where the datagram is None when it is too long; None when
            nothing is there.
        :raises PeerError: ``unreachable`` when no socket listens at the address of a connected socket, ``reset``.
        """
        try:
            datagram, address = self.sock.recvfrom(self._limit + 1)
        except socket.error as error:
            if error.errno in netio.WOULD_BLOCK or error.errno == errno.EINTR:
                return None
            raise self._error(error)
        return (datagram if len(datagram) <= self._limit else None), address

    def send(self, datagram, address=None):
        """Call ``send``, or ``sendto``, once.

        :param datagram: bytes, which may be none.
        :param address: where to, when the socket is not connected.
        :returns: whether there was room for it.
        :raises PeerError: ``unsendable`` when the kernel does not send datagrams of that length, ``unreachable``,
            ``reset``.
        """
        try:
            if address is None:
                self.sock.send(datagram)
            else:
                self.sock.sendto(datagram, address)
        except socket.error as error:
            if error.errno == errno.EMSGSIZE:
                raise PeerError(UNSENDABLE, 'datagram of %d bytes: %s' % (len(datagram), netio.reason(error)))
            if error.errno in netio.WOULD_BLOCK or error.errno in (errno.EINTR, errno.ENOBUFS):
                return False
            raise self._error(error, address)
        return True

    def ended(self):
        """Tell whether an empty datagram from a SOCK_SEQPACKET was the end of input.

        Not quite: where the end is already behind an empty datagram, both look the same.
        """
        fd = self.sock.fileno()
        return bool(netio.poll({fd: POLLRDHUP}, 0).get(fd, 0) & (POLLRDHUP | select.POLLHUP))

    def _error(self, error, address=None):
        """Turn a socket error into a :class:`PeerError`, with the address where no socket listens."""
        if error.errno not in NOBODY_THERE:
            return PeerError(RESET, netio.reason(error))
        try:
            return netio.unreachable('cannot reach', address or self.sock.getpeername(), error.errno)
        except socket.error:
            return PeerError(UNREACHABLE, netio.reason(error))  # it is not connected, so nobody knows which address


def too_long(limit):
    """Make the error for a datagram of more than ``limit`` bytes."""
    return PeerError(TOO_LONG, 'datagram of more than %d bytes' % limit)
