"""Iterative server for datagrams (Stevens, UNP section 8.4): one socket, all clients.

::

    bind -> recvfrom -> sendto -> recvfrom -> ...

Nothing is accepted or closed: each datagram has a session of its
own, and its answer goes where it came from.  One that cannot be answered costs
one line.

C twin: ``c_ref/iomodels/datagram_server.c``.  Read next: ``__main__.py``.
"""

import select

from pyside.iomodels.loops import LoopGuard
from pyside.net import netio
from pyside.net.address import name
from pyside.net.datagrams import DatagramSocket, too_long
from pyside.wire.errors import PeerError


def serve(service):
    """Serve until SIGTERM or SIGINT.

    :param service: a :class:`pyside.iomodels.service.Service`; its ``listener`` is the socket.
    """
    sock = DatagramSocket(service.listener, service.options.max_frame)
    guard = LoopGuard(service.listener.getsockname())
    while True:
        try:
            netio.wait(service.listener, select.POLLIN, None)
        except netio.Stopped:
            return
        _answer(service, sock, guard)


def _answer(service, sock, guard):
    peer = 'somebody'
    try:
        came = sock.receive()
        if came is None:
            return
        datagram, address = came
        peer = name(address)
        if datagram is None:
            raise too_long(service.options.max_frame)
        if not address:
            service.note(peer, 'has no address to answer to')
            return
        obstacle = guard.obstacle(address, datagram)
        if obstacle is not None:
            service.log('%s: not answered: %s' % (peer, obstacle))
        elif not sock.send(service.new_session().receive(datagram), address):
            service.note(peer, 'has no room for the answer')
    except PeerError as error:
        service.log('%s: %s' % (peer, error))
