"""One thread, many connections: the loop that the select, poll and epoll models share.

::

    watch the listener and the stop pipe
    repeat:  wait until something is ready, or a time limit is over
             the stop pipe:   close everything, return
             the listener:    accept, watch the new connection
             a connection:    let it do what it can without waiting, watch what it waits for now
             a time limit:    tell the connection

How to wait is the only thing in which the models differ: see ``iomodels/selecting.py``.

C twin: ``c_ref/eventloop.c``.  Read next: ``iomodels/selecting.py``.
"""

from pyside import netio, signals
from pyside.compat import clock
from pyside.connection import Connection
from pyside.timers import Timers


def serve(server, poller):
    """Serve until SIGTERM or SIGINT.

    :param server: a :class:`pyside.server.Server`.
    :param poller: what waits; it has ``watch(fd, reading, writing)``, ``unwatch(fd)``,
        ``wait(seconds or None)``, which lists ``(fd, readable, writable)``, and ``fd_limit``, an exclusive
        upper bound for descriptors, or None.
    """
    _EventLoop(server, poller).run()


class _Pause(object):
    """An item of the timers: no connection is accepted until its deadline."""

    closed = False

    def __init__(self):
        self.deadline = clock() + netio.EXHAUSTED_PAUSE


class _EventLoop(object):

    def __init__(self, server, poller):
        self._server = server
        self._poller = poller
        self._timers = Timers()
        self._connections = {}
        self._accepting = False
        self._pause = None

    def run(self):
        self._poller.watch(signals.stop_fd, True, False)
        self._update_listener()
        while True:
            for fd, readable, writable in self._poller.wait(self._timers.seconds_left()):
                if fd == signals.stop_fd:
                    self._close_all()
                    return
                if fd == self._server.listener.fileno():
                    self._accept()
                # One that was closed a moment ago may be still in the list.
                elif fd in self._connections:
                    connection = self._connections[fd]
                    before = connection.deadline
                    connection.on_ready(readable, writable)
                    self._update(connection)
                    if connection.deadline < before:
                        self._timers.add(connection)
            for item in self._timers.expired():
                self._expire(item)

    def _expire(self, item):
        if item is self._pause:
            item.closed = True
            self._pause = None
            self._update_listener()
        else:
            item.on_deadline()
            self._update(item)

    def _accept(self):
        try:
            accepted = netio.accept_some(self._server.listener)
        except netio.Exhausted as error:
            self._server.log('cannot accept: %s; trying again' % error)
            self._pause = _Pause()
            self._timers.add(self._pause)
            self._update_listener()
            return
        if accepted is None:
            return
        sock, peer = accepted
        limit = self._poller.fd_limit
        if limit is not None and sock.fileno() >= limit:
            self._server.log('%s: refused: descriptor %d is not below FD_SETSIZE, %d' % (peer, sock.fileno(), limit))
            sock.close()
            return
        connection = Connection(self._server, sock, peer)
        self._connections[connection.fd] = connection
        self._timers.add(connection)
        self._update(connection)
        self._update_listener()

    def _update(self, connection):
        """Watch what the connection waits for now."""
        if connection.closed:
            del self._connections[connection.fd]
            self._poller.unwatch(connection.fd)
            self._update_listener()
        else:
            self._poller.watch(connection.fd, connection.reading, connection.writing)

    def _update_listener(self):
        """Watch the listener unless there are as many connections as may be, or no descriptors left."""
        accepting = self._pause is None and len(self._connections) < self._server.options.max_connections
        if accepting != self._accepting:
            self._accepting = accepting
            if accepting:
                self._poller.watch(self._server.listener.fileno(), True, False)
            else:
                self._poller.unwatch(self._server.listener.fileno())

    def _close_all(self):
        for connection in self._connections.values():
            connection.close()
