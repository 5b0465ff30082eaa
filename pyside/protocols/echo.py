"""echo: every byte comes back (RFC 862).

::

    client                          server
      | -- any bytes ----------------> |
      | <-- the same bytes ----------- |     in pieces of any size
      | -- FIN ----------------------> |
      | <-- FIN ---------------------- |

The wire has no messages.  The client knows where its own messages end, so it
can cut the answer at the same places.

C twin: ``c_ref/protocols/echo.c``.  Read next: ``protocols/upper.py``.
"""

from collections import deque

from pyside.wire.errors import MALFORMED, TRUNCATED, PeerError
from pyside.wire.session import ClientSession, Session


class EchoServer(Session):

    __slots__ = ()

    def __init__(self, options):
        Session.__init__(self)

    def _receive(self, data, out):
        out.append(data)


class EchoClient(ClientSession):

    def __init__(self, options):
        ClientSession.__init__(self)
        self._unanswered = deque()
        self._answered = 0
        self._input_ended = False

    def submit(self, data, last=True):
        self._unanswered.append((self._expected(data), last))
        self.in_flight += len(data)
        self._settle(b'')
        return data

    def submit_eof(self):
        self._input_ended = True
        self._settle(b'')
        return b''

    def _expected(self, data):
        return data

    def _receive(self, data, out):
        rest = self._settle(data)
        if rest:
            raise PeerError(MALFORMED, 'reply has %d bytes more than were sent' % len(rest))

    def _receive_eof(self, out):
        if self.in_flight:
            raise PeerError(TRUNCATED, 'end of input with %d bytes still to be echoed' % self.in_flight)
        self.finished = True

    def _settle(self, data):
        """Match what came back with what was sent; return what was never sent."""
        begin = 0
        while self._unanswered:
            sent, last = self._unanswered[0]
            came = data[begin:begin + len(sent)]
            if sent and not came:
                break
            begin += len(came)
            self._compare(sent, came)
            if len(came) < len(sent):
                self._unanswered[0] = (sent[len(came):], last)
                last = False
            else:
                self._unanswered.popleft()
            self.in_flight -= len(came)
            self.replies.append((came, last))
        if self._input_ended and not self._unanswered:
            self.finished = True
        return data[begin:]

    def _compare(self, sent, came):
        if not sent.startswith(came):
            for offset, (expected, actual) in enumerate(zip(bytearray(sent), bytearray(came))):
                if expected != actual:
                    self._note_wrong('byte %d of the stream: expected %02x, received %02x' % (
                        self._answered + offset, expected, actual))
                    break
        self._answered += len(came)
