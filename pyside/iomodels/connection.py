"""One session over one connection that never waits: the state that an event loop keeps for each client.

::

              +---------+  session finished,   +-----------+  FIN came, or
    accept -> | talking |  all sent            | lingering |  time is over
              +---------+ -------------------> +-----------+ -------------> closed
                   |        FIN was heard                                     ^
                   +----------------------------------------------------------+
                     or an error, or the time limit

It is read from only while little waits to be sent: so a client that does not
read its replies is not read from either, and the buffer stays bounded.  Nor is
it read from while a program runs for it.

C twin: ``c_ref/iomodels/connection.c``.  Read next: ``eventloop.py``.
"""

from pyside.net import netio
from pyside.net.compat import clock
from pyside.net.execution import Execution
from pyside.wire.buffer import Buffer
from pyside.wire.errors import RESET, PeerError


class Connection(object):
    """What an event loop keeps for one client.

    :param server: a :class:`pyside.programs.server.Server`.
    :param sock: an accepted socket.
    :param peer: its name, for the log.

    ``reading``, ``writing``
        what the connection waits for.
    ``deadline``
        when it has to be told that its time is over.
    ``fd``, ``peer``
        the descriptor, also after the close, and the name for the log.
    ``execution``
        the program that runs for the client, or None; :meth:`on_result` is to be called when it is over.
    """

    def __init__(self, server, sock, peer):
        self.fd = sock.fileno()
        self.closed = False
        self.execution = None
        self._sock = sock
        self._server = server
        self.peer = peer
        self._timeout = server.options.timeout
        self._session = server.new_session()
        self._out = Buffer(self._session.start())
        self._heard_all = False
        self._lingering = False
        self.deadline = clock() + self._timeout
        server.note(peer, 'connected')

    @property
    def reading(self):
        waits = self._session.finished or self._session.request is not None
        return self._lingering or (not waits and len(self._out) < netio.CHUNK)

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
            elif readable and self.execution is not None:
                # Nobody asked whether it is readable: it is POLLHUP or POLLERR.
                raise PeerError(RESET, 'the client left while its command ran')
            self._settle()
        except PeerError as error:
            self._fail(error)

    def on_result(self):
        """The program that ran for the client is over."""
        execution, self.execution = self.execution, None
        self._answer(execution)
        self.deadline = clock() + self._timeout
        self.on_ready(False, True)

    def on_deadline(self):
        """The time limit is over; not that of a program."""
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
        if self.execution is not None:
            self.execution.kill()
        self._sock.close()
        self._server.note(self.peer, 'closed')

    def _fail(self, error):
        if not self._lingering:
            self._server.log('%s: %s' % (self.peer, error))
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

    def _execute(self):
        """Begin to run the program that the session asks for; one that cannot be started is over at once."""
        while self._session.request is not None and self.execution is None and len(self._out) < netio.CHUNK:
            execution = Execution(self._server.options, self._session.request)
            if execution.over:
                self._answer(execution)
                self._send()
            else:
                self.execution = execution
                self.deadline = execution.deadline

    def _answer(self, execution):
        self._server.note_killed(self.peer, self._session.request, execution)
        self._out.append(self._session.receive_result(execution.status, execution.output))

    def _progress(self):
        if not self._session.time_limit_is_total:
            self.deadline = clock() + self._timeout

    def _settle(self):
        """Run what is to be run; once everything has been said close, or wait until the peer has read it."""
        if not self.closed:
            self._execute()
        if self.closed or self._lingering or self.writing or not self._session.finished:
            return
        if self._session.error is not None:
            self._server.log('%s: %s' % (self.peer, self._session.error))
        if self._heard_all:
            self.close()
        else:
            netio.half_close(self._sock)
            self._lingering = True
            self.deadline = clock() + min(self._timeout, netio.LINGER_SECONDS)
