"""A connection that never waits: a socket, its conversation, and the program that may run for it.

::

    recv -> conversation.feed      conversation.to_send -> send      conversation.wanted_program -> start_program
    recv = 0 -> feed_eof           wants_half_close -> shutdown      its end -> program_done

The loops that serve many connections with one thread keep one of these for each.

C twin: ``c_ref/iomodels/connection.c``.  Read next: ``iomodels/eventloop.py``.
"""

from pyside.net import netio
from pyside.net.compat import clock
from pyside.net.timers import Timed
from pyside.wire.errors import RESET, PeerError


class Connection(Timed):
    """What an event loop keeps for one client.  The first verb is :meth:`on_ready`.

    :param service: a :class:`pyside.iomodels.service.Service`.
    :param sock: an accepted socket.
    :param peer: its name, for the log.

    ``fd``, ``peer``
        the descriptor, also after the close, and the name.
    ``closed``
        nothing is left of it; no verb but :meth:`close` is for it any more.
    ``wants_read``, ``wants_write``, ``deadline``
        what to wait for, and until when.
    ``wants_more_time``
        call :meth:`on_time` soon, although nothing is ready.
    ``execution``
        the program that runs for the client, or None; when its ``fd`` is readable, call :meth:`on_output`.
    """

    __slots__ = (
        'fd', 'peer', 'closed', 'execution', 'wants_read', 'wants_write', 'wants_more_time',
        '_service', '_sock', '_conversation')

    def __init__(self, service, sock, peer):
        self.fd = sock.fileno()
        self.peer = peer
        self.closed = False
        self.execution = None
        self._service = service
        self._sock = sock
        self._conversation = service.new_conversation(peer)
        self.deadline = self._conversation.deadline

    def on_ready(self, readable):
        """Move what can be moved without waiting."""
        conversation = self._conversation
        now = clock()
        try:
            if readable and conversation.wants_read:
                data = netio.recv(self._sock)
                if data:
                    conversation.feed(data, now)
                elif data is not None:
                    conversation.feed_eof(now)
            elif readable and self.execution is not None and netio.has_left(self._sock):
                # It was not watched for reading: POLLHUP and POLLERR come without being asked for.  Asked again, for
                # epoll also tells of a closed socket that a child still holds, under a number that is another's now.
                raise PeerError(RESET, 'the client left while its command ran')
            self._send(now)
        except PeerError as error:
            conversation.lost(error)
        self._settle()

    def on_output(self):
        """The program that runs for the client has written something, or ended."""
        self.execution.read()
        self._end_program()

    def on_time(self):
        """The deadline has come, or there is time for more work."""
        now = clock()
        if self.execution is None:
            # What has come counts, although the process was stopped, or busy elsewhere, until the deadline.
            if now >= self.deadline:
                self.on_ready(True)
            if not self.closed:
                self._conversation.tick(now)
                self.on_ready(False)
        elif now >= self.execution.deadline:
            self.execution.look()
            self._end_program()
            if not self.closed:
                self._settle()
            # select(2) tells of no POLLHUP, and asyncio does not pass it on.
            if self.execution is not None and netio.has_left(self._sock):
                self.on_ready(True)

    def lose(self, error):
        """Close at once, and log why: a :class:`PeerError`, such as that there was no memory for a verb."""
        if not self.closed:
            self._conversation.lost(error)
            self._settle()

    def close(self):
        """Close at once, whatever waits to be sent."""
        if not self.closed:
            self._conversation.stop()
            self._settle()

    def _send(self, now):
        conversation = self._conversation
        # Before the answer, so that the line about it is in the log when the peer sees the answer.
        if conversation.log_lines:
            self._service.log_lines(conversation)
        if conversation.wants_write:
            conversation.sent(netio.send(self._sock, conversation.to_send()), now)
        if conversation.wants_half_close:
            netio.half_close(self._sock)
            conversation.half_closed()

    def _end_program(self):
        execution = self.execution
        if execution.over:
            self.execution = None
            self._conversation.program_done(execution.status, execution.output, clock(), execution.killed)
            self.on_ready(False)

    def _settle(self):
        conversation = self._conversation
        if conversation.wanted_program is not None and self.execution is None:
            self._start_program(conversation)
        self.wants_read = conversation.wants_read
        self.wants_write = conversation.wants_write
        self.wants_more_time = conversation.wants_more_time or (
            conversation.wanted_program is not None and self.execution is None)
        self.deadline = conversation.deadline if self.execution is None else self.execution.deadline
        if conversation.log_lines:
            self._service.log_lines(conversation)
        if conversation.over and not self.closed:
            self.closed = True
            if self.execution is not None:
                self.execution.kill()
            netio.close(self._sock)
            # It may stand in a list of the timers for a while, and what it has received may be much.
            self.execution = self._sock = self._conversation = None

    def _start_program(self, conversation):
        """Start one program; one that cannot be started is over at once, and the next has to wait its turn."""
        execution = self._service.start_program(conversation.wanted_program)
        if execution.over:
            conversation.program_done(execution.status, execution.output, clock())
        else:
            self.execution = execution
