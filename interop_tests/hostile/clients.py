"""Hostile clients: each costs its own connection, and nobody else a second.

All but two speak to a server of ``frame`` with ``u32be``, whose limits are in ``victims.py``.
"""

import os
import signal
import struct

from interop_tests.checks.server_endings import GARBAGE
from interop_tests.hostile.table import fault
from interop_tests.hostile.victims import LIMIT
from interop_tests.wire import wait_until_read
from pyside.wire.framing import encode

HELLO = encode('u32be', b'hello')
# The first bytes of a TLS 1.2 ClientHello: handshake, length 512, ClientHello.
TLS_HELLO = b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' + b'\xa5' * 501
HTTP_REQUEST = b'GET / HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n'


def _header(length):
    return struct.pack('>I', length)


def _ended_behind(wire, replies=b''):
    """The end of the connection, or a reset, comes behind these bytes and within the limit of a wait."""
    came = b''
    try:
        while True:
            chunk = wire.sock.recv(65536)
            if not chunk:
                break
            came += chunk
    except EnvironmentError as error:
        assert error.errno is not None, 'the server kept the connection'
    assert came == replies


def _silent_behind(stand, data):
    wire = stand.dial()
    wire.sock.sendall(data)
    yield
    _ended_behind(wire)


def _refused(stand, data):
    """A good frame, then what is an error."""
    wire = stand.dial()
    wire.sock.sendall(HELLO + data)
    yield
    _ended_behind(wire, HELLO)


def _answered(stand, frames):
    """Everything at once, and FIN."""
    wire = stand.dial()
    wire.sock.sendall(frames)
    wire.half_close()
    yield
    _ended_behind(wire, frames)


@fault('client')
def header_only(stand):
    """A client stops behind a header.

    wire: the header of a frame of 5 bytes, then silence
    expected: end the connection at the idle timeout
    """
    return _silent_behind(stand, HELLO[:4])


@fault('client')
def half_a_header(stand):
    """A client stops in the middle of a header.

    wire: two bytes of a header, then silence
    expected: end the connection at the idle timeout
    """
    return _silent_behind(stand, HELLO[:2])


@fault('client')
def half_a_body(stand):
    """A client stops in the middle of a payload.

    wire: a header of the limit, half of the payload, then silence
    expected: end the connection at the idle timeout
    """
    return _silent_behind(stand, _header(LIMIT) + b'x' * (LIMIT // 2))


@fault('client')
def never_speaks(stand):
    """A client connects and says nothing.

    wire: nothing
    expected: end the connection at the idle timeout
    """
    return _silent_behind(stand, b'')


@fault('client')
def one_byte_at_a_time(stand):
    """A client sends a frame in pieces of one byte.

    wire: each byte when the one before it has been read
    expected: answer, once, when the frame is complete
    """
    wire = stand.dial()
    for index in range(len(HELLO)):
        wire.sock.sendall(HELLO[index:index + 1])
        wait_until_read(wire.sock)
        if index == 5:
            yield
    assert wire.read_exactly(len(HELLO)) == HELLO


@fault('client')
def one_segment(stand):
    """A client sends many frames as one segment, and FIN.

    wire: 500 frames in one send
    expected: answer every one of them, then end
    """
    return _answered(stand, HELLO * 500)


@fault('client')
def length_0(stand):
    """A client sends an empty frame.

    wire: the header 0, and FIN
    expected: answer with an empty frame
    """
    return _answered(stand, _header(0))


@fault('client')
def at_the_limit(stand):
    """A client sends a payload of the limit.

    wire: the frame, and FIN
    expected: answer it
    """
    return _answered(stand, _header(LIMIT) + b'x' * LIMIT)


@fault('client')
def one_over_the_limit(stand):
    """A client announces one byte more than the limit.

    wire: a good frame, then the header
    expected: answer the good frame and end the connection, before it allocates
    """
    return _refused(stand, _header(LIMIT + 1))


@fault('client')
def all_ones(stand):
    """A client announces 4,294,967,295 bytes.

    wire: a good frame, then ff ff ff ff
    expected: answer the good frame and end the connection, before it allocates
    """
    return _refused(stand, b'\xff' * 4)


@fault('client')
def negative_when_signed(stand):
    """A client sends a length that is negative in a signed integer.

    wire: a good frame, then 80 00 00 00
    expected: answer the good frame and end the connection
    """
    return _refused(stand, b'\x80\0\0\0')


@fault('client')
def wrong_byte_order(stand):
    """A client sends its lengths in the other byte order.

    wire: a good frame, then 05 00 00 00 and hello
    expected: answer the good frame and end the connection: the length is over the limit
    """
    return _refused(stand, encode('u32le', b'hello'))


@fault('client')
def wrong_framing(stand):
    """A client speaks netstrings.

    wire: a good frame, then 5:hello,
    expected: answer the good frame and end the connection: the digits are a length over the limit
    """
    return _refused(stand, encode('netstring', b'hello'))


@fault('client')
def http_request(stand):
    """A browser comes by.

    wire: a good frame, then GET / HTTP/1.1
    expected: answer the good frame and end the connection
    """
    return _refused(stand, HTTP_REQUEST)


@fault('client')
def tls_hello(stand):
    """A client wants TLS.

    wire: a good frame, then a ClientHello
    expected: answer the good frame and end the connection
    """
    return _refused(stand, TLS_HELLO)


@fault('client')
def garbage(stand):
    """A client sends bytes without sense.

    wire: 12,288 bytes that hold every length
    expected: end the connection
    """
    wire = stand.dial()
    wire.sock.sendall(GARBAGE)
    yield
    _ended_behind(wire)


@fault('client', 'netstring')
def endless_netstring_digits(stand):
    """A client sends the digits of a netstring and no colon.

    wire: 4,096 digits
    expected: end the connection at the first digit too many
    """
    wire = stand.dial()
    wire.sock.sendall(b'1' * 4096)
    yield
    _ended_behind(wire)


@fault('client', 'varint')
def endless_varint(stand):
    """A client sends a varint that does not end.

    wire: 4,096 bytes with the highest bit set
    expected: end the connection at the first byte too many
    """
    wire = stand.dial()
    wire.sock.sendall(b'\x80' * 4096)
    yield
    _ended_behind(wire)


@fault('client')
def half_close_before_the_answer(stand):
    """A client ends its side before it is answered.

    wire: a frame and FIN
    expected: answer, then end
    """
    return _answered(stand, HELLO)


@fault('client')
def close_with_unread_data(stand):
    """A client closes while replies wait in its socket.

    wire: 100 frames; the socket is closed when replies are there: the kernel sends RST
    expected: one line in the log
    """
    wire = stand.dial()
    wire.sock.sendall(HELLO * 100)
    assert wire.read_exactly(1) == HELLO[:1]
    yield
    wire.close()


@fault('client')
def linger_0(stand):
    """A client resets its connection in the middle of a frame.

    wire: half a frame, then close with SO_LINGER 0: RST
    expected: one line in the log
    """
    wire = stand.dial()
    wire.sock.sendall(HELLO + HELLO[:6])
    assert wire.read_exactly(len(HELLO)) == HELLO
    yield
    wire.reset()


@fault('client')
def never_reads(stand):
    """A client sends and never reads.

    wire: frames, until the kernel takes no more
    expected: stop reading, then end the connection at the idle timeout
    """
    wire = stand.dial()
    wire.sock.setsockopt(*stand.SMALL_RECEIVE_BUFFER)
    block = (_header(LIMIT) + b'x' * LIMIT) * 4
    left = stand.send_until_full(wire, block)
    yield
    try:
        while True:
            wire.sock.sendall(left or block)
            left = b''
    except EnvironmentError as error:
        assert error.errno is not None, 'the server kept the connection'


@fault('client')
def flood(stand):
    """A client never stops asking.

    wire: 64 KiB of empty frames at a time, while there is room
    expected: serve it in turns with the others
    """
    wire = stand.dial()
    stand.send_until_full(wire, b'\0' * 65536, 16)
    yield
    wire.reset()


@fault('client', options=['--max-connections', '100', '--timeout', '5'])
def ten_thousand_that_never_speak(stand):
    """A crowd connects and says nothing.

    wire: 10,000 connections (500 where each costs a process); the server's connection limit is 100
    expected: leave the rest in the backlog, serve those it has, and newcomers when the crowd has gone
    """
    crowd = stand.crowd()
    # There is no room for a newcomer until then.
    yield stand.NO_NEWCOMER
    for sock in crowd:
        sock.close()


@fault('client')
def connect_and_vanish(stand):
    """Clients connect and go away.

    wire: FIN at once, 20 times; RST at once, 20 times
    expected: forget them
    """
    for _ in range(20):
        stand.dial().close()
    for _ in range(20):
        stand.dial().reset()
    yield


@fault('client')
def killed_in_the_middle(stand):
    """A client dies of SIGKILL in the middle of a frame.

    wire: half a frame by a process that is killed
    expected: one line in the log
    """
    wire = stand.dial()
    wire.sock.sendall(HELLO[:6])
    child = os.fork()
    if not child:
        while True:
            signal.pause()
    wire.close()
    try:
        yield
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
