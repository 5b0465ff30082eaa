"""asyncio, on Python 3: the event loop of the standard library, with callbacks (PEP 3156).

::

    add_reader(listener, f)          accept, when somebody is there
    connection_made(transport)       there is a connection
    data_received(data)              recv
    eof_received()                   recv = 0
    pause_writing, resume_writing    the output buffer is full, has room again
    transport.write(data)            send, now or later
    add_reader(pipe, f)              a program that runs for the client has said something
    loop.call_at(when, f)            the time limit

The loop reads as fast as it can; who does not pause it when the output buffer
is full has an unbounded buffer.

It has no C twin; ``c_ref/iomodels/epolling.c`` is what it does below.
"""

import asyncio

from pyside.net import listening, netio, signals
from pyside.net.compat import clock
from pyside.net.execution import Execution


def serve(server):
    """Serve until SIGTERM or SIGINT.

    :param server: a :class:`pyside.programs.server.Server`.
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
            accepted = listening.accept_some(self.server)
        except listening.Exhausted as error:
            self.server.log('cannot accept: %s; trying again' % error)
            self._pause()
            self.loop.call_later(listening.EXHAUSTED_PAUSE, self.resume)
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
        self._execution = None
        self._full = False
        self._reading = True

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
            self._execute()
            self._update_reading()

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
        self._end_execution()
        if exception is not None and not self._closing:
            self._log(netio.connection_error(exception))
        self._server.note(self._peer, 'closed')

    def pause_writing(self):
        self._full = True
        self._update_reading()

    def resume_writing(self):
        self._full = False
        self._progress()
        self._execute()
        self._update_reading()

    def abort(self):
        self._closing = True
        self._end_execution()
        self._transport.abort()

    def _update_reading(self):
        """Read while there is room for an answer, and no program runs."""
        wanted = not self._full and self._session.request is None
        if self._transport.is_closing() or wanted == self._reading:
            return
        self._reading = wanted
        if wanted:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()

    def _execute(self):
        """Begin to run the program that the session asks for; one that cannot be started is over at once."""
        while self._session.request is not None and self._execution is None and not self._full:
            self._execution = Execution(self._server.options, self._session.request)
            if self._execution.over:
                self._answer()
            else:
                self._acceptor.loop.add_reader(self._execution.fd, self._on_output)
                self._set_deadline(self._execution.deadline - clock())

    def _on_output(self):
        self._execution.read()
        if self._execution.over:
            self._on_result()

    def _on_result(self):
        # First of all: the next program's pipe may get the same number.
        self._acceptor.loop.remove_reader(self._execution.fd)
        self._set_deadline(self._timeout)
        self._answer()
        self._execute()
        self._update_reading()

    def _answer(self):
        execution, self._execution = self._execution, None
        self._server.note_killed(self._peer, self._session.request, execution)
        self._say(self._session.receive_result(execution.status, execution.output))

    def _end_execution(self):
        if self._execution is not None:
            self._acceptor.loop.remove_reader(self._execution.fd)
            self._execution.kill()
            self._execution = None

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
        if not self._session.time_limit_is_total and self._execution is None:
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
        elif self._execution is not None:
            self._execution.on_deadline()
            self._on_result()
        elif self._transport.get_write_buffer_size():
            self._log(netio.silence(self._timeout))
            self.abort()
        else:
            self._say(self._session.receive_timeout(self._timeout))
