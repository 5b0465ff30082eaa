"""What can be wrong with a server, each a few lines: the suite has to name it by the cells that stand above it."""

import os
import signal
import socket
import struct
import sys
import threading
import time

from interop_tests.broken_peers.options import leave
from interop_tests.broken_peers.server import Server
from interop_tests.broken_peers.table import fault
from interop_tests.broken_peers.wire import DEFAULT_LIMIT, FRAMINGS, Broken, Fixed, Framing, Netstring, Varint


def reset(connection):
    """Close with RST: SO_LINGER with a time of zero."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    connection.close()


def framings(**others):
    return dict(FRAMINGS, **others)


# Framings

class _AnyZeros(Netstring):
    def check_zero(self, digits):
        pass


@fault('server', ('frame-netstring/inet/malformed-netstring-leading-zero', 'wrong-answer', ''))
class LeadingZero(Server):
    """A netstring with a leading zero is accepted: 03:abc,"""
    framings = framings(netstring=_AnyZeros())


class _Signs(Netstring):
    def check_digits(self, digits):
        pass

    def number(self, digits):
        try:
            return int(digits)
        except ValueError:
            raise Broken('malformed', 'not a number')


@fault('server', ('frame-netstring/inet/malformed-netstring-plus', 'wrong-answer', ''),
       ('frame-netstring/inet/malformed-netstring-space-before', 'wrong-answer', ''))
class PlusSign(Server):
    """The length of a netstring is whatever int() takes: +3:abc,"""
    framings = framings(netstring=_Signs())


class _NoComma(Netstring):
    def end(self, stream):
        stream.exactly(1)


@fault('server', ('frame-netstring/inet/malformed-netstring-no-comma', 'wrong-answer', ''),
       ('frame-netstring/inet/malformed-netstring-newline-for-comma', 'wrong-answer', ''))
class NoComma(Server):
    """Any byte does for the comma behind a netstring."""
    framings = framings(netstring=_NoComma())


class _AnyVarint(Varint):
    def check_shortest(self, last, shift):
        pass


@fault('server', ('frame-varint/inet/malformed-varint-zero-in-two-bytes', 'wrong-answer', ''))
class LongerVarint(Server):
    """A varint that is longer than necessary is accepted."""
    framings = framings(varint=_AnyVarint())


class _Signed(Fixed):
    def payload(self, stream, length, limit):
        return Fixed.payload(self, stream, 0 if length >= 2 ** 31 else length, limit)


@fault('server', ('frame-u32be/inet/malformed-u32be-largest-length', 'wrong-answer', ''))
class SignedLength(Server):
    """The length is signed, and a negative one taken for zero: ff ff ff ff is an empty frame."""
    framings = framings(u32be=_Signed('>I'))


@fault('server', ('frame-u32be/inet/frames-u32be-hello', 'end-of-input', 'nothing, then the end of input'),
       ('frame-u32be/inet/one-conversation', 'end-of-input', ''))
class LittleEndian(Server):
    """The length is little-endian where it has to be big-endian."""
    framings = framings(u32be=Fixed('<I'))


class _Eats(Fixed):
    def read(self, stream, limit):
        payload = Fixed.read(self, stream, limit)
        return self.read(stream, limit) if payload == b'' else payload


@fault('server', ('frame-u8/inet/frames-u8-empty', 'end-of-input', 'nothing, then the end of input'))
class EmptyFrameIsNothing(Server):
    """An empty frame is not answered."""
    framings = framings(u8=_Eats('>B'), u32be=_Eats('>I'))


# Limits

class _Limited(Fixed):
    """A limit of its own instead of the one that it is told."""

    def __init__(self, code, own):
        Fixed.__init__(self, code)
        self.own = own

    def check(self, length, limit):
        Framing.check(self, length, self.own(limit))


def limited(own):
    return framings(u8=_Limited('>B', own), u32be=_Limited('>I', own))


@fault('server', ('frame-u8/inet/payload-over-the-limit', 'time-out', 'silence'),
       ('frame-u32be/inet/default-limit', 'time-out', 'silence'))
class NoLimit(Server):
    """A frame over the limit is accepted."""
    framings = limited(lambda limit: 2 ** 40)


@fault('server', ('frame-u8/inet/payload-of-the-limit', 'end-of-input', ''))
class LimitRefused(Server):
    """The limit is off by one: a payload as long as it is refused."""
    framings = limited(lambda limit: limit - 1)


@fault('server', ('frame-u8/inet/payload-over-the-limit', 'time-out', ''))
class LimitPassed(Server):
    """The limit is off by one: a payload one byte longer is accepted."""
    framings = limited(lambda limit: limit + 1)


@fault('server', ('frame-u32be/inet/foreign-limits', 'end-of-input', ' of 100004 bytes, then the end of input'))
class LimitOfNetstrings(Server):
    """It has a limit of its own, 99,999 bytes, as many systems with netstrings."""
    framings = limited(lambda limit: min(limit, 99999))


@fault('server', ('frame-u32be/inet/largest-payload', 'end-of-input', ''))
class LimitOfThrift(Server):
    """It has a limit of its own, 16,384,000 bytes, as Thrift."""
    framings = limited(lambda limit: min(limit, 16384000))


@fault('server', ('frame-u8/inet/payload-over-the-limit', 'time-out', ''))
class IgnoresMaxFrame(Server):
    """--max-frame is ignored."""
    framings = limited(lambda limit: DEFAULT_LIMIT)


class _Late(Fixed):
    def payload(self, stream, length, limit):
        payload = stream.exactly(length)
        self.check(length, limit)
        return payload


@fault('server', ('frame-u8/inet/payload-over-the-limit', 'time-out', ''))
class LimitBehindThePayload(Server):
    """A length over the limit is refused when the payload is there."""
    framings = framings(u8=_Late('>B'), u32be=_Late('>I'))


class _Allocates(Fixed):
    def payload(self, stream, length, limit):
        self.check(length, limit)
        room = bytearray(b'\xff') * length
        room[:] = stream.exactly(length)
        return bytes(room)


@fault('server', ('frame-u32be/inet/memory-does-not-follow-a-length', 'wrong-answer', 'MiB more than for eight frames'))
class AllocatesFirst(Server):
    """The memory for a payload is taken when its length is there."""
    framings = framings(u32be=_Allocates('>I'))


# Bytes in pieces

@fault('server', ('frame-u32be/inet/many-frames-in-a-segment', 'time-out', ''),
       ('frame-u32be/inet/replies-owed-at-half-close', 'end-of-input', ''))
class OneFrameASegment(Server):
    """Frames that come in one segment are lost, but the first."""

    def reply(self, stream, data):
        del stream.buffer[:]
        self.send(stream, data)


class _AtOnce(Fixed):
    def length(self, stream):
        if not stream.buffer and not stream.more():
            return None
        if len(stream.buffer) < self.width:
            raise Broken('malformed', 'half a header')
        return Fixed.length(self, stream)


@fault('server', ('frame-u32be/inet/a-header-in-pieces', 'end-of-input', ''))
class HeaderInOneRecv(Server):
    """A header has to come in one piece."""
    framings = framings(u32be=_AtOnce('>I'))


class _OneRecv(Fixed):
    def payload(self, stream, length, limit):
        self.check(length, limit)
        return stream.take(length)


@fault('server', ('frame-u32be/inet/a-byte-at-a-time', 'wrong-answer', ''))
class OneRecvIsOneMessage(Server):
    """What one recv brings is taken for the whole payload."""
    framings = framings(u32be=_OneRecv('>I'))


@fault('server', ('echo/inet/every-byte', 'wrong-answer', ''))
class TextDecoding(Server):
    """Bytes are decoded as text and encoded again."""

    def reply(self, stream, data):
        self.send(stream, data.decode('utf-8', 'replace').encode('utf-8'))


@fault('server', ('upper/inet/every-byte', 'wrong-answer', ''),
       ('upper/inet/upper-bytes-that-are-letters-elsewhere', 'wrong-answer', ''))
class UpperInLatin1(Server):
    """Upper case goes beyond a to z: e0 becomes c0."""

    def capitals(self, data):
        return bytes(bytearray(
            byte - 32 if 0x61 <= byte <= 0x7a or 0xe0 <= byte <= 0xfe else byte for byte in bytearray(data)))


@fault('server', ('echo/inet/every-byte', 'time-out', 'nothing, and no more within'))
class StopsAtNul(Server):
    """Bytes are a string that ends at NUL."""

    def reply(self, stream, data):
        self.send(stream, data.split(b'\0')[0])


# Endings

@fault('server', ('echo/inet/reset-inside-a-message', 'crash', 'the server is gone: exit status 1'))
class DiesOfAReset(Server):
    """A reset ends the server."""

    def complain(self, error):
        if not isinstance(error, (Broken, socket.timeout)):
            leave(1)


@fault('server', ('frame-u32be/inet/garbage', 'crash', 'the server is gone'))
class DiesOfGarbage(Server):
    """Bytes that are no message end the server."""

    def complain(self, error):
        if isinstance(error, Broken):
            leave(1)


@fault('server', ('frame-u32be/inet/gone-before-the-replies', 'crash', 'died of SIGPIPE'))
class DiesOfSigpipe(Server):
    """SIGPIPE is not ignored."""

    def obey_signals(self):
        Server.obey_signals(self)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)


@fault('server', ('frame-u32be/inet/replies-owed-at-half-close', 'end-of-input', 'nothing, then the end of input'),
       ('echo/inet/replies-owed-at-half-close', 'end-of-input', 'nothing, then the end of input'))
class ForgetsAtHalfClose(Server):
    """Replies that are owed when the end of input comes are dropped."""

    def reply(self, stream, data):
        time.sleep(0.05)
        stream.sock.setblocking(False)
        try:
            if not stream.sock.recv(1, socket.MSG_PEEK):
                raise Broken('truncated', 'nobody there')
        except EnvironmentError:
            pass  # nothing has come behind it
        finally:
            stream.sock.settimeout(self.options.timeout)
        self.send(stream, data)


@fault('server', ('frame-u32be/inet/silence', 'time-out', ''), ('echo/inet/silence', 'time-out', ''))
class NeverTimesOut(Server):
    """There is no limit of silence."""

    def attend(self, connection):
        self.options.timeout = None
        Server.attend(self, connection)

    def first_line(self, stream):
        self.options.timeout = 3600
        return Server.first_line(self, stream)


@fault('server', ('frame-u32be/inet/silence', 'time-out', ''), ('greet/inet/silence', 'time-out', ''))
class IgnoresTimeout(Server):
    """--timeout is ignored."""

    def __init__(self, options):
        options.timeout = 30
        Server.__init__(self, options)


@fault('server', ('frame-u32be/inet/bytes-that-move', 'end-of-input', 'the connection ended'))
class LimitOfTheConnection(Server):
    """The limit of silence is one for the whole connection."""

    def attend(self, connection):
        signalled = time.time() + self.options.timeout

        class Impatient(object):
            def recv(self, size):
                connection.settimeout(max(0.001, signalled - time.time()))
                return connection.recv(size)

            def __getattr__(self, name):
                return getattr(connection, name)
        Server.attend(self, Impatient())


@fault('server', ('greet/inet/greet-is-not-held-by-single-bytes', 'time-out', ''))
class GreetLimitRestarts(Server):
    """The limit of greet begins anew with each byte."""

    def first_line(self, stream):
        while b'\n' not in stream.buffer and stream.more():
            pass
        return bytes(stream.buffer).split(b'\n')[0]


@fault('server', ('frame-u32be/inet/one-conversation', 'time-out', 'silence'))
class NeverCloses(Server):
    """A connection is never closed."""

    def part(self, connection):
        while True:
            time.sleep(3600)


@fault('server', ('frame-u32be/inet/one-conversation', 'reset', 'reset by peer'),
       ('count/inet/one-conversation', 'reset', ''))
class ClosesWithReset(Server):
    """A connection is closed with RST."""

    def part(self, connection):
        time.sleep(0.05)
        reset(connection)


@fault('server', ('frame-u32be/inet/one-client-waits-and-another-is-served', 'time-out', ''))
class OneAtATime(Server):
    """A client waits until the one before it has gone."""

    def meet(self, connection):
        self.attend(connection)


@fault('server', ('frame-u32be/inet/no-descriptor-is-left-behind', 'wrong-answer', 'open descriptors'))
class DescriptorLeak(Server):
    """A descriptor is left behind for each connection."""

    def close(self, connection):
        os.dup(connection.fileno())
        connection.close()


# The program

@fault('server', ('frame-u32be/inet/stops-at-sigterm', 'time-out', 'it still runs'))
class IgnoresSigterm(Server):
    """SIGTERM is ignored."""

    def obey_signals(self):
        Server.obey_signals(self)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)


@fault('server', ('frame-u32be/inet/stops-at-sigterm', 'wrong-answer', 'exit status 1'))
class StatusAtSigterm(Server):
    """The exit status at SIGTERM is 1."""

    def obey_signals(self):
        Server.obey_signals(self)
        signal.signal(signal.SIGTERM, lambda *_: leave(1))


@fault('server', ('frame-u32be/inet/stops-at-sigterm', 'crash', 'died of SIGTERM'))
class DiesOfSigterm(Server):
    """SIGTERM has its default action, death by the signal."""

    def obey_signals(self):
        Server.obey_signals(self)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


@fault('server', ('frame-u32be/inet/stops-at-sigint', 'crash', 'KeyboardInterrupt'))
class TracebackAtSigint(Server):
    """SIGINT ends in a traceback."""

    def obey_signals(self):
        Server.obey_signals(self)
        signal.signal(signal.SIGINT, signal.default_int_handler)


@fault('server', ('frame-u32be/inet/says-nothing-else-on-standard-output', 'malformed', 'it wrote on standard output'))
class SaysMore(Server):
    """Each connection is a line on standard output."""

    def meet(self, connection):
        self.say('a client has come\n')
        Server.meet(self, connection)


@fault('server', ('frame-u32be/inet/announces-where-it-listens', 'time-out', 'the server announced nothing'))
class AnnouncesLate(Server):
    """The announcement is not flushed."""

    def say(self, text):
        sys.stdout.write(text)


@fault('server', ('frame-u32be/inet/announces-where-it-listens', 'malformed', 'localhost'))
class HostName(Server):
    """The announcement has a name instead of a numeric address."""

    def announce(self, address):
        self.say('LISTENING localhost %d\n' % address[1])


@fault('server', ('frame-u32be/inet/announces-where-it-listens', 'malformed', 'Hello, I am listening'))
class OtherAnnouncement(Server):
    """The announcement has other words."""

    def announce(self, address):
        self.say('Hello, I am listening on %d!\n' % address[1])


@fault('server', ('frame-u32be/inet/listens-where-it-is-told-to', 'malformed', 'LISTENING 127.0.0.1'))
class IgnoresPort(Server):
    """--port is ignored."""

    def __init__(self, options):
        options.port = 0
        Server.__init__(self, options)


@fault('server', ('frame-u32be/inet/refuses-an-unknown-protocol', 'wrong-answer', 'exit status 1'))
class UnsupportedIs1(Server):
    """An unknown protocol is the exit status 1."""
    status_of_unsupported = 1


@fault('server', ('frame-u32be/inet/one-conversation', 'refused', 'the server ended before it announced itself'))
class Stillborn(Server):
    """It ends before it listens."""

    def listen(self):
        sys.stderr.write('server: no such device\n')
        leave(5)


# Replies

@fault('server', ('frame-u32be/inet/one-conversation', 'time-out', "'....hell', and no more within"))
class OneByteShort(Server):
    """Replies lack their last byte."""

    def reply(self, stream, data):
        self.send(stream, data[:-1])


@fault('server', ('frame-u32be/inet/one-conversation', 'wrong-answer', 'byte 9 differs'))
class WrongByte(Server):
    """The last byte of a reply is another one."""

    def reply(self, stream, data):
        self.send(stream, data[:-1] + b'?')


@fault('server', ('frame-u32be/inet/one-conversation', 'wrong-answer', 'more: '))
class RepliesTwice(Server):
    """Each reply is sent twice."""

    def reply(self, stream, data):
        self.send(stream, data + data)


@fault('server', ('frame-u32be/inet/one-conversation', 'time-out', 'nothing, and no more within'))
class Late(Server):
    """Replies come after six seconds."""

    def reply(self, stream, data):
        time.sleep(6)
        self.send(stream, data)


@fault('server')
class Slow(Server):
    """Replies come after half a second, which the contract allows."""

    def reply(self, stream, data):
        time.sleep(0.5)
        self.send(stream, data)


@fault('server')
class DiesAfterwards(Server):
    """It dies 0.2 s after a certain message, the 128 bytes from 80 to ff."""

    def reply(self, stream, data):
        self.send(stream, data)
        if b'\xfe\xff' in data:
            threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGSEGV)).start()


class _Hasty(Fixed):
    def payload(self, stream, length, limit):
        self.check(length, limit)
        stream.sock.sendall(self.header(length))
        return stream.exactly(length)

    def frame(self, payload):
        return payload


@fault('server', ('frame-u32be/inet/bytes-that-move', 'wrong-answer', 'it answered early'))
class AnswersEarly(Server):
    """The header is sent back before the frame is complete."""
    framings = framings(u32be=_Hasty('>I'))


@fault('server', ('frame-u32be/inet/largest-payload', 'time-out', ''))
class OneByteASecond(Server):
    """Replies come one byte a second."""

    def reply(self, stream, data):
        for index in range(len(data)):
            self.send(stream, data[index:index + 1])
            time.sleep(1)


@fault('server', ('frame-u32be/inet/one-conversation', 'time-out', 'nothing, and no more within'))
class Hangs(Server):
    """Nothing is ever answered."""

    def reply(self, stream, data):
        while True:
            time.sleep(3600)


@fault('server', ('frame-u32be/inet/one-conversation', 'crash', 'died of SIGSEGV'))
class Dies(Server):
    """It dies of the first message."""

    def reply(self, stream, data):
        os.kill(os.getpid(), signal.SIGSEGV)


@fault('server', ('count/inet/count-waits-for-the-end', 'wrong-answer', ''))
class CountsTheFirst(Server):
    """The number is answered after the first bytes, not at the end."""

    def count(self, stream):
        self.reply(stream, self.number(len(stream.some())))


@fault('server', ('count/inet/one-conversation', 'end-of-input', "'5', then the end of input"))
class CountWithoutNewline(Server):
    """The number has no newline."""

    def count(self, stream):
        self.number = lambda size: str(size).encode('ascii')
        Server.count(self, stream)


@fault('server', ('sizeok/inet/sizeok-size-only-before-the-ok', 'wrong-answer', 'more: '))
class DoesNotWaitForOk(Server):
    """The reply of sizeok comes with its size."""

    def wait_for_ok(self, stream):
        pass


@fault('server', ('greet/inet/greet-silence', 'end-of-input', 'nothing, then the end of input'))
class GreetSaysNothing(Server):
    """No line in time is not answered."""

    def greet(self, stream):
        line = self.first_line(stream)
        self.reply(stream, b'welcome to server!\n' if line == b'1' else b'please go out!\n')


@fault('server', ('greet/inet/greet-carriage-return', 'wrong-answer', ''))
class GreetStrips(Server):
    """White space around the line of greet is dropped."""

    def first_line(self, stream):
        return Server.first_line(self, stream).strip()


@fault('server', ('command/inet/command-exit-status', 'wrong-answer', ''))
class CommandHidesTheStatus(Server):
    """The exit status of a command is always 0."""

    def reply(self, stream, data):
        self.send(stream, data[:4] + b'\0' + data[5:])


# Datagrams

@fault('server', ('echo/inet-dgram/the-largest-datagram', 'wrong-answer', ''))
class SmallBuffer(Server):
    """A datagram is cut at 16 KiB."""

    def answer(self, sock, data, address):
        Server.answer(self, sock, data[:16384], address)


@fault('server', ('echo/inet-dgram/a-datagram-over-the-limit', 'wrong-answer', ''))
class CutsDatagrams(Server):
    """A datagram over the limit is cut, and answered."""

    def answer(self, sock, data, address):
        Server.answer(self, sock, data[:self.options.max_frame], address)


@fault('server', ('echo/inet-dgram/two-clients-in-turns', 'time-out', 'silence'))
class AnswersTheFirst(Server):
    """Every datagram is answered to where the first one came from."""

    first = None

    def answer(self, sock, data, address):
        self.first = self.first or address
        Server.answer(self, sock, data, self.first)


@fault('server', ('echo/inet-dgram/each-datagram-is-answered', 'time-out', 'silence'))
class EmptyDatagramIsNothing(Server):
    """An empty datagram is not answered."""

    def answer(self, sock, data, address):
        if data:
            Server.answer(self, sock, data, address)
