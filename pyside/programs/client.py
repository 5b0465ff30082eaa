"""The client program: messages from stdin to the server, replies to stdout.

::

    stdin --> Source --> session.submit --> out --> send() --> server
                                                                  |
    stdout <-- Sink <-- session.replies <-- receive <-- recv() <--+

One loop around ``poll`` does all four at once, so that no amount of data can
deadlock it: a client that first sends everything and then reads stops for ever
when both kernels' buffers are full.  While much is unanswered, stdin waits.

C twin: ``c_ref/programs/client.c``.
"""

import select

from pyside.net import netio
from pyside.net.address import TYPES
from pyside.net.compat import clock
from pyside.programs import standard
from pyside.programs.messages import Replay, Sink, open_source
from pyside.programs.options import addresses
from pyside.wire.buffer import Buffer
from pyside.wire.errors import EXIT_OK, TRUNCATED, WRONG, PeerError, silence

LEFT_ALONE = (
    'the server closed the connection while it waited (its idle timeout?); the next line goes over a new connection')


def run(options, make_session):
    """Run one session over one connection, or several where the protocol retries.

    :param make_session: a function from options to a client session.
    :returns: the exit status; what went wrong is on stderr.
    :raises PeerError: ``unreachable`` or ``timed-out``, when there is no connection.
    """
    source = open_source(0, options.hex)
    sink = Sink(1, options.hex)
    hold = _hold_until_right if make_session(options).retries else _hold
    error = hold(options, make_session, source, sink)
    if error is None:
        return EXIT_OK
    standard.complain('client: %s' % error)
    return error.exit_status


def _hold(options, make_session, source, sink):
    """Run one session, and another when the server did not wait for a person's next line.

    :returns: what went wrong first, or None.
    """
    error, pieces = None, []
    while True:
        exchange = _Exchange(_connect(options), make_session(options), source, sink, options)
        wrong = exchange.run(pieces)
        error = error or wrong
        if not exchange.left_alone:
            return error
        source.say(LEFT_ALONE)
        pieces = _next_line(source)
        if not pieces:
            return error or source.error


def _hold_until_right(options, make_session, source, sink):
    """Run a session, and another while the answer is wrong; see :func:`_hold`."""
    source = Replay(source)
    if source.error is not None:
        return source.error
    for attempts_left in range(options.retries, -1, -1):
        session = make_session(options)
        error = _Exchange(_connect(options), session, source, sink, options).run()
        if error is None or error.kind != WRONG or not attempts_left:
            break
        source.rewind()
    try:
        sink.write(session.replies)
    except PeerError as failure:
        return error or failure
    return error


def _next_line(source):
    """Wait for the person's next line; return its pieces, none at the end."""
    pieces = []
    while not pieces and not source.ended:
        source.prompt()
        netio.poll({source.fd: select.POLLIN}, None)
        pieces = source.read()
    return pieces


def _connect(options):
    return netio.connect(addresses(options), TYPES[options.type], options.timeout)


class _Exchange(object):
    """One connection from the first message to the close.

    ``left_alone``
        the server closed while a person had nothing to say: that ends the connection and not the program.
    """

    def __init__(self, sock, session, source, sink, options):
        self._sock = sock
        self._session = session
        self._source = source
        self._sink = sink
        self._timeout = options.timeout
        self._window = options.max_frame + netio.CHUNK
        self._out = Buffer()
        self._input_over = False
        self._half_closed = False
        self._error = None
        self.left_alone = False

    def run(self, pieces=()):
        """Return None, or what went wrong first.

        :param pieces: of the input, read before there was a connection.
        """
        try:
            self._out.append(self._session.start())
            if pieces:
                self._take_input(pieces)
            self._loop()
        except PeerError as error:
            self._note(error)
        finally:
            self._sock.close()
        return self._error or self._session.error

    def _loop(self):
        progress = clock()
        while not self._over():
            owed = self._out or self._session.in_flight or self._input_over
            left = max(0, progress + self._timeout - clock()) if owed else None
            events = self._events()
            if self._source.fd in events and not owed:
                self._source.prompt()
            ready = netio.poll(events, left)
            if not ready:
                raise silence(self._timeout)
            if self._source.fd in ready:
                self._take_input(self._source.read())
                if not owed:
                    progress = clock()
            if self._out and self._send():
                progress = clock()
            if ready.get(self._sock.fileno(), 0) & ~select.POLLOUT and self._receive():
                progress = clock()
            if self._input_over and self._session.half_closes and not self._out and not self._half_closed:
                netio.half_close(self._sock)
                self._half_closed = True
            if not self._session.retries:
                self._sink.write(self._session.replies)

    def _over(self):
        """Tell whether the exchange is over: a last word, such as an acknowledgement, is still sent."""
        return self._session.finished and (not self._out or self._failed())

    def _failed(self):
        error = self._session.error
        return error is not None and error.kind != WRONG

    def _events(self):
        reading = 0 if self._session.finished else select.POLLIN
        events = {self._sock.fileno(): reading | (select.POLLOUT if self._out else 0)}
        if not self._input_over and len(self._out) < netio.CHUNK and self._session.in_flight < self._window:
            events[self._source.fd] = select.POLLIN
        return events

    def _take_input(self, pieces):
        try:
            for data, last in pieces:
                self._out.append(self._session.submit(data, last))
            if self._source.error is not None:
                raise self._source.error
        except PeerError as error:
            self._note(error)
            self._input_over = True
        if self._source.ended:
            self._input_over = True
        if self._input_over:
            self._out.append(self._session.submit_eof())

    def _send(self):
        """Send what the kernel takes; return whether it took anything."""
        try:
            sent = netio.send(self._sock, self._out.view())
        except PeerError as error:
            # The peer does not listen any more, but what it said before may still be here to be read.
            self._note(error)
            self._input_over = True
            self._out = Buffer()
            return False
        self._out.consume(sent)
        return sent > 0

    def _receive(self):
        """Take what has come; return whether anything had."""
        data = netio.recv(self._sock)
        if data is None:
            return False
        if data:
            self._out.append(self._session.receive(data))
            return True
        waiting = not self._input_over and not self._session.in_flight
        with_person = self._source.is_terminal and not self._source.in_line and not self._session.retries
        if waiting and not with_person:
            self._note(PeerError(TRUNCATED, 'the server closed before the end of the messages'))
        self._session.receive_eof()
        self.left_alone = waiting and with_person and not self._failed()
        return True

    def _note(self, error):
        if self._error is None and self._session.error is None:
            self._error = error
