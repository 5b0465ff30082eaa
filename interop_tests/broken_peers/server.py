"""The server of every protocol, a thread for each connection."""

import errno
import os
import signal
import socket
import sys
import threading
import time

from interop_tests.broken_peers.options import leave
from interop_tests.broken_peers.wire import CHUNK, FRAMINGS, Broken, Stream

COMMANDS = {b'true': b'\0Done.\n', b'false': b'\1Done.\n'}
LINGER_SECONDS = 1


class Server(object):
    """Serves until it is told to stop.

    :param options: an :class:`options.Options`.
    """

    status_of_unsupported = 127
    framings = FRAMINGS
    listed = None

    def __init__(self, options):
        self.options = options

    def run(self):
        listener = self.listen()
        self.obey_signals()
        self.announce(listener.getsockname())
        if self.options.type == 'dgram':
            self.datagrams(listener)
        while True:
            try:
                self.meet(listener.accept()[0])
            except EnvironmentError as error:
                if error.errno not in (errno.EINTR, errno.ECONNABORTED, errno.EMFILE):
                    raise

    def listen(self):
        kind = socket.SOCK_DGRAM if self.options.type == 'dgram' else socket.SOCK_STREAM
        listener = socket.socket(socket.AF_INET, kind)
        listener.bind((self.options.host, self.options.port))
        if kind == socket.SOCK_STREAM:
            listener.listen(256)
        return listener

    def obey_signals(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: leave(0))

    def announce(self, address):
        self.say('LISTENING %s %d\n' % address)

    def say(self, text):
        os.write(1, text.encode('ascii'))

    def meet(self, connection):
        thread = threading.Thread(target=self.attend, args=(connection,))
        thread.daemon = True
        thread.start()

    def attend(self, connection):
        """Serve one connection; whatever happens costs no other."""
        connection.settimeout(self.options.timeout)
        stream = Stream(connection)
        try:
            self.serve(stream)
            self.part(connection)
        except EnvironmentError as error:
            self.complain(error)
        finally:
            self.close(connection)

    def serve(self, stream):
        try:
            getattr(self, self.options.protocol)(stream)
        except Broken as broken:
            self.complain(broken)

    def complain(self, error):
        sys.stderr.write('server: %s\n' % error)

    def part(self, connection):
        """Send FIN, and wait until the other side has read what was sent to it, or for a while.

        Closing with unread bytes sends RST, which can destroy replies that are on their way.
        """
        deadline = time.time() + LINGER_SECONDS
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(LINGER_SECONDS)
        while connection.recv(CHUNK) and time.time() < deadline:
            pass

    def close(self, connection):
        connection.close()

    def send(self, stream, data):
        stream.sock.sendall(data)

    def reply(self, stream, data):
        """Send the answer to one message."""
        self.send(stream, data)

    def echo(self, stream):
        data = stream.some()
        while data:
            self.reply(stream, data)
            data = stream.some()

    def upper(self, stream):
        data = stream.some()
        while data:
            self.reply(stream, self.capitals(data))
            data = stream.some()

    def capitals(self, data):
        return bytes(bytearray(byte - 32 if 0x61 <= byte <= 0x7a else byte for byte in bytearray(data)))

    def frame(self, stream, name=None):
        framing = self.framings[name or self.options.format]
        payload = framing.read(stream, self.options.max_frame)
        while payload is not None:
            self.reply(stream, framing.frame(payload))
            payload = framing.read(stream, self.options.max_frame)

    def count(self, stream):
        size = 0
        data = stream.some()
        while data:
            size += len(data)
            data = stream.some()
        self.reply(stream, self.number(size))

    def number(self, size):
        return ('%d\n' % size).encode('ascii')

    def sizeok(self, stream):
        request = stream.line(self.options.max_frame, may_end=True)
        while request is not None:
            reply = self.capitals(request)
            self.send(stream, self.number(len(reply)))
            self.wait_for_ok(stream)
            self.reply(stream, reply)
            request = stream.line(self.options.max_frame, may_end=True)

    def wait_for_ok(self, stream):
        for byte in (b'o', b'k', b'\n'):
            if stream.exactly(1) != byte:
                raise Broken('malformed', 'not ok')

    def greet(self, stream):
        try:
            line = self.first_line(stream)
        except socket.timeout:
            self.reply(stream, b'time out\n')
        else:
            self.reply(stream, b'welcome to server!\n' if line == b'1' else b'please go out!\n')

    def first_line(self, stream):
        """Return a line, which the end of input ends, too; the time limit is one for all of it."""
        deadline = time.time() + self.options.timeout
        while b'\n' not in stream.buffer and len(stream.buffer) <= self.options.max_frame:
            stream.sock.settimeout(max(0.001, deadline - time.time()))
            if not stream.more():
                break
        return bytes(stream.buffer).split(b'\n')[0]

    def command(self, stream):
        framing = self.framings['u32be']
        self.send(stream, framing.frame(b'Welcome'))
        name = framing.read(stream, self.options.max_frame)
        while name is not None:
            self.reply(stream, framing.frame(COMMANDS.get(name, b'\x7fnot on the list\n')))
            name = framing.read(stream, self.options.max_frame)

    def datagrams(self, sock):
        while True:
            try:
                data, address = sock.recvfrom(CHUNK)
                self.answer(sock, data, address)
            except EnvironmentError as error:
                self.complain(error)

    def answer(self, sock, data, address):
        if len(data) <= self.options.max_frame:
            sock.sendto(self.capitals(data) if self.options.protocol == 'upper' else data, address)
