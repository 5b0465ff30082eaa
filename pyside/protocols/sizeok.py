"""sizeok: the size, an acknowledgement, then that many bytes.

::

    client                          server
      | -- "hello\\n" ---------------> |     a request is a line
      | <-- "5\\n" ------------------- |     size of the reply, ASCII decimal
      | -- "ok\\n" ------------------> |
      | <-- "HELLO" ----------------- |     the request in upper case, no newline
      | -- "bye\\n" -----------------> |     and so on; one request at a time

As it is usually taught, the size has no terminator, and the acknowledgement is
there to keep size and data from arriving together.  With a newline behind the
size the acknowledgement is superfluous: it costs a round trip.

C twin: ``c_ref/protocols/sizeok.c``.  Read next: ``protocols/greet.py``.
"""

from pyside.protocols.upper import to_upper
from pyside.wire.errors import TRUNCATED, UNSENDABLE, PeerError
from pyside.wire.lines import LineReader
from pyside.wire.message_client import MessageClient
from pyside.wire.session import MESSAGES_PER_CALL, Session

OK = b'ok\n'


def size_line(data):
    return ('%d\n' % len(data)).encode('ascii')


class SizeokServer(Session):

    __slots__ = ('_limit', '_lines', '_reply')

    def __init__(self, options):
        Session.__init__(self)
        self._limit = options.max_frame
        self._lines = LineReader()
        self._reply = None

    def _receive(self, data, out):
        self._lines.feed(data)
        for _ in range(MESSAGES_PER_CALL):
            self.pending = self._step(out)
            if not self.pending:
                break

    def _receive_eof(self, out):
        if self._reply is not None:
            raise PeerError(TRUNCATED, 'end of input before the acknowledgement')
        self._lines.check_nothing_left()
        self.finished = True

    def _step(self, out):
        """Do what the next line asks for; return whether there was one."""
        if self._reply is not None:
            if not self._lines.next_word(OK):
                return False
            out.append(self._reply)
            self._reply = None
            return True
        request = self._lines.next_line(self._limit)
        if request is None:
            return False
        self._reply = to_upper(request)
        out.append(size_line(self._reply))
        return True


class SizeokClient(MessageClient):

    def __init__(self, options):
        MessageClient.__init__(self, options.max_frame)
        self._lines = LineReader()
        self._size = None

    def _ask(self, message):
        if b'\n' in message:
            raise PeerError(UNSENDABLE, 'a message of sizeok cannot hold a newline')
        self._expect(to_upper(message))
        return self._in_turn(message + b'\n')

    def _receive(self, data, out):
        self._lines.feed(data)
        while self._step(out):
            pass
        self._settle()

    def _receive_eof(self, out):
        if self._size is None:
            self._lines.check_nothing_left()
        self._check_nothing_owed()
        self.finished = True

    def _step(self, out):
        """Take a size or a reply; return whether there was one."""
        if self._size is None:
            self._size = self._lines.next_number(self._limit)
            if self._size is None:
                return False
            out.append(OK)
        reply = self._lines.next_bytes(self._size)
        if reply is None:
            return False
        self._size = None
        self._take_reply(reply)
        out.append(self._next_in_turn())
        return True
