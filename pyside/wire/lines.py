"""Lines in a stream that arrives in any pieces; the sibling of ``framing.Decoder``.

C twin: ``c_ref/wire/lines.c``.  Read next: ``wire/session.py``.
"""

from pyside.wire.buffer import Buffer
from pyside.wire.errors import MALFORMED, TOO_LONG, TRUNCATED, PeerError

NUMBER_DIGITS = 20


class LineReader(object):
    """Takes lines, and counted bytes between them, out of what was fed.

    Memory is bounded by the limits given to the verbs, and the longest piece fed.
    """

    def __init__(self):
        self._buffer = Buffer()
        self._scanned = 0

    def feed(self, data):
        """Take bytes as they came from the wire."""
        self._buffer.append(data)

    def next_line(self, limit):
        """Return a line without its newline, or None while it is incomplete.

        :param limit: the longest line allowed, in bytes without the newline.
        :raises PeerError: ``too-long``.
        """
        length = self._buffer.find(b'\n', self._scanned)
        complete = length != -1
        if not complete:
            length = self._scanned = len(self._buffer)
        if length > limit:
            raise PeerError(TOO_LONG, 'line of more than %d bytes' % limit)
        if not complete:
            return None
        line = self._take(length)
        self._buffer.consume(1)
        return line

    def next_number(self, limit):
        """Return a line of decimal digits as a number, or None while it is incomplete.

        :param limit: the largest number allowed.
        :raises PeerError: ``malformed``; ``too-long`` when the number is over the limit, or has more digits than any.
        """
        line = self.next_line(NUMBER_DIGITS)
        if line is None:
            return None
        if not line or line.strip(b'0123456789'):
            raise PeerError(MALFORMED, 'a size is expected, in decimal digits')
        if int(line) > limit:
            raise PeerError(TOO_LONG, 'reply of %d bytes, the limit is %d' % (int(line), limit))
        return int(line)

    def next_bytes(self, size):
        """Return exactly ``size`` bytes, or None while they are incomplete."""
        return self._take(size) if len(self._buffer) >= size else None

    def next_word(self, word):
        """Tell whether a certain word is complete.

        :raises PeerError: ``malformed``, as soon as anything else is there.
        """
        found = bytes(self._buffer.peek(len(word)))
        if not word.startswith(found):
            raise PeerError(MALFORMED, '%s is expected' % word.strip().decode('ascii'))
        if found != word:
            return False
        self._take(len(word))
        return True

    def check_nothing_left(self):
        """Take the end of input.

        :raises PeerError: ``truncated``, when something is left.
        """
        if len(self._buffer):
            raise PeerError(TRUNCATED, 'end of input inside a line: %d bytes' % len(self._buffer))

    def _take(self, size):
        data = bytes(self._buffer.peek(size))
        self._buffer.consume(size)
        self._scanned = 0
        return data
