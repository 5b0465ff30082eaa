"""One session over one connection that never waits: the state that an event loop keeps for each client.

::

              +---------+  session finished,   +-----------+  FIN came, or
    accept -> | talking |  all sent            | lingering |  time is over
              +---------+ -------------------> +-----------+ -------------> closed
                   |        FIN was heard                                     ^
                   +----------------------------------------------------------+
                     or an error, or the time limit

It is read from only while little waits to be sent: so a client that does not
read its replies is not read from either, and the buffer stays bounded.

C twin: ``c_ref/connection.c``.  Read next: ``eventloop.py``.
"""

from pyside import netio
from pyside.buffer import Buffer
from pyside.compat import clock
from pyside.errors import PeerError


class Connection(object):
    """What an event loop keeps for one client.

    :param server: a :class:`pyside.server.Server`.
    :param sock: an accepted socket.
    :param peer: its name, for the log.

    ``reading``, ``writing``
        what the connection waits for.
    ``deadline``
        when it has to be told that its time is over.
    ``fd``
        the descriptor, also after the close.
    """

    def __init__(self, server, sock, peer):
        self.fd = sock.fileno()
        self.closed = False
        self._sock = sock
        self._server = server
        self._peer = peer
        self._timeout = server.options.timeout
        self._session = server.new_session()
        self._out = Buffer(self._session.start())
        self._heard_all = False
        self._lingering = False
        self.deadline = clock() + self._timeout
        server.note(peer, 'connected')

    @property
    def reading(self):
        return self._lingering or (not self._session.finished and len(self._out) < netio.CHUNK)

    @property
    def writing(self):
        return len(self._out) > 0

    def on_ready(self, readable, writable):
        """Do what can be done without waiting."""
        try:
            if writable:
                self._send()
            if readable and self.reading:
                self._receive()
            self._settle()
        except PeerError as error:
            self._fail(error)

    def on_deadline(self):
        """The time limit is over."""
        try:
            if self._lingering:
                self.close()
            elif self.writing:
                self._fail(netio.silence(self._timeout))
            else:
                self._out.append(self._session.receive_timeout(self._timeout))
                self._send()
                self.deadline = clock() + self._timeout
                self._settle()
        except PeerError as error:
            self._fail(error)

    def close(self):
        self.closed = True
        self._sock.close()
        self._server.note(self._peer, 'closed')

    def _fail(self, error):
        if not self._lingering:
            self._server.log('%s: %s' % (self._peer, error))
        self.close()

    def _send(self):
        if not self.writing:
            return
        sent = netio.send_some(self._sock, self._out.view())
        self._out.consume(sent)
        if sent:
            self._progress()

    def _receive(self):
        data = netio.recv_some(self._sock)
        if data is None:
            return
        if self._lingering:
            if not data:
                self.close()
            return
        self._progress()
        if data:
            self._out.append(self._session.receive(data))
        else:
            self._heard_all = True
            self._out.append(self._session.receive_eof())
        self._send()

    def _progress(self):
        if not self._session.time_limit_is_total:
            self.deadline = clock() + self._timeout

    def _settle(self):
        """Once everything has been said: close, or wait until the peer has read it."""
        if self.closed or self._lingering or self.writing or not self._session.finished:
            return
        if self._session.error is not None:
            self._server.log('%s: %s' % (self._peer, self._session.error))
        if self._heard_all:
            self.close()
        else:
            netio.half_close(self._sock)
            self._lingering = True
            self.deadline = clock() + min(self._timeout, netio.LINGER_SECONDS)
