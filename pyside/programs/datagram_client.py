"""The client for datagrams: stop and wait.

::

    client                       server
      | -- "hello" ------------ x |        lost, without a word
      |    (1 s)                  |
      | -- "hello" -------------> |        sent again
      | <----------- "HELLO" ---- |
      | <----------- "HELLO" ---- |        late, or twice: dropped
      | -- "world" -------------> |

There is one request at a time, which is sent again when no reply is in, at
longer and longer intervals; the time limit is for all of that together.  The
wire has no numbers by which replies could be told apart, but the client knows
what each has to be: one that would have been right for an earlier request is late.

A connected socket takes datagrams from its server only, and learns from ICMP
that no socket listens there (ECONNREFUSED).  An unconnected one has to look at the
sender itself, and cannot tell a dead port from silence.

C twin: ``c_ref/programs/datagram_client.c``.  Read next: ``programs/client.py``.
"""

import select
import socket
from collections import deque

from pyside.net import netio
from pyside.net.address import TYPES
from pyside.net.compat import clock
from pyside.net.datagrams import DatagramSocket, too_long
from pyside.programs import standard
from pyside.programs.messages import Sink, open_source
from pyside.programs.options import addresses
from pyside.wire.errors import EXIT_OK, TRUNCATED, UNSENDABLE, WRONG, PeerError, silence

FIRST_INTERVAL = 1.0
EARLIER = 16


class Request(object):
    """One request until its reply is there.

    :param attempts: how many times it may be sent.
    :param seconds: for all of them.
    """

    def __init__(self, attempts, seconds):
        self._attempts_left = attempts
        self._interval = FIRST_INTERVAL
        self._end = clock() + seconds
        self.deadline = clock()

    def may_be_sent(self):
        """Tell whether it is time, and allowed, to send it; afterwards ``deadline`` is when to ask again."""
        now = clock()
        if now < self.deadline or not self._attempts_left:
            return False
        share = (self._end - now) / self._attempts_left
        self._attempts_left -= 1
        self.deadline = now + min(self._interval, share) if self._attempts_left else self._end
        self._interval *= 2
        return True

    def is_over(self):
        return clock() >= self._end


class Replies(object):
    """Matches replies with requests.

    ``error``
        the first wrong reply as a :class:`PeerError`, or None.
    """

    def __init__(self):
        self.error = None
        self._expected = None
        self._earlier = deque(maxlen=EARLIER)
        self._count = 0

    def expect(self, reply):
        if self._expected is not None:
            self._earlier.append(self._expected)
        self._expected = reply
        self._count += 1

    def accepts(self, reply):
        """Tell whether this is the reply, even a wrong one; anything else is dropped."""
        if reply == self._expected:
            return True
        if reply in self._earlier:
            return False
        if self.error is None:
            self.error = PeerError(WRONG, 'reply %d: expected %d bytes, received %d other bytes' % (
                self._count, len(self._expected), len(reply)))
        return True


def run(options, make_session):
    """Send each message and print its reply.

    :param make_session: a function from options to a *server's* session: what it answers is what is expected.
    :returns: the exit status; what went wrong is on stderr.
    :raises PeerError: ``unreachable``, when there is no address.
    """
    client = _Client(options, make_session)
    error = client.run() or client.replies.error
    if error is None:
        return EXIT_OK
    standard.complain('client: %s' % error)
    return error.exit_status


class _Client(object):

    def __init__(self, options, make_session):
        self.replies = Replies()
        self._options = options
        self._make_session = make_session
        self._source = open_source(0, options.hex)
        self._sink = Sink(1, options.hex)
        found = addresses(options)
        self._socket = DatagramSocket(_open(options, found), options.max_frame)
        self._server = found[0][1] if options.unconnected else None
        # A connection loses nothing: there it would be a second request.
        self._attempts = options.retries + 1 if options.type == 'dgram' else 1

    def run(self):
        """Return None, or what ended it."""
        try:
            for message in self._messages():
                self._exchange(message)
        except PeerError as error:
            return error
        finally:
            self._socket.sock.close()
        return None

    def _messages(self):
        """Yield whole messages; stdin is read only when all before are answered."""
        message = bytearray()
        while not self._source.ended:
            self._source.prompt()
            netio.poll({self._source.fd: select.POLLIN}, None)
            for data, last in self._source.read():
                message += data
                if len(message) > self._options.max_frame:
                    raise PeerError(UNSENDABLE, 'message of at least %d bytes, the limit is %d' % (
                        len(message), self._options.max_frame))
                if last:
                    yield bytes(message)
                    message = bytearray()
        if self._source.error is not None:
            raise self._source.error

    def _exchange(self, message):
        self.replies.expect(self._make_session(self._options).receive(message))
        request = Request(self._attempts, self._options.timeout)
        reply = None
        while reply is None:
            if request.may_be_sent():
                self._socket.send(message, self._server)
            if request.is_over():
                raise silence(self._options.timeout)
            if netio.poll({self._socket.sock.fileno(): select.POLLIN}, max(0, request.deadline - clock())):
                reply = self._receive()
        self._sink.write([(reply, True)])

    def _receive(self):
        """Return the reply, or None when what came is none."""
        came = self._socket.receive()
        if came is None:
            return None
        reply, address = came
        if self._server is not None and _differ(address, self._server):
            return None
        if reply is None:
            raise too_long(self._options.max_frame)
        if not reply and self._options.type == 'seqpacket' and self._socket.ended():
            raise PeerError(TRUNCATED, 'end of input before the reply')
        return reply if self.replies.accepts(reply) else None


def _open(options, found):
    if not options.unconnected:
        return netio.connect(found, TYPES[options.type], options.timeout)
    family, _ = found[0]
    sock = socket.socket(family, socket.SOCK_DGRAM)
    netio.bind_to_any_name(sock)
    sock.setblocking(False)
    return sock


def _differ(address, server):
    """Compare addresses; those of inet6 say more than host and port."""
    return address != server if not isinstance(server, tuple) else address[:2] != server[:2]
