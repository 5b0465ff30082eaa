"""asyncio, on Python 3: the event loop of the standard library, told what to call when (PEP 3156).

::

    loop.add_reader(listener, f)      accept, when a connection waits
    loop.add_reader(socket, f)        recv, when something is there
    loop.add_writer(socket, f)        send, when the kernel has room again
    loop.add_reader(pipe, f)          read what a program has written
    loop.call_at(when, f)             a deadline
    loop.call_soon(f)                 more work, after the others had their turn

These are the calls below asyncio's transports.  A transport reads ahead and
sends behind one's back: it does not say when the peer has taken something, so an
idle timeout over it cuts off clients that read slowly but never pause.

It has no C twin; ``c_ref/iomodels/epolling.c`` is what it does below.
Read next: ``iomodels/socketserving.py``.
"""

import asyncio

from pyside.iomodels.connection import Connection
from pyside.iomodels.eventloop import ACCEPTS_PER_ROUND
from pyside.iomodels.service import EXHAUSTED_PAUSE
from pyside.net import listening, netio, signals
from pyside.net.compat import clock
from pyside.net.timers import NEVER
from pyside.wire.errors import no_memory


def serve(service):
    """Serve until SIGTERM or SIGINT.

    :param service: a :class:`pyside.iomodels.service.Service`.
    """
    loop = asyncio.new_event_loop()
    acceptor = _Acceptor(service, loop)
    loop.add_reader(signals.stop_fd, loop.stop)
    acceptor.resume()
    loop.run_forever()
    acceptor.close_all()


class _Acceptor(object):
    """Accepts, and keeps what is connected."""

    def __init__(self, service, loop):
        self.service = service
        self.loop = loop
        self._served = set()

    def resume(self):
        self.loop.add_reader(self.service.listener.fileno(), self._accept)

    def forget(self, served):
        if self._is_full():
            self.resume()
        self._served.discard(served)

    def close_all(self):
        for served in list(self._served):
            served.close()

    def _pause(self):
        self.loop.remove_reader(self.service.listener.fileno())

    def _is_full(self):
        return len(self._served) >= self.service.options.max_connections

    def _accept(self):
        for _ in range(ACCEPTS_PER_ROUND):
            try:
                accepted = self.service.accept_some()
            except listening.Exhausted as error:
                self.service.log_exhausted(error)
                self._pause()
                self.loop.call_later(EXHAUSTED_PAUSE, self.resume)
                return
            if accepted is None:
                return
            try:
                served = _Served(self, *accepted)
            except MemoryError:
                self.service.refuse_for_memory(*accepted)
                return
            self._served.add(served)
            served.on_ready(True)
            if self._is_full():
                self._pause()
                self.service.log_full()
                return


class _Served(object):
    """One connection, and what the loop was told about it."""

    def __init__(self, acceptor, sock, peer):
        self._acceptor = acceptor
        self._loop = acceptor.loop
        self._connection = Connection(acceptor.service, sock, peer)
        self._reading = False
        self._writing = False
        self._working = False
        self._timer = None
        self._timer_deadline = NEVER

    def on_ready(self, readable):
        self._handle(Connection.on_ready, readable)

    def close(self):
        self._handle(Connection.close)

    def _on_timer(self):
        self._timer_deadline = NEVER
        self._on_time()

    def _on_turn(self):
        self._working = False
        self._on_time()

    def _on_time(self):
        self._handle(Connection.on_time)

    def _on_output(self):
        self._handle(Connection.on_output)

    def _handle(self, verb, *arguments):
        connection = self._connection
        if connection.closed:
            return  # by what was called before, in the same turn of the loop
        if connection.execution is not None:
            # Before its pipe is closed: the next program's pipe may get the same number.
            self._loop.remove_reader(connection.execution.fd)
        try:
            verb(connection, *arguments)
        except MemoryError:
            connection.lose(no_memory())
        if not connection.closed:
            try:
                self._watch(connection.wants_read, connection.wants_write)
                if connection.execution is not None:
                    self._loop.add_reader(connection.execution.fd, self._on_output)
            except EnvironmentError as error:
                self._acceptor.service.log('%s: cannot watch: %s' % (connection.peer, netio.reason(error)))
                connection.close()
        if connection.closed:
            self._unwatch()
            self._set_timer(NEVER)
            self._acceptor.forget(self)
            return
        if connection.wants_more_time and not self._working:
            self._working = True
            self._loop.call_soon(self._on_turn)
        self._set_timer(connection.deadline)

    def _watch(self, reading, writing):
        fd = self._connection.fd
        if reading != self._reading:
            self._reading = reading
            self._loop.add_reader(fd, self.on_ready, True) if reading else self._loop.remove_reader(fd)
        if writing != self._writing:
            self._writing = writing
            self._loop.add_writer(fd, self.on_ready, False) if writing else self._loop.remove_writer(fd)

    def _unwatch(self):
        """Let the loop forget a socket that is closed.

        Where it was watched for both, asyncio asks epoll for the one that is left first; epoll does not know the
        socket any more (EBADF), and asyncio has forgotten it.
        """
        try:
            self._watch(False, False)
        except EnvironmentError:
            pass

    def _set_timer(self, deadline):
        """Be woken at the deadline, or before: to move the timer with every byte would cost more than the byte."""
        if deadline < self._timer_deadline or deadline == NEVER:
            if self._timer is not None:
                self._timer.cancel()
            self._timer_deadline = deadline
            if deadline < NEVER:
                # Relative, because asyncio has a clock of its own.
                self._timer = self._loop.call_later(max(0, deadline - clock()), self._on_timer)
