"""greet: one line within a time limit, one line back.

::

    client                                   server
      | -- "1\\n" ----------------------------> |     within the time limit, in all
      | <-- "welcome to server!\\n" ----------- |     to "1"
      | <-- "please go out!\\n" --------------- |     to anything else
      | <-- "time out\\n" --------------------- |     to silence, or a line that does not end in time
      | <-- FIN ------------------------------ |

The limit is for the whole line.  A limit for each ``recv`` would start again
with every byte: a client that sends one a second would stay for ever.

C twin: ``c_ref/protocols/greet.c``.  Read next: ``protocols/command.py``.
"""

from pyside.wire.buffer import Buffer
from pyside.wire.errors import MALFORMED, TRUNCATED, UNSENDABLE, PeerError
from pyside.wire.message_client import MessageClient
from pyside.wire.session import Session

WELCOME = b'welcome to server!'
GO_OUT = b'please go out!'
TIME_OUT = b'time out'


def greeting(line):
    """Return what a line is answered with."""
    return WELCOME if line == b'1' else GO_OUT


class GreetServer(Session):

    __slots__ = ('_line',)

    time_limit_is_total = True

    def __init__(self, options):
        Session.__init__(self)
        self._line = b''

    def _receive(self, data, out):
        # Two bytes are enough to know that it is not "1"; a line of any length passes through.
        line, newline, _ = data.partition(b'\n')
        self._line = (self._line + line)[:2]
        if newline:
            self._answer(greeting(self._line), out)

    def _receive_eof(self, out):
        self._answer(greeting(self._line), out)

    def _receive_timeout(self, seconds, out):
        self._answer(TIME_OUT, out)

    def _answer(self, text, out):
        out.append(text + b'\n')
        self.finished = True


class GreetClient(MessageClient):

    def __init__(self, options):
        MessageClient.__init__(self, options.max_frame)
        self._asked = False
        self._reply = Buffer()

    def _ask(self, message):
        if self._asked:
            return b''  # only the first message counts
        if b'\n' in message:
            raise PeerError(UNSENDABLE, 'a message of greet cannot hold a newline')
        self._asked = True
        self._expect(greeting(message))
        return message + b'\n'

    def _receive(self, data, out):
        self._reply.append(data)
        end = self._reply.find(b'\n')
        if (end if end != -1 else len(self._reply)) > len(WELCOME):
            raise PeerError(MALFORMED, 'reply of more than %d bytes' % len(WELCOME))
        if end == -1:
            return
        reply = bytes(self._reply.peek(end))
        if reply == TIME_OUT or not self._asked:
            # True whatever was sent: it came too late, or nothing was sent at all.
            self.replies.append((reply, True))
            self.in_flight = 0
        else:
            self._take_reply(reply)
        self.finished = True
        if len(self._reply) > end + 1:
            raise PeerError(MALFORMED, '%d bytes after the reply' % (len(self._reply) - end - 1))

    def _receive_eof(self, out):
        raise PeerError(TRUNCATED, 'end of input before the reply')
