"""What the clients of request and reply share: whole messages, and replies in their order.

C twin: ``c_ref/wire/message_client.c``.  Read next: ``wire/cref.py``.
"""

from binascii import hexlify
from collections import deque

from pyside.wire.errors import MALFORMED, TRUNCATED, UNSENDABLE, PeerError
from pyside.wire.session import ClientSession

SHOWN = 16
# A reply that cannot be known beforehand.
ANYTHING = None


class MessageClient(ClientSession):
    """A client whose messages are sent whole and whose replies are known beforehand.

    A protocol overrides ``_ask``, and calls ``_take_reply`` for each reply.

    :param limit: the longest message, in bytes.
    """

    def __init__(self, limit):
        ClientSession.__init__(self)
        self._limit = limit
        self._message = bytearray()
        self._unanswered = deque()
        self._answered = 0
        self._input_ended = False
        self._waiting = deque()

    def submit(self, data, last=True):
        self._check_sendable(len(self._message) + len(data))
        self._message += data
        if not last:
            return b''
        message = bytes(self._message)
        self._message = bytearray()
        return self._ask(message)

    def submit_eof(self):
        self._input_ended = True
        if not self.finished:  # an error ends it before its input
            self._settle()
        return b''

    def _check_sendable(self, length):
        if length > self._limit:
            raise PeerError(UNSENDABLE, 'message of at least %d bytes, the limit is %d' % (length, self._limit))

    def _ask(self, message):
        """Return the bytes that ask for a reply, after a call of ``_expect``."""
        raise NotImplementedError

    def _expect(self, reply):
        """Note what the next reply has to be, or that it may be ``ANYTHING``."""
        self._unanswered.append(reply)
        self.in_flight += _owed(reply)

    def _in_turn(self, request):
        """Return a request that was expected just now, or nothing when others before it are not answered yet."""
        return request if len(self._unanswered) == 1 else self._wait(request)

    def _wait(self, request):
        self._waiting.append(request)
        return b''

    def _next_in_turn(self):
        """Return the request that has waited longest, or nothing; to be called after each reply."""
        return self._waiting.popleft() if self._waiting else b''

    def _take_reply(self, reply):
        if not self._unanswered:
            raise PeerError(MALFORMED, 'a reply of %d bytes that nobody asked for' % len(reply))
        expected = self._unanswered.popleft()
        self.in_flight -= _owed(expected)
        self._answered += 1
        if expected is not ANYTHING and reply != expected:
            begin = _where_to_look(expected, reply)
            self._note_wrong('reply %d: expected %s, received %s' % (
                self._answered, _show(expected, begin), _show(reply, begin)))
        self.replies.append((reply, True))

    def _settle(self):
        self.finished = self._input_ended and not self._unanswered

    def _check_nothing_owed(self):
        if self._unanswered:
            raise PeerError(TRUNCATED, 'end of input with %d replies still to come' % len(self._unanswered))


def _owed(reply):
    return len(reply or b'') + 1


def _where_to_look(one, other):
    """Return from where on to show two payloads: the beginning, or a little before the first byte that differs."""
    same, most = 0, min(len(one), len(other))
    while same < most:
        half = (most - same + 1) // 2
        if one[same:same + half] == other[same:same + half]:
            same += half
        else:
            most = same + half - 1
    return 0 if same < SHOWN else same - SHOWN // 2


def _show(payload, begin):
    """Describe a payload in a few words: its length, and some bytes."""
    end = begin + SHOWN
    return '%d bytes %s%s%s' % (
        len(payload), '...' if begin else '', hexlify(payload[begin:end]).decode('ascii'),
        '...' if len(payload) > end else '')
