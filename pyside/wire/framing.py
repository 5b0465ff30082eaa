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

In Python a call costs more than a small frame.  So a ``Decoder`` takes all frames
of a chunk in one loop, which calls a method of the format only for headers that
``struct`` cannot read and that were not looked at before; and a frame of many
chunks is joined once, when it is there.

C twin: ``c_ref/wire/framing.c``.  Read next: ``wire/lines.py``.
"""

import struct
from collections import OrderedDict
from itertools import repeat

from pyside.wire.errors import MALFORMED, TOO_LONG, TRUNCATED, UNSENDABLE, PeerError

DEFAULT_LIMIT = 16 * 1024 * 1024

U64_MAX = 2 ** 64 - 1
VARINT_MAX_BYTES = 10
NETSTRING_MAX_DIGITS = 20
HEADER_MAX_BYTES = NETSTRING_MAX_DIGITS + 1
# Above every limit, so that the header is looked at.
UNKNOWN = U64_MAX + 1
PRINTABLE = bytes(bytearray(range(0x20, 0x7f)))
# Headers of lengths below this are kept.
KEPT_HEADERS = 2048
# Pieces of a frame that are shorter are put together: each object costs some forty bytes.
SMALL_PIECE = 4096


class _Lengths(dict):
    """Lengths of short payloads by their headers, once these have been looked at."""

    def __missing__(self, header):
        return UNKNOWN


class FixedWidth(object):
    """A length in a fixed number of bytes.

    :param width: 1 to 8 bytes.
    :param order: ``big``, the most significant byte first, or ``little``, the least significant first.

    ``struct`` reads 1, 2, 4 and 8 bytes.  Others are written in eight bytes, and those that are always zero left out.
    """

    mark = None
    trailer = b''

    def __init__(self, width, order):
        self.width = width
        self.capacity = 256 ** width - 1
        sign = '>' if order == 'big' else '<'
        letter = {1: 'B', 2: 'H', 4: 'I', 8: 'Q'}.get(width)
        self.read = struct.Struct(sign + letter).unpack_from if letter else None
        self.read_max = self.capacity
        self.lengths = None if letter else _Lengths()
        eight_bytes = struct.Struct(sign + 'Q')
        self._pack, self._unpack = eight_bytes.pack, eight_bytes.unpack
        zeros = b'\0' * (8 - width)
        self._before, self._after = (zeros, b'') if order == 'big' else (b'', zeros)
        self._kept = slice(len(self._before), len(self._before) + width)

    def encode_header(self, length):
        return self._pack(length)[self._kept]

    def decode_header(self, data, at=0):
        """See :meth:`Varint.decode_header`."""
        end = at + self.width
        if len(data) < end:
            return None
        return end, self._unpack(self._before + bytes(data[at:end]) + self._after)[0]


class Varint(object):
    """Unsigned LEB128: seven bits a byte, low bits first, the top bit says "more"."""

    mark = lengths = None
    trailer = b''
    width = 1
    capacity = U64_MAX
    read = struct.Struct('B').unpack_from
    read_max = 0x7f

    def encode_header(self, length):
        header = bytearray()
        while length > 0x7f:
            header.append(length & 0x7f | 0x80)
            length >>= 7
        header.append(length)
        return bytes(header)

    def decode_header(self, data, at=0):
        """Read a length.

        :param data: bytes, with a header or a part of one at an offset.
        :param at: that offset.
        :returns: ``(offset of the payload, its length in bytes)``, or None while the header is incomplete.
        :raises PeerError: ``malformed``.
        """
        length = 0
        header = bytearray(data[at:at + VARINT_MAX_BYTES])
        for index, byte in enumerate(header):
            length |= (byte & 0x7f) << (7 * index)
            if length > U64_MAX:
                raise PeerError(MALFORMED, 'varint length does not fit in 64 bits')
            if not byte & 0x80:
                if byte == 0 and index > 0:
                    raise PeerError(
                        MALFORMED, 'varint length %d in %d bytes is not the shortest form' % (length, index + 1))
                return at + index + 1, length
        if len(header) >= VARINT_MAX_BYTES:
            raise PeerError(MALFORMED, 'varint length longer than %d bytes' % VARINT_MAX_BYTES)
        return None


class Netstring(object):
    """``5:hello,``: the length in ASCII decimal without leading zeros (D. J. Bernstein, 1997)."""

    trailer = b','
    width = 1
    capacity = read_max = U64_MAX
    read = None
    mark = b':'

    def __init__(self):
        self.lengths = _Lengths()

    def encode_header(self, length):
        return ('%d:' % length).encode('ascii')

    def decode_header(self, data, at=0):
        """See :meth:`Varint.decode_header`.

        Each byte is looked at, also of a header that has not come to its colon: what is wrong is said at once.
        """
        length = 0
        for index, byte in enumerate(bytearray(data[at:at + HEADER_MAX_BYTES])):
            if byte == 0x3a and index > 0:
                return at + index + 1, length
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
#
# width: how many bytes a header has at least.  read(data, offset) reads its beginning, and is the whole header when
# what it says is not over read_max.  Where read is None, lengths has the headers that were looked at before, and mark
# is the byte that ends such a header, or None where width says it.  All others are looked at by decode_header.
# trailer: what follows the payload.
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


class _Headers(dict):
    """Headers by the length that they say; those of short payloads are kept."""

    def __init__(self, frame_format):
        dict.__init__(self)
        self._encode = frame_format.encode_header

    def __missing__(self, length):
        header = self._encode(length)
        if length < KEPT_HEADERS:
            self[length] = header
        return header


_HEADERS = {name: _Headers(frame_format) for name, frame_format in FORMATS.items()}


def append_frames(out, name, payloads):
    """Append the frames of payloads to a list, in parts to be joined.

    :param out: a list of bytes.
    :param name: a key of ``FORMATS``.
    :param payloads: a list of bytes, each of which the framing can carry: see :func:`check_sendable`.
    """
    headers, trailer = _HEADERS[name], FORMATS[name].trailer
    if len(payloads) == 1:
        out += (headers[len(payloads[0])], payloads[0], trailer)
        return
    step = 3 if trailer else 2
    parts = [trailer] * (step * len(payloads))
    parts[::step] = map(headers.__getitem__, map(len, payloads))
    parts[1::step] = payloads
    out += parts


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
    return b''.join([_HEADERS[name][length], payload, frame_format.trailer])


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

    __slots__ = ('_format', '_limit', '_most_read', '_error', '_data', '_at', '_head', '_pieces', '_have')

    def __init__(self, name, limit=DEFAULT_LIMIT):
        self._format = FORMATS[name]
        self._limit = limit
        self._most_read = min(self._format.read_max, limit)
        self._error = None
        # Between frames: what was fed and is not decoded yet, which begins at an offset.
        self._data = b''
        self._at = 0
        # Inside a frame: the sizes of its header and payload; the pieces behind the header, and their size.
        self._head = None
        self._pieces = None
        self._have = 0

    def feed(self, data):
        """Take bytes as they came from the wire."""
        if not data:
            return
        if self._head is not None:
            self._have += len(data)
            if self._pieces and len(self._pieces[-1]) + len(data) <= SMALL_PIECE:
                self._pieces[-1] += data
            else:
                self._pieces.append(data)
        else:
            self._data = self._data[self._at:] + data if self._data else data
            self._at = 0

    def next_frame(self):
        """Take one payload out of what was fed.

        :returns: the payload as bytes (``b''`` is a message), or None when more bytes are needed.
        :raises PeerError: ``too-long`` or ``malformed``; once raised, raised for ever.
        """
        payloads = []
        self.next_frames(payloads, 1)
        return payloads[0] if payloads else None

    def next_frames(self, payloads, most):
        """Take payloads out of what was fed.

        :param payloads: a list to which they are appended, also those before an error.
        :param most: how many at most.
        :raises PeerError: ``too-long`` or ``malformed``; once raised, raised for ever.
        """
        if self._error is None:
            try:
                if self._head is not None and most > 0:
                    most -= self._finish_frame(payloads)
                if self._head is None:
                    self._decode(payloads, most)
                return
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

    def _decode(self, payloads, most):
        """Take the payloads that are whole, and keep the beginning of one that is not."""
        frame_format, data, at = self._format, self._data, self._at
        width, read, mark, lengths, trailer = (
            frame_format.width, frame_format.read, frame_format.mark, frame_format.lengths, frame_format.trailer)
        tail, size = len(trailer), len(data)
        closing = trailer[0] if trailer else None
        most_read, last = self._most_read, size - tail
        for _ in repeat(None, most):
            if read is not None:
                begin = at + width
                if begin > size:
                    break
                length, = read(data, at)
            else:
                # Where the mark has not come, the header is empty, and unknown.
                begin = at + width if mark is None else data.find(mark, at) + 1
                length = lengths[data[at:begin]]
            if length > most_read:
                head = self._decode_header(data, at)
                if head is None:
                    break
                begin, length = head
            end = begin + length
            if end > last:
                self._head = (begin - at, length)
                self._pieces, self._have = [_part(data, begin, size)], size - begin
                at = size
                break
            if tail and data[end] != closing:
                raise _wrong_trailer(data[end:end + tail])
            payloads.append(data[begin:end])
            at = end + tail
        # What is decoded is not needed any more, and may be much.
        self._data, self._at = (data, at) if at < size else (b'', 0)

    def _decode_header(self, data, at):
        """Look at a header that is not one of the usual ones; see :meth:`Varint.decode_header`."""
        head = self._format.decode_header(data, at)
        if head is None:
            return None
        end, length = head
        if length > self._limit:
            raise PeerError(TOO_LONG, 'frame of %d bytes%s, the limit is %d' % (
                length, _as_text(self._format, data[at:end]), self._limit))
        if self._format.read is None and length < KEPT_HEADERS:
            self._format.lengths[data[at:end]] = length
        return head

    def _finish_frame(self, payloads):
        """Take the payload that came in pieces, if it is whole; return how many that were, 0 or 1."""
        _, length = self._head
        trailer = self._format.trailer
        beyond = self._have - length - len(trailer)
        if beyond < 0:
            return 0
        last = self._pieces.pop()
        while len(last) < beyond + len(trailer):
            last = bytes(self._pieces.pop()) + last
        end = len(last) - beyond - len(trailer)
        found = last[end:end + len(trailer)]
        if found != trailer:
            raise _wrong_trailer(found)
        self._pieces.append(_part(last, 0, end))
        payloads.append(b''.join(self._pieces))
        self._head, self._pieces, self._have = None, None, 0
        self._data, self._at = last, end + len(trailer)
        return 1

    def _feed_eof(self):
        if self._head is not None:
            size, length = self._head
            raise PeerError(TRUNCATED, 'end of input inside a frame: %d of %d bytes' % (
                size + self._have, size + length + len(self._format.trailer)))
        have = len(self._data) - self._at
        if have:
            raise PeerError(TRUNCATED, 'end of input inside a frame: %d bytes of a length' % have)


def _part(data, begin, end):
    """Return a part of a chunk; of a large one a view, which join takes without copying it first."""
    # PY2: join takes no memoryview.
    if end - begin <= SMALL_PIECE or bytes is str:
        return data[begin:end]
    return memoryview(data)[begin:end]


def _wrong_trailer(found):
    return PeerError(MALFORMED, 'netstring ends with byte %02x instead of a comma' % bytearray(found)[0])


def _as_text(frame_format, header):
    """Say so when a length spells a word: then the peer speaks something else, such as lines or HTTP."""
    if frame_format.width < 2 or header.translate(None, PRINTABLE):
        return ''
    return ' ("%s": does the peer speak this framing?)' % header.decode('ascii')
