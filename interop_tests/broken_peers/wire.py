"""Reading a stream that comes in any pieces, and the framings::

    u8, u32be    length    payload             most significant byte first
    varint       length    payload             seven bits a byte, the lowest first
    netstring    digits :  payload ,
"""

import struct

DEFAULT_LIMIT = 16777216
CHUNK = 65536


class Broken(Exception):
    """The other side broke the protocol, or a message cannot be sent; ``word`` says how."""

    def __init__(self, word, text=''):
        Exception.__init__(self, text)
        self.word = word


class Stream(object):
    """What has come from a connected socket, and was not taken yet."""

    def __init__(self, sock):
        self.sock = sock
        self.buffer = bytearray()

    def more(self):
        """Wait for more; return whether some came, False at the end of input."""
        chunk = self.sock.recv(CHUNK)
        self.buffer += chunk
        return bool(chunk)

    def take(self, size):
        taken = bytes(self.buffer[:size])
        del self.buffer[:size]
        return taken

    def some(self):
        """Return whatever comes, b'' at the end of input."""
        if not self.buffer:
            self.more()
        return self.take(len(self.buffer))

    def exactly(self, size, may_end=False):
        """Return exactly ``size`` bytes, or None at the end of input where it may be."""
        while len(self.buffer) < size:
            if not self.more():
                if may_end and not self.buffer:
                    return None
                raise Broken('truncated', '%d of %d bytes' % (len(self.buffer), size))
        return self.take(size)

    def line(self, limit, may_end=False):
        """Return a line without its newline, or None at the end of input where it may be."""
        searched = 0
        while b'\n' not in self.buffer[searched:]:
            searched = len(self.buffer)
            if searched > limit:
                raise Broken('too-long', 'a line of more than %d bytes' % limit)
            if not self.more():
                if may_end and not self.buffer:
                    return None
                raise Broken('truncated', 'no newline')
        size = self.buffer.index(b'\n')
        if size > limit:
            raise Broken('too-long', 'a line of %d bytes' % size)
        return self.take(size + 1)[:-1]


class Framing(object):
    """Header, payload, and what stands behind it."""

    capacity = 2 ** 64 - 1
    trailer = b''

    def read(self, stream, limit):
        """Return the payload of the next frame, or None at the end of input between two frames."""
        length = self.length(stream)
        if length is None:
            return None
        return self.payload(stream, length, limit)

    def payload(self, stream, length, limit):
        self.check(length, limit)
        payload = stream.exactly(length)
        self.end(stream)
        return payload

    def check(self, length, limit):
        if length > limit:
            raise Broken('too-long', 'a frame of %d bytes; the limit is %d' % (length, limit))

    def end(self, stream):
        if self.trailer and stream.exactly(len(self.trailer)) != self.trailer:
            raise Broken('malformed', 'no comma behind the payload')

    def frame(self, payload):
        return self.header(len(payload)) + payload + self.trailer


class Fixed(Framing):
    """A length of a fixed width; ``code`` is that of :mod:`struct`."""

    def __init__(self, code):
        self.code = code
        self.width = struct.calcsize(code)
        self.capacity = 256 ** self.width - 1

    def length(self, stream):
        head = stream.exactly(self.width, may_end=True)
        return None if head is None else struct.unpack(self.code, head)[0]

    def header(self, length):
        return struct.pack(self.code, length)


class Varint(Framing):

    def length(self, stream):
        value, shift = 0, 0
        while True:
            head = stream.exactly(1, may_end=shift == 0)
            if head is None:
                return None
            byte = ord(head)
            if shift == 63 and byte > 1:
                raise Broken('malformed', 'a varint over 64 bits')
            value |= (byte & 0x7f) << shift
            if byte < 0x80:
                self.check_shortest(byte, shift)
                return value
            shift += 7

    def check_shortest(self, last, shift):
        if shift and not last:
            raise Broken('malformed', 'a varint that is longer than necessary')

    def header(self, length):
        head = bytearray()
        while length > 0x7f:
            head.append(length & 0x7f | 0x80)
            length >>= 7
        return bytes(head + bytearray([length]))


class Netstring(Framing):

    trailer = b','
    most_digits = 20

    def length(self, stream):
        digits = b''
        while True:
            byte = stream.exactly(1, may_end=not digits)
            if byte is None:
                return None
            if byte == b':':
                return self.number(digits)
            digits += byte
            self.check_digits(digits)

    def check_digits(self, digits):
        if not digits.isdigit() or len(digits) > self.most_digits:
            raise Broken('malformed', 'not a digit, or too many')
        self.check_zero(digits)

    def check_zero(self, digits):
        if digits.startswith(b'0') and digits != b'0':
            raise Broken('malformed', 'a leading zero')

    def number(self, digits):
        if not digits or int(digits) > self.capacity:
            raise Broken('malformed', 'no number of 64 bits')
        return int(digits)

    def header(self, length):
        return str(length).encode('ascii') + b':'


FRAMINGS = {'u8': Fixed('>B'), 'u32be': Fixed('>I'), 'varint': Varint(), 'netstring': Netstring()}
