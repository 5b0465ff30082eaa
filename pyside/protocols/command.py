"""command: the name of a program goes there, its exit status and output come back; every message is a u32be frame.

::

    client                                   server
      | <-- frame "Welcome" ---------------- |     before it hears anything
      | -- frame "date" -------------------> |     a name on the server's allow-list, no command line
      | <-- frame 00 "Sat Nov 21 ...\\n" ----- |     exit status as one byte, then the output
      | -- frame "false" ------------------> |     and so on; one request at a time
      | <-- frame 01 "Done.\\n" -------------- |     there was no output

As it is usually taught, the server hands what it receives to a shell.  Here the
session asks for a program by name, and who owns the sockets runs it.

C twin: ``c_ref/protocols/command.c``.  Read next: ``net/compat.py``.
"""

from pyside.wire import framing
from pyside.wire.errors import MALFORMED, TRUNCATED, PeerError
from pyside.wire.message_client import ANYTHING, MessageClient
from pyside.wire.session import Session

FORMAT = 'u32be'
# What the server sends is limited by --max-output, and by the four bytes of the length.
LONGEST = 2 ** 32 - 1
WELCOME = b'Welcome'
DONE = b'Done.\n'


class CommandServer(Session):

    __slots__ = ('_decoder',)

    def __init__(self, options):
        Session.__init__(self)
        self._decoder = framing.Decoder(FORMAT, options.max_frame)

    def start(self):
        return framing.encode(FORMAT, WELCOME)

    def _receive(self, data, out):
        self._decoder.feed(data)
        self.wanted_program = self._decoder.next_frame()

    def _receive_result(self, status, output, out):
        self.wanted_program = None
        out.append(framing.encode(FORMAT, bytes(bytearray([status])) + (output or DONE), LONGEST))
        self.wanted_program = self._decoder.next_frame()

    def _receive_eof(self, out):
        self._decoder.feed_eof()
        self.finished = True


class CommandClient(MessageClient):

    def __init__(self, options):
        MessageClient.__init__(self, options.max_frame)
        self._welcomed = False
        self._decoder = framing.Decoder(FORMAT, options.max_frame)

    def _check_sendable(self, length):
        framing.check_sendable(FORMAT, length, self._limit)

    def _ask(self, message):
        self._expect(ANYTHING)
        request = framing.encode(FORMAT, message, self._limit)
        return self._in_turn(request) if self._welcomed else self._wait(request)

    def _receive(self, data, out):
        self._decoder.feed(data)
        payload = self._decoder.next_frame()
        while payload is not None:
            self._take(payload)
            out.append(self._next_in_turn())
            payload = self._decoder.next_frame()
        self._settle()

    def _take(self, payload):
        if self._welcomed:
            if not payload:
                raise PeerError(MALFORMED, 'an answer without an exit status')
            self._take_reply(payload)
        elif payload == WELCOME:
            self._welcomed = True
        else:
            raise PeerError(MALFORMED, 'Welcome is expected')

    def _settle(self):
        MessageClient._settle(self)
        self.finished = self.finished and self._welcomed

    def _receive_eof(self, out):
        self._decoder.feed_eof()
        self._check_nothing_owed()
        if not self._welcomed:
            raise PeerError(TRUNCATED, 'end of input before Welcome')
        self.finished = True
