"""Framing: where one message ends and the next begins in a stream of bytes.

TCP carries bytes, not messages.  Each format below puts the length of the
payload in front of it::

    fixed width: u8, u16be, u32le ...    varint (unsigned LEB128)    netstring
    +--------+---------- - -             +-+-+- -+---------- - -     +---+-+------- - -+-+
    | length | payload                   |1|1| 0 | payload           |"5"|:| payload   |,|
    +--------+---------- - -             +-+-+- -+---------- - -     +---+-+------- - -+-+
     1 to 8 bytes                        1 to 10 bytes, 7 bits each   decimal digits

``encode`` turns a payload into a frame; ``Decoder`` turns any pieces of a
stream back into payloads.  Neither touches a socket.  A length is checked
against the limit before anything of that length exists in memory.

C twin: ``c_ref/wire/framing.c``.  Read next: ``wire/lines.py``.
"""

import struct
from collections import OrderedDict

from pyside.wire.buffer import Buffer
from pyside.wire.errors import MALFORMED, TOO_LONG, TRUNCATED, UNSENDABLE, PeerError

DEFAULT_LIMIT = 16 * 1024 * 1024

U64_MAX = 2 ** 64 - 1
VARINT_MAX_BYTES = 10
NETSTRING_MAX_DIGITS = 20
HEADER_MAX_BYTES = NETSTRING_MAX_DIGITS + 1
PRINTABLE = bytes(bytearray(range(0x20, 0x7f)))


class FixedWidth(object):
    """A length in a fixed number of bytes.

    :param width: 1 to 8 bytes.
    :param order: ``big``, the most significant byte first, or ``little``, the least significant first.

    The length is written in eight bytes, and those that are always zero are left out: so any width is possible,
    while ``struct`` alone has 1, 2, 4 and 8.
    """

    trailer = b''

    def __init__(self, width, order):
        self.width = width
        self.capacity = 256 ** width - 1
        eight_bytes = struct.Struct('>Q' if order == 'big' else '<Q')
        self._pack, self._unpack = eight_bytes.pack, eight_bytes.unpack
        zeros = b'\0' * (8 - width)
        self._before, self._after = (zeros, b'') if order == 'big' else (b'', zeros)
        self._kept = slice(len(self._before), len(self._before) + width)

    def encode_header(self, length):
        return self._pack(length)[self._kept]

    def decode_header(self, buffered):
        """See :meth:`Varint.decode_header`."""
        width = self.width
        if len(buffered) < width:
            return None
        return width, self._unpack(self._before + bytes(buffered[:width]) + self._after)[0]


class Varint(object):
    """Unsigned LEB128: seven bits a byte, low bits first, the top bit says "more"."""

    trailer = b''
    width = 0
    capacity = U64_MAX

    def encode_header(self, length):
        header = bytearray()
        while length > 0x7f:
            header.append(length & 0x7f | 0x80)
            length >>= 7
        header.append(length)
        return bytes(header)

    def decode_header(self, buffered):
        """Read a length.

        :param buffered: a bytearray that begins with a header, or a part of one.
        :returns: ``(header size in bytes, payload length)``, or None while the header is incomplete.
        :raises PeerError: ``malformed``.
        """
        length = 0
        for index in range(min(len(buffered), VARINT_MAX_BYTES)):
            byte = buffered[index]
            length |= (byte & 0x7f) << (7 * index)
            if length > U64_MAX:
                raise PeerError(MALFORMED, 'varint length does not fit in 64 bits')
            if not byte & 0x80:
                if byte == 0 and index > 0:
                    raise PeerError(
                        MALFORMED, 'varint length %d in %d bytes is not the shortest form' % (length, index + 1))
                return index + 1, length
        if len(buffered) >= VARINT_MAX_BYTES:
            raise PeerError(MALFORMED, 'varint length longer than %d bytes' % VARINT_MAX_BYTES)
        return None


class Netstring(object):
    """``5:hello,``: the length in ASCII decimal without leading zeros (D. J. Bernstein, 1997)."""

    trailer = b','
    width = 0
    capacity = U64_MAX

    def encode_header(self, length):
        return ('%d:' % length).encode('ascii')

    def decode_header(self, buffered):
        """See :meth:`Varint.decode_header`."""
        length = 0
        for index, byte in enumerate(buffered[:HEADER_MAX_BYTES]):
            if byte == 0x3a and index > 0:
                return index + 1, length
            if not 0x30 <= byte <= 0x39:
                raise PeerError(
                    MALFORMED, 'netstring length has byte %02x where a digit%s is expected' % (
                        byte, ' or a colon' if index else ''))
            if index == 1 and length == 0:
                raise PeerError(MALFORMED, 'netstring length has a leading zero')
            if index == NETSTRING_MAX_DIGITS:
                raise PeerError(MALFORMED, 'netstring length has more than %d digits' % NETSTRING_MAX_DIGITS)
            length = length * 10 + byte - 0x30
            if length > U64_MAX:
                raise PeerError(MALFORMED, 'netstring length does not fit in 64 bits')
        return None


# The one table of framings: --help, list, errors and the tests derive from it.
FORMATS = OrderedDict([
    ('u8', FixedWidth(1, 'big')),
    ('u16be', FixedWidth(2, 'big')),
    ('u24be', FixedWidth(3, 'big')),
    ('u32be', FixedWidth(4, 'big')),
    ('u64be', FixedWidth(8, 'big')),
    ('u16le', FixedWidth(2, 'little')),
    ('u32le', FixedWidth(4, 'little')),
    ('varint', Varint()),
    ('netstring', Netstring()),
])


def encode(name, payload, limit=DEFAULT_LIMIT):
    """Make one frame.

    :param name: a key of ``FORMATS``.
    :param payload: bytes; none is a message too.
    :param limit: the longest payload allowed, in bytes.
    :returns: header, payload and trailer as bytes.
    :raises PeerError: ``unsendable``, when the payload is over the limit or its length does not fit the header.
    """
    frame_format = FORMATS[name]
    length = len(payload)
    if length > limit or length > frame_format.capacity:
        check_sendable(name, length, limit)  # which raises; a call for each frame would show
    return b''.join([frame_format.encode_header(length), payload, frame_format.trailer])


def check_sendable(name, length, limit):
    """Check that a payload may be sent as one frame.

    :param name: a key of ``FORMATS``.
    :param length: of the payload, in bytes.
    :param limit: the longest payload allowed, in bytes.
    :raises PeerError: ``unsendable``, when the payload is over the limit or its length does not fit the header.
    """
    if length > limit:
        raise PeerError(UNSENDABLE, 'message of at least %d bytes, the limit is %d' % (length, limit))
    capacity = FORMATS[name].capacity
    if length > capacity:
        raise PeerError(
            UNSENDABLE, 'message of at least %d bytes, a %s header holds at most %d' % (length, name, capacity))


class Decoder(object):
    """Finds the frames in a stream that arrives in any pieces.

    :param name: a key of ``FORMATS``.
    :param limit: the longest payload allowed, in bytes.

    Memory is bounded by the limit, a header, and the longest piece given to ``feed``.
    """

    def __init__(self, name, limit=DEFAULT_LIMIT):
        self._format = FORMATS[name]
        self._limit = limit
        self._buffer = Buffer()
        self._head = None
        self._error = None

    def feed(self, data):
        """Take bytes as they came from the wire."""
        self._buffer.append(data)

    def next_frame(self):
        """Take one payload out of what was fed.

        :returns: the payload as bytes (``b''`` is a message), or None when more bytes are needed.
        :raises PeerError: ``too-long`` or ``malformed``; once raised, raised for ever.
        """
        if self._error is None:
            try:
                return self._next_frame()
            except PeerError as error:
                self._error = error
        raise self._error

    def feed_eof(self):
        """Take the end of input, which is normal between frames only.

        :raises PeerError: ``truncated``, or the error that was raised before.
        """
        if self._error is None:
            try:
                return self._feed_eof()
            except PeerError as error:
                self._error = error
        raise self._error

    def _next_frame(self):
        if self._head is None:
            self._head = self._decode_head()
            if self._head is None:
                return None
        size, length = self._head
        trailer = self._format.trailer
        frame_size = size + length + len(trailer)
        if len(self._buffer) < frame_size:
            return None
        if trailer:
            self._check_trailer(size + length)
        payload = bytes(self._buffer.peek(length, at=size))
        self._buffer.consume(frame_size)
        self._head = None
        return payload

    def _decode_head(self):
        start = self._buffer.peek(self._format.width or HEADER_MAX_BYTES)
        head = self._format.decode_header(start)
        if head is not None and head[1] > self._limit:
            size, length = head
            raise PeerError(TOO_LONG, 'frame of %d bytes%s, the limit is %d' % (
                length, _as_text(self._format, bytes(start[:size])), self._limit))
        return head

    def _check_trailer(self, at):
        found = self._buffer.peek(1, at=at)
        if found != self._format.trailer:
            raise PeerError(MALFORMED, 'netstring ends with byte %02x instead of a comma' % found[0])

    def _frame_size(self):
        size, length = self._head
        return size + length + len(self._format.trailer)

    def _feed_eof(self):
        have = len(self._buffer)
        if self._head is not None:
            raise PeerError(
                TRUNCATED, 'end of input inside a frame: %d of %d bytes' % (have, self._frame_size()))
        if have:
            raise PeerError(TRUNCATED, 'end of input inside a frame: %d bytes of a length' % have)


def _as_text(frame_format, header):
    """Say so when a length spells a word: then the peer speaks something else, such as lines or HTTP."""
    if frame_format.width < 2 or header.translate(None, PRINTABLE):
        return ''
    return ' ("%s": does the peer speak this framing?)' % header.decode('ascii')
