"""What can be wrong with a client, each a few lines: the suite has to name it by the cells that stand above it."""

import os
import select
import signal
import socket
import sys
import time
from binascii import hexlify

from interop_tests.broken_peers.client import Client
from interop_tests.broken_peers.options import leave
from interop_tests.broken_peers.server_faults import _AnyZeros, framings, limited
from interop_tests.broken_peers.table import fault
from interop_tests.broken_peers.wire import CHUNK, DEFAULT_LIMIT, Broken

# How long one waits for what nobody has asked for.
DRAIN_SECONDS = 0.1

# Exit statuses

@fault('client', ('frame-u32be/inet/a-wrong-reply', 'wrong-answer', 'exit status 0; expected: exit status 1'),
       ('upper/inet/a-wrong-reply', 'wrong-answer', 'exit status 0'),
       ('echo/inet-dgram/a-wrong-datagram', 'wrong-answer', 'exit status 0'))
class DoesNotCompare(Client):
    """A wrong reply is a success."""

    def compare(self, reply, wanted):
        pass


class _Lenient(Client):
    """Words that are a success."""
    lenient = ()

    def failed(self, word, error):
        return 0 if word in self.lenient else Client.failed(self, word, error)


@fault('client', ('frame-u32be/inet/the-end-inside-a-reply', 'wrong-answer', 'exit status 0; expected: exit status 3'))
class CutReplyIsFine(_Lenient):
    """A reply that is cut short is a success."""
    lenient = ('truncated',)


@fault('client', ('frame-u32be/inet/a-reset-instead-of-a-reply', 'wrong-answer', 'exit status 0'))
class ResetIsFine(_Lenient):
    """A reset is a success."""
    lenient = ('reset',)


@fault('client', ('frame-u32be/inet/silence-instead-of-a-reply', 'wrong-answer', 'exit status 0'))
class SilenceIsFine(_Lenient):
    """A time-out is a success."""
    lenient = ('timed-out',)


@fault('client', ('echo/inet/nobody-listens', 'wrong-answer', 'exit status 0; expected: exit status 5'))
class UnreachableIsFine(_Lenient):
    """A refused connection is a success."""
    lenient = ('unreachable',)


@fault('client', ('frame-u32be/inet/the-end-inside-a-reply', 'wrong-answer', 'exit status 1'),
       ('frame-u32be/inet/a-reset-instead-of-a-reply', 'wrong-answer', 'exit status 1'),
       ('frame-u32be/inet/hex-with-one-digit', 'wrong-answer', 'exit status 1'))
class EveryErrorIs1(Client):
    """Every error is the exit status 1."""

    def failed(self, word, error):
        Client.failed(self, word, error)
        return 1


@fault('client', ('frame-u32be/inet/the-end-instead-of-a-reply', 'crash', 'Broken'))
class Traceback(Client):
    """An error is a traceback."""

    def failed(self, word, error):
        sys.stderr.write('Traceback (most recent call last):\n  ...\n%s: %s\n' % (type(error).__name__, error))
        return 1


@fault('client', ('frame-u32be/inet/refuses-an-unknown-protocol', 'wrong-answer', 'exit status 1'))
class UnsupportedIs1Too(Client):
    """An unknown protocol is the exit status 1."""
    status_of_unsupported = 1


@fault('client', ('frame-u32be/inet/one-conversation', 'crash', 'died of SIGSEGV'))
class DiesAtTheEnd(Client):
    """It dies when everything has been said."""

    def leave(self, status):
        os.kill(os.getpid(), signal.SIGSEGV)


@fault('client', ('frame-u32be/inet/one-conversation', 'crash', 'exit status 42'))
class OwnStatus(Client):
    """Its exit status at the end is one of its own."""

    def leave(self, status):
        leave(42 if status == 0 else status)


# Time

@fault('client', ('frame-u32be/inet/silence-instead-of-a-reply', 'time-out', 'it did not end'))
class NeverTimesOutHere(Client):
    """There is no limit of silence."""

    def connect(self):
        stream = Client.connect(self)
        stream.sock.settimeout(None)
        return stream


@fault('client', ('frame-u32be/inet/silence-instead-of-a-reply', 'time-out', ''),
       ('echo/inet-dgram/nobody-answers', 'time-out', ''))
class IgnoresTimeoutHere(Client):
    """--timeout is ignored."""

    def __init__(self, options):
        options.timeout = 30
        Client.__init__(self, options)


@fault('client', ('frame-u32be/inet/a-slow-reply', 'time-out', 'exit status 4'))
class LimitOfTheReply(Client):
    """The limit of silence is one for the whole reply."""

    def reply(self, message):
        until = time.time() + self.options.timeout
        sock, more = self.stream.sock, type(self.stream).more

        def impatient():
            sock.settimeout(max(0.001, until - time.time()))
            return more(self.stream)
        self.stream.more = impatient
        return Client.reply(self, message)


@fault('client', ('frame-u32be/inet/the-server-never-closes', 'time-out', 'it did not end'))
class WaitsForTheServer(Client):
    """It ends when the server closes."""

    def nothing_more(self):
        self.stream.sock.shutdown(socket.SHUT_WR)
        self.stream.sock.settimeout(None)
        self.stream.more()
        Client.nothing_more(self)


@fault('client', ('frame-u32be/inet/one-conversation', 'time-out', 'it did not end'))
class HangsAtTheEnd(Client):
    """It never ends."""

    def leave(self, status):
        while True:
            time.sleep(3600)


# Standard input

@fault('client', ('frame-u32be/inet/sends-each-line-when-it-is-complete', 'time-out', ''))
class Batch(Client):
    """Nothing is sent before the end of its input."""

    def lines(self):
        return iter(list(Client.lines(self)))


@fault('client', ('frame-u32be/inet/a-last-line-without-newline', 'time-out', ''))
class LosesTheLastLine(Client):
    """A last line without newline is lost."""

    def lines(self):
        for line in iter(getattr(sys.stdin, 'buffer', sys.stdin).readline, b''):
            if line.endswith(b'\n'):
                yield line[:-1]


@fault('client', ('frame-u32be/inet/empty-lines', 'wrong-answer', ''))
class EmptyLinesAreNothing(Client):
    """Empty lines are skipped."""

    def lines(self):
        return (line for line in Client.lines(self) if line)


@fault('client', ('frame-u32be/inet/lines-that-are-no-text', 'wrong-answer', ''))
class StripsLines(Client):
    """White space around a line is dropped, a carriage return too."""

    def lines(self):
        return (line.strip() for line in Client.lines(self))


@fault('client', ('frame-u32be/inet/lines-that-are-no-text', 'wrong-answer', ''))
class TextLines(Client):
    """Lines are decoded as text."""

    def lines(self):
        return (line.decode('utf-8', 'replace').encode('utf-8') for line in Client.lines(self))


@fault('client', ('frame-u32be/inet/hex-with-one-digit', 'wrong-answer', 'it sent more'))
class OddHex(Client):
    """Hex with an odd number of digits is accepted."""

    def from_hex(self, line):
        return Client.from_hex(self, b'0' * (len(line) % 2) + line)


@fault('client', ('frame-u32be/inet/hex-in-upper-case', 'end-of-input', 'the client has ended: exit status 2'))
class LowerHexOnly(Client):
    """Hex digits in upper case are refused."""

    def from_hex(self, line):
        if line != line.lower():
            raise Broken('unsendable', 'a line that is not hex')
        return Client.from_hex(self, line)


@fault('client', ('frame-u32be/inet/a-message-over-the-limit', 'wrong-answer', 'it sent more'))
class SendsAnything(Client):
    """A message over the limit is sent."""

    def check(self, message):
        pass


@fault('client', ('echo/inet/sixty-four-mebibytes', 'time-out', 'nothing moved for'))
class SendsAllFirst(Client):
    """Everything is sent before anything is read."""

    def pipelined(self):
        self.stream.sock.settimeout(None)
        self.send_all()
        self.send_all = lambda: None
        Client.pipelined(self)


@fault('client', ('frame-u32be/inet/waits-for-every-reply-at-the-end', 'end-of-input', 'expected 3 replies, got'))
class EndsWithItsInput(Client):
    """It ends with its input, without waiting for the replies."""

    def send_all(self):
        Client.send_all(self)
        time.sleep(0.05)
        leave(0)


@fault('client', ('frame-u32be/inet/no-end-before-the-reply', 'wrong-answer', 'FIN before the reply'))
class HalfCloses(Client):
    """It half-closes at the end of its input, before the replies are there."""

    def send_all(self):
        Client.send_all(self)
        self.stream.sock.shutdown(socket.SHUT_WR)


# Standard output

@fault('client', ('frame-u32be/inet/prints-each-reply-when-it-arrives', 'time-out', 'it printed nothing'))
class PrintsAtTheEnd(Client):
    """Replies are printed at the end."""

    printed = b''

    def write(self, data):
        self.printed += data

    def leave(self, status):
        Client.write(self, self.printed)
        leave(status)


@fault('client', ('frame-u32be/inet/prints-each-reply-when-it-arrives', 'time-out', 'it printed nothing'))
class NotFlushed(Client):
    """Standard output is not flushed."""

    def write(self, data):
        getattr(sys.stdout, 'buffer', sys.stdout).write(data)

    def leave(self, status):
        sys.stdout.flush()
        leave(status)


@fault('client', ('frame-u32be/inet/hex-in-upper-case', 'malformed', 'hex in upper case'))
class PrintsUpperHex(Client):
    """Replies are printed in upper-case hex."""

    def to_hex(self, reply):
        return hexlify(reply).upper()


@fault('client', ('frame-u32be/inet/one-conversation', 'malformed', 'a line that is not hex'))
class Talkative(Client):
    """A greeting comes on standard output first."""

    def speak(self):
        self.write(b'Hello! Connected.\n')
        Client.speak(self)


@fault('client', ('frame-u32be/inet/replies-before-a-reset', 'time-out', ''),
       ('frame-u32be/inet/a-reply-over-the-limit', 'end-of-input', 'expected 1 reply, got 0'))
class LosesRepliesBeforeAnError(PrintsAtTheEnd):
    """Replies that came before an error are lost."""

    def leave(self, status):
        if status == 0:
            Client.write(self, self.printed)
        leave(status)


# Replies

@fault('client', ('echo/inet/a-reply-a-byte-at-a-time', 'wrong-answer', ''))
class OneRecvIsOneReply(Client):
    """What one recv brings is taken for the whole reply."""

    def reply(self, message):
        if self.options.protocol == 'frame':
            return Client.reply(self, message)
        return self.stream.some()


@fault('client', ('frame-u8/inet/a-reply-over-the-limit', 'time-out', ''))
class NoLimitForReplies(Client):
    """A reply over the limit is accepted."""
    framings = limited(lambda limit: DEFAULT_LIMIT)


@fault('client', ('frame-netstring/inet/malformed-netstring-leading-zero', 'wrong-answer', 'exit status'))
class LeadingZeroInAReply(Client):
    """A netstring with a leading zero is accepted: 03:abc,"""
    framings = framings(netstring=_AnyZeros())


@fault('client', ('frame-u32be/inet/more-than-was-asked-for', 'wrong-answer', 'exit status 0; expected: exit status 3'))
class MoreIsFine(Client):
    """More replies than were asked for are a success."""

    def nothing_more(self):
        pass


@fault('client', ('frame-u32be/inet/replies-before-the-message', 'time-out', ''))
class DrainsBeforeItAsks(Client):
    """What comes before the first message is thrown away."""

    def pipelined(self):
        if select.select([self.stream.sock], [], [], DRAIN_SECONDS)[0]:
            self.stream.sock.recv(CHUNK)
        Client.pipelined(self)


@fault('client', ('count/inet/count-tries-again', 'wrong-answer', ''))
class CountsOnce(Client):
    """A wrong number is not asked for again."""
    attempts = 1


@fault('client', ('count/inet/count-gives-up', 'time-out', '100 attempts'))
class CountsForEver(Client):
    """A wrong number is asked for again without end."""
    attempts = None


@fault('client', ('greet/inet/greet-without-a-message', 'wrong-answer', ''))
class GreetsWithNothing(Client):
    """Without any message the client of greet sends an empty line."""

    def messages(self):
        found = list(Client.messages(self))
        return iter(found or [b''])


@fault('client', ('sizeok/inet/sizeok-one-request', 'wrong-answer', ''))
class NeverSaysOk(Client):
    """The client of sizeok says OK in upper case."""

    def connect(self):
        stream = Client.connect(self)
        sock = stream.sock

        class Loud(object):
            def sendall(self, data):
                sock.sendall(b'OK\n' if data == b'ok\n' else data)

            def __getattr__(self, name):
                return getattr(sock, name)
        stream.sock = Loud()
        return stream


# Datagrams

@fault('client', ('echo/inet-dgram/a-datagram-that-is-lost', 'time-out', ''))
class SendsOnce(Client):
    """A datagram that is lost is not sent again."""

    sent = None

    def send_datagram(self, message):
        if self.sent != message:
            self.sent = message
            Client.send_datagram(self, message)


@fault('client', ('echo/inet-dgram/late-and-doubled-replies', 'wrong-answer', ''))
class AcceptsLateReplies(Client):
    """A reply that comes late is taken for the next one."""

    def is_late(self, reply):
        return False


@fault('client', ('echo/inet-dgram/a-stranger', 'wrong-answer', ''))
class ListensToStrangers(Client):
    """Whatever datagram comes is the answer, whoever sent it."""

    def connect(self):
        stream = Client.connect(self)
        if self.options.type == 'dgram':
            stream.sock.close()
            stream.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        return stream

    def send_datagram(self, message):
        self.stream.sock.sendto(message, (self.options.host, self.options.port))


@fault('client', ('echo/inet-dgram/an-answer-over-the-limit', 'wrong-answer', ''))
class CutsAnswers(Client):
    """An answer over the limit is cut."""

    def receive(self):
        return self.stream.sock.recv(self.options.max_frame)
