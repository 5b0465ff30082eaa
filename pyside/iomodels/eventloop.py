"""One thread, many connections: the loop that the select, poll and epoll models share.

::

    watch the listener and the stop pipe
    repeat:  wait until something is ready, or a time limit is over
             the stop pipe:   close everything, return
             the listener:    accept, watch the new connection
             a connection:    let it do what it can without waiting, watch what it waits for now
             a program:       take its output; when it is over, tell the connection it runs for
             a time limit:    tell the connection

How to wait is the only thing in which the models differ: see ``iomodels/selecting.py``.

C twin: ``c_ref/iomodels/eventloop.c``.  Read next: ``iomodels/selecting.py``.
"""

from pyside.iomodels.connection import Connection
from pyside.net import listening, signals
from pyside.net.compat import clock
from pyside.net.timers import Timers


def serve(server, poller):
    """Serve until SIGTERM or SIGINT.

    :param server: a :class:`pyside.programs.server.Server`.
    :param poller: what waits; it has ``watch(fd, reading, writing)``, ``unwatch(fd)``,
        ``wait(seconds or None)``, which lists ``(fd, readable, writable)``, and ``fd_limit``, an exclusive
        upper bound for descriptors, or None.
    """
    _EventLoop(server, poller).run()


class _Pause(object):
    """An item of the timers: no connection is accepted until its deadline."""

    closed = False

    def __init__(self):
        self.deadline = clock() + listening.EXHAUSTED_PAUSE


class _EventLoop(object):

    def __init__(self, server, poller):
        self._server = server
        self._poller = poller
        self._timers = Timers()
        self._connections = {}
        self._executions = {}
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
                    self._connections[fd].on_ready(readable, writable)
                    self._update(self._connections[fd])
                elif fd in self._executions:
                    self._on_output(self._executions[fd])
            for item in self._timers.expired():
                self._expire(item)

    def _expire(self, item):
        if item is self._pause:
            item.closed = True
            self._pause = None
            self._update_listener()
        elif item.execution is not None:
            self._unwatch_execution(item)
            item.execution.on_deadline()
            item.on_result()
            self._update(item)
        else:
            item.on_deadline()
            self._update(item)

    def _on_output(self, connection):
        execution = connection.execution
        execution.read()
        if execution.over:
            # First of all: the next program's pipe may get the same number.
            self._unwatch_execution(connection)
            connection.on_result()
            self._update(connection)

    def _accept(self):
        try:
            accepted = listening.accept_some(self._server)
        except listening.Exhausted as error:
            self._server.log('cannot accept: %s; trying again' % error)
            self._pause = _Pause()
            self._timers.add(self._pause)
            self._update_listener()
            return
        if accepted is None:
            return
        sock, peer = accepted
        if self._is_beyond_limit(sock.fileno(), peer):
            sock.close()
            return
        connection = Connection(self._server, sock, peer)
        self._connections[connection.fd] = connection
        self._timers.add(connection)
        self._update(connection)
        self._update_listener()

    def _is_beyond_limit(self, fd, peer):
        limit = self._poller.fd_limit
        if limit is None or fd < limit:
            return False
        self._server.log('%s: refused: descriptor %d is not below FD_SETSIZE, %d' % (peer, fd, limit))
        return True

    def _update(self, connection):
        """Watch what the connection waits for now."""
        execution = connection.execution
        if execution is not None and not execution.over and self._is_beyond_limit(execution.fd, connection.peer):
            connection.close()
        if connection.closed:
            self._unwatch_execution(connection)
            del self._connections[connection.fd]
            self._poller.unwatch(connection.fd)
            self._update_listener()
        else:
            self._poller.watch(connection.fd, connection.reading, connection.writing)
            self._watch_execution(connection)
            if connection.deadline < connection.entry:
                self._timers.add(connection)

    def _watch_execution(self, connection):
        execution = connection.execution
        if execution is not None and execution.fd not in self._executions:
            self._executions[execution.fd] = connection
            self._poller.watch(execution.fd, True, False)

    def _unwatch_execution(self, connection):
        if connection.execution is not None and connection.execution.fd in self._executions:
            del self._executions[connection.execution.fd]
            self._poller.unwatch(connection.execution.fd)

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
