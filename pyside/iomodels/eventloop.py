"""One thread, many connections: the loop that the select, poll and epoll models share.

::

    watch the listener and the stop pipe
    repeat:  wait until something is ready, or a deadline
             the stop pipe:   close everything, return
             the listener:    accept those that wait, watch the new connections
             a connection:    let it do what it can without waiting, watch what it waits for now
             a program:       take its output
             a deadline, or more work:  tell the connection

How to wait is the only thing in which the models differ: see ``selecting.py``.

C twin: ``c_ref/iomodels/eventloop.c``.  Read next: ``iomodels/selecting.py``.
"""

from pyside.iomodels.connection import Connection
from pyside.iomodels.service import EXHAUSTED_PAUSE
from pyside.net import listening, netio, signals
from pyside.net.compat import clock
from pyside.net.timers import Timed, Timers
from pyside.wire.errors import no_memory

# At most this many connections are accepted before the others get their turn; but one for every few of the others,
# because an accept that finds nothing costs more than to be told that somebody waits.
ACCEPTS_PER_ROUND = 64
TURNS_PER_ACCEPT = 4


def serve(service, poller):
    """Serve until SIGTERM or SIGINT.

    :param service: a :class:`pyside.iomodels.service.Service`.
    :param poller: what waits; it has ``watch(fd, reading, writing)``, ``unwatch(fd)``, ``closed(fd)``,
        ``wait(seconds or None)``, which lists ``(fd, events)``, ``only_writable``, the events of one
        that is not readable, and ``fd_limit``, an exclusive upper bound for descriptors, or None.
    """
    _EventLoop(service, poller).run()


class _Pause(Timed):
    """An item of the timers: nothing is accepted until its deadline."""

    def __init__(self):
        self.deadline = clock() + EXHAUSTED_PAUSE


class _EventLoop(object):

    def __init__(self, service, poller):
        self._service = service
        self._poller = poller
        self._timers = Timers()
        self._connections = {}
        self._programs = {}
        self._working = set()
        self._accepting = False
        self._pause = None

    def run(self):
        listener_fd, only_writable = self._service.listener.fileno(), self._poller.only_writable
        self._poller.watch(signals.stop_fd, True, False)
        self._update_listener()
        stopping = False
        while not stopping:
            left = self._timers.seconds_left(clock())
            if self._working or left == 0:
                for item in self._due():
                    self._on_time(item)
                left = self._timers.seconds_left(clock())
            ready = self._poller.wait(0 if self._working else left)
            for fd, events in ready:
                connection = self._connections.get(fd)
                if connection is not None:
                    self._handle(connection, Connection.on_ready, events != only_writable)
                elif fd == signals.stop_fd:
                    stopping = True
                elif fd == listener_fd:
                    self._accept(min(ACCEPTS_PER_ROUND, 1 + len(ready) // TURNS_PER_ACCEPT))
                # A program that ended a moment ago may still be in the list.
                elif fd in self._programs:
                    self._handle(self._programs[fd], Connection.on_output)
        for connection in self._connections.values():
            connection.close()

    def _due(self):
        """List what has more work, and what has come to its deadline."""
        working, self._working = self._working, set()
        return list(working) + self._timers.expired(clock())

    def _on_time(self, item):
        if item is self._pause:
            self._timers.remove(item)
            self._pause = None
            self._update_listener()
        elif not item.closed:
            self._handle(item, Connection.on_time)

    def _accept(self, most):
        for _ in range(most):
            try:
                accepted = self._service.accept_some() if self._accepting else None
            except listening.Exhausted as error:
                self._service.log_exhausted(error)
                self._rest()
                return
            if accepted is None:
                return
            self._adopt(*accepted)

    def _adopt(self, sock, peer):
        if self._is_beyond_limit(sock.fileno(), peer):
            netio.close(sock)
            return
        try:
            connection = Connection(self._service, sock, peer)
        except MemoryError:
            self._service.refuse_for_memory(sock, peer)
            return
        self._connections[connection.fd] = connection
        self._timers.add(connection)
        # A client mostly says something at once: then it is answered without a wait.
        self._handle(connection, Connection.on_ready, True)
        if len(self._connections) >= self._service.options.max_connections:
            self._update_listener()

    def _handle(self, connection, verb, *arguments):
        if connection.execution is not None:
            # Before its pipe is closed: the next program's pipe may get the same number.
            self._poller.unwatch(connection.execution.fd)
            del self._programs[connection.execution.fd]
        try:
            verb(connection, *arguments)
        except MemoryError:
            connection.lose(no_memory())
        self._update(connection)

    def _is_beyond_limit(self, fd, peer):
        limit = self._poller.fd_limit
        if limit is None or fd < limit:
            return False
        self._service.log('%s: refused: descriptor %d is not below FD_SETSIZE, %d' % (peer, fd, limit))
        return True

    def _update(self, connection):
        """Watch what the connection waits for now."""
        execution = connection.execution
        if execution is not None and self._is_beyond_limit(execution.fd, connection.peer):
            connection.close()
        if connection.closed:
            self._forget(connection)
            return
        try:
            self._poller.watch(connection.fd, connection.wants_read, connection.wants_write)
            if execution is not None:
                self._poller.watch(execution.fd, True, False)
        except EnvironmentError as error:
            # No memory, or more than a user may watch: epoll_ctl(2).  It costs this connection.
            self._service.log('%s: cannot watch: %s' % (connection.peer, netio.reason(error)))
            if execution is not None:
                self._poller.unwatch(execution.fd)
            connection.close()
            self._forget(connection)
            return
        if execution is not None:
            self._programs[execution.fd] = connection
        if connection.wants_more_time:
            self._working.add(connection)
        if connection.deadline < connection.entry:
            self._timers.moved(connection)

    def _forget(self, connection):
        del self._connections[connection.fd]
        self._working.discard(connection)
        self._timers.remove(connection)
        self._poller.closed(connection.fd)
        if not self._accepting:
            self._update_listener()

    def _update_listener(self):
        """Watch the listener, unless the connection limit is reached, or the descriptors are used up."""
        accepting = self._pause is None and len(self._connections) < self._service.options.max_connections
        if accepting and not self._accepting:
            try:
                self._poller.watch(self._service.listener.fileno(), True, False)
            except EnvironmentError as error:
                self._service.log_exhausted(netio.reason(error))
                self._rest()
                return
        elif self._accepting and not accepting:
            self._poller.unwatch(self._service.listener.fileno())
            if self._pause is None:
                self._service.log_full()
        self._accepting = accepting

    def _rest(self):
        """Accept nothing for a while."""
        self._pause = _Pause()
        self._timers.add(self._pause)
        self._update_listener()
