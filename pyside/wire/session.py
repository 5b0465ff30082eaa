"""A session is one side of a protocol: bytes in, bytes out, no sockets.

::

     bytes from the wire                                bytes to the wire
             |                                                  ^
             v                                                  |
    +------------------+   receive(data) -> reply    +--------------------+
    |    I/O model     | --------------------------> |      session       |
    | BSD calls, here  |   receive_eof() -> reply    |  what it all means |
    | and nowhere else | <-------------------------- |                    |
    +------------------+   finished, error           +--------------------+

Because a session never reads or waits, a hostile split of the input is a list
of pieces in a test, and any session runs under any I/O model.

C twin: ``c_ref/wire/session.c``.  Read next: ``wire/message_client.py``.
"""

from pyside.wire.errors import MALFORMED, WRONG, PeerError, silence

# A call of a verb handles at most this many messages, so that a flood of empty ones does not hold up other clients.
MESSAGES_PER_CALL = 1024


class Session(object):
    """What server and client sessions share.

    A protocol overrides ``_receive`` and ``_receive_eof``; both append what is
    to be sent to a list and raise :class:`PeerError`.

    ``finished``
        nothing more will be sent or understood: the I/O model may close.
    ``error``
        the first :class:`PeerError`, or None.  It is kept here, not raised,
        because what was complete before it has to be answered all the same.
    ``pending``
        there are messages in what was received already: call :meth:`receive` again, without new bytes.
    ``wanted_program``
        the name of a program that the I/O model has to run now, as bytes, or None; :meth:`receive_result` takes
        its result, and until then :meth:`receive` is not called.
    ``time_limit_is_total``
        the time limit runs from the beginning and does not start anew
        whenever bytes move.
    """

    # A server has ten thousand of them, and a dictionary for each would be larger than what is in it.
    __slots__ = ('finished', 'error', 'pending', 'wanted_program')

    time_limit_is_total = False

    def __init__(self):
        self.finished = False
        self.error = None
        self.pending = False
        self.wanted_program = None

    def start(self):
        """Return the bytes that this side says before it hears anything."""
        return b''

    def receive(self, data):
        """Take bytes from the peer, in any pieces; return the bytes to send."""
        if self.finished:
            if data and self.error is None:
                self.error = PeerError(MALFORMED, '%d bytes after the end of the conversation' % len(data))
            return b''
        out = []
        try:
            self._receive(data, out)
        except PeerError as error:
            self._fail(error)
        return b''.join(out)

    def receive_eof(self):
        """Take the peer's half-close; return the bytes to send."""
        return self._guard(self._receive_eof)

    def receive_timeout(self, seconds):
        """Take the end of the time limit; return the bytes to send."""
        return self._guard(self._receive_timeout, seconds)

    def receive_result(self, status, output):
        """Take the exit status and the output of the program that was asked for; return the bytes to send."""
        return self._guard(self._receive_result, status, output)

    def _guard(self, verb, *arguments):
        out = []
        if self.finished:
            return b''
        try:
            verb(*(arguments + (out,)))
        except PeerError as error:
            self._fail(error)
        return b''.join(out)

    def _fail(self, error):
        self.finished = True
        self.pending = False
        error.__traceback__ = None  # it would keep the bytes that were looked at
        if self.error is None:
            self.error = error

    def _receive(self, data, out):
        raise NotImplementedError

    def _receive_eof(self, out):
        self.finished = True

    def _receive_timeout(self, seconds, out):
        raise silence(seconds)


class ClientSession(Session):
    """A session that is given messages and collects replies.

    Messages and replies come as pieces, so that a message of any size passes
    through a memory of fixed size: ``(data, last)``, where ``last`` says
    whether the message ends with this piece.

    ``replies``
        a list of pieces; the I/O model takes them out.
    ``in_flight``
        how much has been sent and not answered, in bytes, and one for each
        reply owed: an empty one is owed too.  The I/O model stops reading messages
        while it is high.
    ``half_closes``
        the peer answers only after it has seen the end of input.
    ``retries``
        a wrong answer is worth another connection.
    """

    half_closes = False
    retries = False

    def __init__(self):
        Session.__init__(self)
        self.replies = []
        self.in_flight = 0

    def submit(self, data, last=True):
        """Take a piece of a message; return the bytes to send.

        :raises PeerError: ``unsendable``.  The session is not over: earlier messages may still be answered.
        """
        raise NotImplementedError

    def submit_eof(self):
        """There are no more messages; return the bytes to send."""
        raise NotImplementedError

    def _note_wrong(self, text):
        """Note a wrong answer and go on: the replies that follow are wanted too."""
        if self.error is None:
            self.error = PeerError(WRONG, text)
