"""count: the end of input is the end of the message; the answer is how much came.

::

    client                          server
      | -- any bytes ----------------> |
      | -- FIN ----------------------> |     shutdown(SHUT_WR): "that was all"
      | <-- "5\\n" -------------------- |     bytes received, ASCII decimal
      | <-- FIN ---------------------- |

A half-closed connection still carries the other direction.  The client
compares the number with its own; it is the only protocol here in which a wrong
answer is worth another connection.

C twin: ``c_ref/protocols/count.c``.  Read next: ``protocols/sizeok.py``.
"""

from pyside.wire.errors import MALFORMED, TRUNCATED, PeerError
from pyside.wire.session import ClientSession, Session

MAX_DIGITS = 20


class CountServer(Session):

    __slots__ = ('_count',)

    def __init__(self, options):
        Session.__init__(self)
        self._count = 0

    def _receive(self, data, out):
        self._count += len(data)

    def _receive_eof(self, out):
        out.append(('%d\n' % self._count).encode('ascii'))
        self.finished = True


class CountClient(ClientSession):

    half_closes = True
    retries = True

    def __init__(self, options):
        ClientSession.__init__(self)
        self._sent = 0
        self._input_ended = False
        self._digits = bytearray()

    def submit(self, data, last=True):
        self._sent += len(data)
        return data

    def submit_eof(self):
        self._input_ended = True
        return b''

    def _receive(self, data, out):
        for index, byte in enumerate(bytearray(data)):
            if byte == 0x0a and self._digits:
                self._take_answer()
                if index + 1 < len(data):
                    raise PeerError(MALFORMED, '%d bytes after the answer' % (len(data) - index - 1))
                return
            if not 0x30 <= byte <= 0x39:
                raise PeerError(MALFORMED, 'answer has byte %02x where a digit is expected' % byte)
            if len(self._digits) == MAX_DIGITS:
                raise PeerError(MALFORMED, 'answer has more than %d digits' % MAX_DIGITS)
            self._digits.append(byte)

    def _receive_eof(self, out):
        if not self._digits:
            raise PeerError(TRUNCATED, 'end of input before the answer')
        self._take_answer()

    def _take_answer(self):
        digits = bytes(self._digits)
        self.replies.append((digits, True))
        self.finished = True
        if not self._input_ended:
            self._note_wrong('the server counted %s bytes before the end of input' % digits.decode('ascii'))
        elif int(digits) != self._sent:
            self._note_wrong('sent %d bytes, the server counted %s' % (self._sent, digits.decode('ascii')))
