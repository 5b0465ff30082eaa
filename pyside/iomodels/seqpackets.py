"""SOCK_SEQPACKET: connections whose messages are datagrams, under the models that wait for one connection at a time.

::

    accept -> recvfrom -> send -> recvfrom -> ... -> the end of input -> close

Each datagram has a session of its own, so nothing is fed in pieces.

C twin: ``c_ref/iomodels/seqpackets.c``.  Read next: ``iomodels/loops.py``.
"""

import select

from pyside.net import netio
from pyside.net.datagrams import DatagramSocket, too_long
from pyside.wire.errors import PeerError


def talk(service, connection, peer):
    """Answer each datagram with one until the end of input, then close.

    :param service: a :class:`pyside.iomodels.service.Service`.
    :param connection: an accepted socket.
    :param peer: its name, for the log.
    """
    service.note(peer, 'connected')
    try:
        _converse(service, connection)
    except PeerError as error:
        service.log('%s: %s' % (peer, error))
    except netio.Stopped:
        pass
    finally:
        netio.close(connection)
        service.note(peer, 'closed')


def _converse(service, connection):
    options = service.options
    sock = DatagramSocket(connection, options.max_frame)
    while True:
        netio.wait(connection, select.POLLIN, options.timeout)
        came = sock.receive()
        if came is None:
            continue
        datagram, _ = came
        if datagram is None:
            raise too_long(options.max_frame)
        if not datagram and sock.ended():
            return
        reply = service.new_session().receive(datagram)
        while not sock.send(reply):
            netio.wait(connection, select.POLLOUT, options.timeout)
