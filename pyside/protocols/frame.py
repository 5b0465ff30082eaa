"""frame: each frame comes back as a frame with the same payload.

::

    client                                 server
      | -- length | payload --------------> |
      | -- length | payload --------------> |     frames may follow each other at once
      | <-------------- length | payload -- |
      | <-------------- length | payload -- |
      | -- FIN ---------------------------> |     allowed between frames only

How the length is written is the framing, ``--format``; see ``framing.py``.

C twin: ``c_ref/protocols/frame.c``.  Read next: ``count.py``, where the end of
input is the frame.
"""

from binascii import hexlify
from collections import deque

from pyside import framing
from pyside.errors import MALFORMED, TRUNCATED, PeerError
from pyside.session import ClientSession, Session

SHOWN = 16


class FrameServer(Session):

    def __init__(self, options):
        Session.__init__(self)
        self._format = options.format
        self._limit = options.max_frame
        self._decoder = framing.Decoder(options.format, options.max_frame)

    def _receive(self, data, out):
        self._decoder.feed(data)
        payload = self._decoder.next_frame()
        while payload is not None:
            out.append(framing.encode(self._format, payload, self._limit))
            payload = self._decoder.next_frame()

    def _receive_eof(self, out):
        self._decoder.feed_eof()
        self.finished = True


class FrameClient(ClientSession):

    def __init__(self, options):
        ClientSession.__init__(self)
        self._format = options.format
        self._limit = options.max_frame
        self._decoder = framing.Decoder(options.format, options.max_frame)
        self._message = bytearray()
        self._unanswered = deque()
        self._answered = 0
        self._input_ended = False

    def submit(self, data, last=True):
        framing.check_sendable(self._format, len(self._message) + len(data), self._limit)
        self._message += data
        if not last:
            return b''
        payload = bytes(self._message)
        self._message = bytearray()
        frame = framing.encode(self._format, payload, self._limit)
        self._unanswered.append(payload)
        self.in_flight += len(payload) + 1
        return frame

    def submit_eof(self):
        self._input_ended = True
        self.finished = not self._unanswered
        return b''

    def _receive(self, data, out):
        self._decoder.feed(data)
        payload = self._decoder.next_frame()
        while payload is not None:
            self._take_reply(payload)
            payload = self._decoder.next_frame()
        self.finished = self._input_ended and not self._unanswered

    def _receive_eof(self, out):
        self._decoder.feed_eof()
        if self._unanswered:
            raise PeerError(TRUNCATED, 'end of input with %d replies still to come' % len(self._unanswered))
        self.finished = True

    def _take_reply(self, payload):
        if not self._unanswered:
            raise PeerError(MALFORMED, 'a frame of %d bytes that nobody asked for' % len(payload))
        expected = self._unanswered.popleft()
        self.in_flight -= len(expected) + 1
        self._answered += 1
        if payload != expected:
            self._wrong('reply %d: expected %s, received %s' % (self._answered, _show(expected), _show(payload)))
        self.replies.append((payload, True))


def _show(payload):
    """Describe a payload in a few words: its length and how it begins."""
    shown = hexlify(payload[:SHOWN]).decode('ascii')
    return '%d bytes %s%s' % (len(payload), shown, '...' if len(payload) > SHOWN else '')
