"""The queues of one TCP connection, asked of the kernel: sock_diag(7), Linux.

::

    nlmsghdr      length u32, type u16, flags u16, sequence u32, port u32
    request       family u8, protocol u8, ext u8, pad u8, states u32, the connection
    answer        family u8, state u8, timer u8, retransmissions u8, the connection, expires u32, rqueue u32, wqueue u32
    connection    its port, the other's, big-endian; its address, the other's, 16 bytes each; interface u32; cookie u64

``/proc/net/tcp`` says the same of all connections at once, which takes the kernel some milliseconds.
"""

import socket
import struct

AF_NETLINK, NETLINK_SOCK_DIAG = 16, 4
SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST = 20, 1
HEADER = '=LHHLL'
ANY_COOKIE = b'\xff' * 8
CONNECTION_SIZE = 48


class Unavailable(Exception):
    """The kernel does not answer such questions."""


def queues(family, here, there):
    """Return how many bytes one end of a connection has not read, and how many of its own are not acknowledged.

    :param here: ``(address, port)`` of that end, ``there`` of the other.
    :returns: ``(unread, unacknowledged)``, zeros when there is no such connection.
    :raises Unavailable: where only ``/proc/net/tcp`` tells.
    """
    request = struct.pack('=BBBBL', family, socket.IPPROTO_TCP, 0, 0, 0xffffffff) + struct.pack(
        '>HH', here[1], there[1]) + _packed(family, here[0]) + _packed(family, there[0]) + b'\0' * 4 + ANY_COOKIE
    size = struct.calcsize(HEADER)
    try:
        asking = socket.socket(AF_NETLINK, socket.SOCK_RAW, NETLINK_SOCK_DIAG)
        try:
            asking.settimeout(1)
            asking.send(struct.pack(HEADER, size + len(request), SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST, 1, 0) + request)
            answer = asking.recv(8192)
        finally:
            asking.close()
    except EnvironmentError as error:
        raise Unavailable(str(error))
    if struct.unpack_from(HEADER, answer)[1] != SOCK_DIAG_BY_FAMILY:
        number = -struct.unpack_from('=l', answer, size)[0]
        if number == 2:  # ENOENT: the connection is gone
            return 0, 0
        raise Unavailable('errno %d' % number)
    _, unread, unacknowledged = struct.unpack_from('=LLL', answer, size + 4 + CONNECTION_SIZE)
    return unread, unacknowledged


def _packed(family, address):
    return socket.inet_pton(family, address.split('%')[0]).ljust(16, b'\0')
