"""The client of every protocol: one thread sends what comes on standard input, the main one reads the replies."""

import errno
import os
import socket
import sys
import threading
import time
from binascii import Error as HexError
from binascii import hexlify, unhexlify

from interop_tests.broken_peers.options import leave
from interop_tests.broken_peers.wire import CHUNK, FRAMINGS, Broken, Stream

try:
    import queue
except ImportError:
    import Queue as queue  # PY2: the old name

STATUS = {'wrong': 1, 'unsendable': 2, 'truncated': 3, 'too-long': 3, 'malformed': 3, 'timed-out': 4, 'unreachable': 5,
          'reset': 5}
ATTEMPTS = 5
DIGITS = 20
AGAIN_SECONDS = 0.3
END = object()


class Client(object):
    """Asks, prints and compares.

    :param options: an :class:`options.Options`.
    """

    status_of_unsupported = 127
    framings = FRAMINGS
    attempts = ATTEMPTS
    listed = None
    longest_greeting = 24

    def __init__(self, options):
        self.options = options
        self.asked = queue.Queue()
        self.differs = False

    def run(self):
        try:
            self.speak()
            status = self.failed('wrong', 'a reply differs') if self.differs else 0
        except Broken as broken:
            status = self.failed(broken.word, broken)
        except socket.timeout as error:
            status = self.failed('timed-out', error)
        except EnvironmentError as error:
            status = self.failed('unreachable' if error.errno == errno.ECONNREFUSED else 'reset', error)
        self.leave(status)

    def leave(self, status):
        leave(status)

    def failed(self, word, error):
        """Say why, and return the exit status."""
        sys.stderr.write('client: %s: %s\n' % (word, error))
        return STATUS[word]

    def speak(self):
        self.stream = self.connect()
        if self.options.type == 'dgram':
            self.datagrams()
        elif self.options.protocol in ('echo', 'upper', 'frame'):
            self.pipelined()
        else:
            getattr(self, self.options.protocol)()

    def connect(self):
        kind = socket.SOCK_DGRAM if self.options.type == 'dgram' else socket.SOCK_STREAM
        sock = socket.socket(socket.AF_INET, kind)
        sock.settimeout(self.options.timeout)
        sock.connect((self.options.host, self.options.port))
        return Stream(sock)

    # Standard input and output

    def lines(self):
        """Yield the lines of standard input as they come, without newlines."""
        read = getattr(sys.stdin, 'buffer', sys.stdin)
        for line in iter(read.readline, b''):
            yield line[:-1] if line.endswith(b'\n') else line

    def messages(self):
        """Yield the messages, up to the first that cannot be sent."""
        for line in self.lines():
            message = self.from_hex(line) if self.options.hex else line
            self.check(message)
            yield message

    def from_hex(self, line):
        try:
            return unhexlify(line)
        except (HexError, TypeError, ValueError):
            raise Broken('unsendable', 'a line that is not hex')

    def check(self, message):
        options = self.options
        if len(message) > options.max_frame or (
                options.protocol == 'frame' and len(message) > self.framings[options.format].capacity):
            raise Broken('unsendable', 'a message of %d bytes' % len(message))
        if options.protocol in ('sizeok', 'greet') and b'\n' in message:
            raise Broken('unsendable', 'a newline in the message')

    def show(self, reply):
        self.write((self.to_hex(reply) if self.options.hex else reply) + b'\n')

    def to_hex(self, reply):
        return hexlify(reply)

    def write(self, data):
        data = memoryview(data)
        while len(data):
            data = data[os.write(1, data[:CHUNK]):]

    def shown(self, reply, wanted):
        """Print a reply and compare it."""
        self.show(reply)
        self.compare(reply, wanted)

    def compare(self, reply, wanted):
        self.differs = self.differs or reply != wanted

    # The protocols

    def pipelined(self):
        """Send without waiting; the replies are read at the same time."""
        sender = threading.Thread(target=self.send_all)
        sender.daemon = True
        sender.start()
        message = self.asked.get()
        while message is not END:
            if isinstance(message, Broken):
                raise message
            self.shown(self.reply(message), self.wanted(message))
            message = self.asked.get()
        self.nothing_more()

    def send_all(self):
        try:
            for message in self.messages():
                self.asked.put(message)
                self.send(message)
            self.asked.put(END)
        except Broken as broken:
            self.asked.put(broken)
        except EnvironmentError:
            pass  # the main thread reads what came before, and the reason

    def send(self, message):
        framed = self.options.protocol == 'frame'
        self.stream.sock.sendall(self.framings[self.options.format].frame(message) if framed else message)

    def reply(self, message):
        if self.options.protocol != 'frame':
            return self.stream.exactly(len(message))
        payload = self.framings[self.options.format].read(self.stream, self.options.max_frame)
        return self.some_payload(payload)

    def some_payload(self, payload):
        if payload is None:
            raise Broken('truncated', 'the end of input instead of a reply')
        return payload

    def wanted(self, message):
        return message.upper() if self.options.protocol == 'upper' else message

    def nothing_more(self):
        """Fail where more came than was asked for."""
        if self.stream.buffer:
            raise Broken('malformed', 'more replies than messages')

    def count(self):
        sent = []
        for message in self.messages():
            sent.append(message)
            self.stream.sock.sendall(message)
        data = b''.join(sent)
        wanted = str(len(data)).encode('ascii')
        attempt = 1
        while True:
            self.stream.sock.shutdown(socket.SHUT_WR)
            number = self.digits()
            if number == wanted or attempt == self.attempts:
                break
            attempt += 1
            self.stream.sock.close()
            self.stream = self.connect()
            self.stream.sock.sendall(data)
        self.shown(number, wanted)
        self.nothing_more()

    def digits(self):
        """Return a number in digits, which a newline or the end of input ends."""
        buffer = self.stream.buffer
        while b'\n' not in buffer and len(buffer) <= DIGITS and self.stream.more():
            pass
        if not buffer:
            raise Broken('truncated', 'the end of input instead of a number')
        number = bytes(buffer).split(b'\n')[0]
        self.stream.take(len(number) + 1)
        if not number.isdigit() or len(number) > DIGITS:
            raise Broken('malformed', 'not a number of at most %d digits' % DIGITS)
        return number

    def sizeok(self):
        for message in self.messages():
            self.stream.sock.sendall(message + b'\n')
            digits = self.stream.line(DIGITS)
            if not digits.isdigit():
                raise Broken('malformed', 'a size that is no number')
            if int(digits) > self.options.max_frame:
                raise Broken('too-long', 'a reply of %d bytes' % int(digits))
            self.stream.sock.sendall(b'ok\n')
            self.shown(self.stream.exactly(int(digits)), message.upper())
        self.nothing_more()

    def greet(self):
        message = next(self.messages(), None)
        if message is None:
            self.stream.sock.shutdown(socket.SHUT_WR)
            return
        self.stream.sock.sendall(message + b'\n')
        reply = self.stream.line(self.longest_greeting)
        wanted = b'welcome to server!' if message == b'1' else b'please go out!'
        self.shown(reply, reply if reply == b'time out' else wanted)
        self.nothing_more()

    def command(self):
        framing = self.framings['u32be']
        self.greeting(framing)
        for message in self.messages():
            self.stream.sock.sendall(framing.frame(message))
            reply = self.some_payload(framing.read(self.stream, self.options.max_frame))
            if not reply:
                raise Broken('malformed', 'an answer without a status')
            self.show(reply)
        self.nothing_more()

    def greeting(self, framing):
        if self.some_payload(framing.read(self.stream, self.options.max_frame)) != b'Welcome':
            raise Broken('malformed', 'not the greeting')

    # Datagrams

    def datagrams(self):
        self.earlier = set()
        for message in self.messages():
            self.shown(self.ask(message), self.wanted(message))
            self.earlier.add(self.wanted(message))

    def ask(self, message):
        """Send a datagram until its answer comes."""
        deadline = time.time() + self.options.timeout
        while time.time() < deadline:
            self.send_datagram(message)
            again = min(deadline, time.time() + AGAIN_SECONDS)
            while time.time() < again:
                try:
                    self.stream.sock.settimeout(max(0.001, again - time.time()))
                    reply = self.receive()
                except socket.timeout:
                    break
                if len(reply) > self.options.max_frame:
                    raise Broken('too-long', 'an answer of %d bytes' % len(reply))
                if reply == self.wanted(message) or not self.is_late(reply):
                    return reply
        raise socket.timeout('no answer within %g s' % self.options.timeout)

    def send_datagram(self, message):
        try:
            self.stream.sock.send(message)
        except EnvironmentError as error:
            if error.errno == errno.EMSGSIZE:
                raise Broken('unsendable', 'a datagram of %d bytes' % len(message))
            raise

    def receive(self):
        return self.stream.sock.recv(CHUNK)

    def is_late(self, reply):
        return reply in self.earlier
