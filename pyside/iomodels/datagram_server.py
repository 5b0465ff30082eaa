"""Iterative server for datagrams (Stevens, UNP section 8.4): one socket, all clients.

::

    bind -> recvfrom -> sendto -> recvfrom -> ...

Nobody is accepted and nobody closes: each datagram is a conversation of its
own, and its answer goes where it came from.  One that cannot be answered costs
one line.

C twin: ``c_ref/iomodels/datagram_server.c``.  Read next: ``datagram_client.py``.
"""

import select

from pyside.net import netio
from pyside.net.datagrams import DatagramSocket, too_long
from pyside.wire.errors import PeerError


def serve(server):
    """Serve until SIGTERM or SIGINT.

    :param server: a :class:`pyside.programs.server.Server`; its ``listener`` is the socket.
    """
    sock = DatagramSocket(server.listener, server.options.max_frame)
    while True:
        try:
            netio.wait(server.listener, select.POLLIN, None)
        except netio.Stopped:
            return
        _answer(server, sock)


def _answer(server, sock):
    peer = 'somebody'
    try:
        came = sock.receive()
        if came is None:
            return
        datagram, address = came
        peer = netio.name(address)
        if datagram is None:
            raise too_long(server.options)
        if not address:
            server.note(peer, 'has no address to answer to')
        elif not sock.send(server.new_session().receive(datagram), address):
            server.note(peer, 'has no room for the answer')
    except PeerError as error:
        server.log('%s: %s' % (peer, error))
