"""frame: each frame comes back as a frame with the same payload.

::

    client                                 server
      | -- length | payload --------------> |
      | -- length | payload --------------> |     frames may follow each other at once
      | <-------------- length | payload -- |
      | <-------------- length | payload -- |
      | -- FIN ---------------------------> |     allowed between frames only

How the length is written is the framing, ``--format``; see ``framing.py``.

C twin: ``c_ref/protocols/frame.c``.  Read next: ``protocols/count.py``, where the end of input ends the message.
"""

from pyside.wire import framing
from pyside.wire.message_client import MessageClient
from pyside.wire.session import MESSAGES_PER_CALL, Session


class FrameServer(Session):

    __slots__ = ('_format', '_decoder')

    def __init__(self, options):
        Session.__init__(self)
        self._format = options.format
        self._decoder = framing.Decoder(options.format, options.max_frame)

    def _receive(self, data, out):
        self._decoder.feed(data)
        payloads = []
        try:
            self._decoder.next_frames(payloads, MESSAGES_PER_CALL)
        finally:
            framing.append_frames(out, self._format, payloads)
        self.pending = len(payloads) == MESSAGES_PER_CALL

    def _receive_eof(self, out):
        self._decoder.feed_eof()
        self.finished = True


class FrameClient(MessageClient):

    def __init__(self, options):
        MessageClient.__init__(self, options.max_frame)
        self._format = options.format
        self._decoder = framing.Decoder(options.format, options.max_frame)

    def _check_sendable(self, length):
        framing.check_sendable(self._format, length, self._limit)

    def _ask(self, message):
        self._expect(message)
        return framing.encode(self._format, message, self._limit)

    def _receive(self, data, out):
        self._decoder.feed(data)
        payloads = []
        try:
            # With each byte ends at most one frame.
            self._decoder.next_frames(payloads, len(data))
        finally:
            for payload in payloads:
                self._take_reply(payload)
        self._settle()

    def _receive_eof(self, out):
        self._decoder.feed_eof()
        self._check_nothing_owed()
        self.finished = True
