"""asyncio, on Python 3: the event loop of the standard library, with callbacks (PEP 3156).

::

    add_reader(listener, f)          accept, when somebody is there
    connection_made(transport)       there is a connection
    data_received(data)              recv
    eof_received()                   recv = 0
    pause_writing, resume_writing    the output buffer is full, has room again
    transport.write(data)            send, now or later
    loop.call_at(when, f)            the time limit

The loop reads as fast as it can; who does not pause it when the output buffer
is full has an unbounded buffer.

It has no C twin; ``c_ref/iomodels/epolling.c`` is what it does below.
"""

import asyncio

from pyside import netio, signals
from pyside.compat import clock


def serve(server):
    """Serve until SIGTERM or SIGINT.

    :param server: a :class:`pyside.server.Server`.
    """
    loop = asyncio.new_event_loop()
    acceptor = _Acceptor(server, loop)
    loop.add_reader(signals.stop_fd, loop.stop)
    acceptor.resume()
    loop.run_forever()
    acceptor.close_all()


class _Acceptor(object):
    """Accepts, and keeps what is connected."""

    def __init__(self, server, loop):
        self.server = server
        self.loop = loop
        self._count = 0
        self._connected = set()

    def resume(self):
        self.loop.add_reader(self.server.listener.fileno(), self._accept)

    def _pause(self):
        self.loop.remove_reader(self.server.listener.fileno())

    def _accept(self):
        try:
            accepted = netio.accept_some(self.server.listener)
        except netio.Exhausted as error:
            self.server.log('cannot accept: %s; trying again' % error)
            self._pause()
            self.loop.call_later(netio.EXHAUSTED_PAUSE, self.resume)
            return
        if accepted is None:
            return
        sock, peer = accepted
        self._count += 1
        if self._count >= self.server.options.max_connections:
            self._pause()
        self.loop.create_task(self.loop.connect_accepted_socket(lambda: SessionProtocol(self, peer), sock))

    def connected(self, protocol):
        self._connected.add(protocol)

    def disconnected(self, protocol):
        self._connected.discard(protocol)
        if self._count == self.server.options.max_connections:
            self.resume()
        self._count -= 1

    def close_all(self):
        for protocol in self._connected:
            protocol.abort()


class SessionProtocol(asyncio.Protocol):
    """One session over one connection.

    :param acceptor: where the connection comes from.
    :param peer: its name, for the log.
    """

    def __init__(self, acceptor, peer):
        self._acceptor = acceptor
        self._server = acceptor.server
        self._peer = peer
        self._timeout = acceptor.server.options.timeout
        self._session = acceptor.server.new_session()
        self._transport = None
        self._deadline = None
        self._timer = None
        self._closing = False

    def connection_made(self, transport):
        self._transport = transport
        self._server.note(self._peer, 'connected')
        transport.set_write_buffer_limits(high=netio.CHUNK)
        self._acceptor.connected(self)
        self._set_deadline(self._timeout)
        self._say(self._session.start())

    def data_received(self, data):
        if not self._closing:
            self._progress()
            self._say(self._session.receive(data))

    def eof_received(self):
        if not self._closing:
            self._closing = True
            self._progress()
            self._transport.write(self._session.receive_eof())
            self._log(self._session.error)
        # False: close when everything is sent.
        return False

    def connection_lost(self, exception):
        self._acceptor.disconnected(self)
        self._timer.cancel()
        if exception is not None and not self._closing:
            self._log(netio.connection_error(exception))
        self._server.note(self._peer, 'closed')

    def pause_writing(self):
        if not self._transport.is_closing():
            self._transport.pause_reading()

    def resume_writing(self):
        self._progress()
        if not self._transport.is_closing():
            self._transport.resume_reading()

    def abort(self):
        self._closing = True
        self._transport.abort()

    def _say(self, data):
        self._transport.write(data)
        if self._session.finished:
            self._log(self._session.error)
            # As netio.close_gently: half-close, and read until the peer closes too.
            self._closing = True
            self._transport.write_eof()
            self._set_deadline(min(self._timeout, netio.LINGER_SECONDS))

    def _log(self, error):
        if error is not None:
            self._server.log('%s: %s' % (self._peer, error))

    def _progress(self):
        # The timer stays where it is and looks again when it comes: to move it with every byte would cost more.
        if not self._session.time_limit_is_total:
            self._deadline = clock() + self._timeout

    def _set_deadline(self, seconds):
        self._deadline = clock() + seconds
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._acceptor.loop.call_later(seconds, self._look_at_the_clock)

    def _look_at_the_clock(self):
        left = self._deadline - clock()
        if left > 0:
            self._timer = self._acceptor.loop.call_later(left, self._look_at_the_clock)
        elif self._closing:
            self.abort()
        elif self._transport.get_write_buffer_size():
            self._log(netio.silence(self._timeout))
            self.abort()
        else:
            self._say(self._session.receive_timeout(self._timeout))
