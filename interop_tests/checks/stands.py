"""Where a check stands: before a server, or behind a client.

A :class:`ServerStand` dials the server under test; a :class:`ClientStand` listens and starts the client under
test.  Both know the protocol, the framing and the transport of the cell, and make frames for it.  The player
(``play.py``) has stands of its own, for programs that somebody else has started.
"""

import errno
import hashlib
import os
import select
import shutil
import socket
import tempfile
import threading
from binascii import hexlify, unhexlify
from contextlib import closing

from interop_tests import verdict
from interop_tests.cases import transport_options
from interop_tests.checks.line import Line, Log, Wrong, show
from interop_tests.keeping import Keeper
from interop_tests.peers import command
from interop_tests.process import Overdue, Process
from interop_tests.programs import Client, Server
from pyside.net import netio
from pyside.net.address import FAMILIES, TYPES
from pyside.net.compat import clock
from pyside.wire.framing import DEFAULT_LIMIT, FORMATS, encode

BACKLOG = 256
# A client's connection ends a moment before the client does.
FATE_SECONDS = 0.2


class Stand(Keeper):
    """What both kinds know; what a check keeps is closed when it is over.

    :param where: ``(protocol, format, transport)``.
    :param options: the words of the check for the peer's command line.
    :param seconds: the limit of one wait.
    :param turn: which of several ways a check tries; None for all of them.
    """

    # How many ways a check tries that has several: one in so many, or one.
    share = None

    def __init__(self, where, options, seconds, say=None, turn=None):
        Keeper.__init__(self)
        self._turn = turn
        self.protocol, self.format, self.transport = where
        self.check_options = list(options)
        self.seconds = seconds
        self.log = Log(say)

    @property
    def timeout(self):
        """Return the seconds of silence that the peer allows, as the check's options say."""
        return float(self.check_options[self.check_options.index('--timeout') + 1])

    @property
    def limit(self):
        """Return the longest payload that the peer allows."""
        options = self.check_options
        return int(options[options.index('--max-frame') + 1]) if '--max-frame' in options else DEFAULT_LIMIT

    def frame(self, payload):
        """Return a payload as a frame of the cell's framing."""
        return encode(self.format, payload, max(len(payload), DEFAULT_LIMIT))

    def header(self, length):
        """Return the header of a frame, without the frame."""
        return FORMATS[self.format].encode_header(length)

    def ways(self, every):
        """Return the ways that are tried: all, or those whose turn it is."""
        every = list(every)
        share = self.share or len(every)
        return every if self._turn is None else every[self._turn % min(share, len(every))::share]

    def stderr(self):
        """Return what the peer wrote on standard error, as text."""
        return ''

    def fate(self):
        """Return how a client has ended; a server is looked at by :class:`judging.Servers`."""
        return None


class ServerStand(Stand):
    """Before a server.

    :param server: a :class:`programs.Server` that runs; the next check may share it.
    """

    share = 3

    def __init__(self, server, where, options, seconds, say=None, turn=None):
        Stand.__init__(self, where, options, seconds, say, turn)
        self.server = server

    def dial(self):
        """Connect; return a :class:`Line`, or a :class:`Datagrams`."""
        family, _, kind = self.transport.partition('-')
        sock = self.keep(socket.socket(FAMILIES[family].number, TYPES[kind or 'stream']))
        sock.settimeout(self.seconds)
        try:
            if kind == 'dgram' and family == 'unix':
                sock.bind('')
            self._connect(sock)
        except socket.timeout:
            raise Wrong(verdict.TIME_OUT, 'no connection within %g s' % self.seconds, 'a connection')
        except EnvironmentError as error:
            raise Wrong(verdict.REFUSED, error.strerror, 'a connection')
        return self.keep((Datagrams if kind else Line)(sock, self.seconds, self.log))

    def _connect(self, sock):
        """Connect, and again while a unix listener's backlog is full, which is no refusal: connect(2), EAGAIN."""
        deadline = clock() + self.seconds
        while True:
            try:
                return sock.connect(self.server.socket_address())
            except EnvironmentError as error:
                if error.errno != errno.EAGAIN or clock() > deadline:
                    raise
            netio.poll({}, netio.BACKLOG_PAUSE)

    def another(self, extra=()):
        """Start a server of this check alone, which it may stop; return it."""
        self.server = self.keep(Server(
            self.server.peer, self.protocol, self.format, self.transport, self.seconds,
            self.check_options + list(extra)))
        return self.server

    def refuses(self, change, status):
        """Start the server with another command line; it has to refuse that, and say nothing on standard output."""
        words = change([self.protocol] + transport_options(self.transport))
        if self.transport.startswith('unix'):
            words += ['--path', self.server.where[1] + '.refused']
        _refuses(self, command(self.server.peer, 'server') + words, status)

    def stderr(self):
        return self.server.process.errors


class ClientStand(Stand):
    """Behind a client: a listening socket, and the client that is told where it is.

    :param peer: the peer whose client is under test.
    :param warm: see :class:`programs.Client`.
    :param turn: which of several ways a check tries, each with a client of its own; None for all of them.
    """

    def __init__(self, peer, where, options, seconds, say=None, warm=None, turn=None):
        Stand.__init__(self, where, options, seconds, say, turn)
        self.peer = peer
        self._warm = warm
        self.client = None
        family, _, kind = self.transport.partition('-')
        self._kind = TYPES[kind or 'stream']
        self.options = [self.protocol] + transport_options(self.transport)
        if self.format != '-':
            self.options += ['--format', self.format]
        self.listener = self.keep(socket.socket(FAMILIES[family].number, self._kind))
        if family == 'unix':
            folder = tempfile.mkdtemp(prefix='interop-')
            self.keep(_Folder(folder))
            self.where = ['--path', os.path.join(folder, 's')]
            self.listener.bind(self.where[1])
        else:
            self.listener.bind((FAMILIES[family].loopback, 0))
            self.where = ['--port', str(self.listener.getsockname()[1])]
        if self._kind != socket.SOCK_DGRAM:
            self.listener.listen(BACKLOG)
        self.listener.settimeout(seconds)

    def start(self, messages=(), end=True, text=None, options=()):
        """Start the client.

        :param messages: what it is given, a hex line each.
        :param end: whether its input ends behind them.
        :param text: the bytes of its input, instead of messages and ``--hex``.
        :param options: more words of the command line.
        """
        self.client = self.keep(Client(
            self.peer, self, self.check_options + list(options), hex_lines=text is None, warm=self._warm))
        self.client.process.widen_output()
        self.tell(messages, end, text)

    def tell(self, messages=(), end=True, text=None):
        """Write messages to the client's input, and the end of it."""
        data = text if text is not None else b''.join(hexlify(message) + b'\n' for message in messages)
        self.client.process.feed(data, end)

    def accept(self):
        """Wait for the client's connection, or first datagram; return a :class:`Line`, or a :class:`Datagrams`."""
        if not self.somebody_dials():
            self._has_refused()
        if self._kind == socket.SOCK_DGRAM:
            return Datagrams(self.listener, self.seconds, self.log)
        try:
            sock = self.listener.accept()[0]
        except socket.timeout:
            raise Wrong(verdict.TIME_OUT, 'it did not connect within %g s' % self.seconds, 'a connection')
        return self.keep((Line if self._kind == socket.SOCK_STREAM else Datagrams)(sock, self.seconds, self.log))

    def prints(self, replies):
        """Wait for replies on standard output, while its input is open."""
        try:
            lines = self.client.process.exchange(b'', len(replies), self.seconds)
        except Overdue:
            came = self.client.process.received
            raise Wrong(verdict.TIME_OUT, 'it printed %s within %g s' % (show(came), self.seconds),
                        '%d replies on standard output' % len(replies))
        self._compare(replies, [line for line in lines if line or not self.client.process.ended])

    def ends(self, status, replies=(), or_replies=None, error=None):
        """Wait for its end.

        :param status: the exit status that it must have.
        :param replies: what it has to print before.
        :param or_replies: what it may print instead.
        """
        process = self.client.process
        try:
            process.close_input()
            rest = process.read_to_end(self.seconds)
            process.wait(self.seconds)
        except Overdue:
            raise Wrong(verdict.TIME_OUT, 'it did not end within %g s' % self.seconds, 'exit status %d' % status)
        if process.poll() != status:
            found = verdict.of_exit(process.poll(), process.errors)
            word = verdict.WRONG_ANSWER if found.status == verdict.PASS else found.status
            raise Wrong(word, found.text, 'exit status %d' % status)
        if 'Traceback (most recent call last)' in process.errors:
            raise Wrong(verdict.CRASH, verdict.of_exit(70, process.errors).text, 'exit status %d' % status)
        lines = rest.split(b'\n')
        if or_replies is not None and [line for line in lines if line] == [hexlify(reply) for reply in or_replies]:
            return
        if lines[-1]:
            raise Wrong(verdict.MALFORMED, 'it printed a line without newline: %s' % show(lines[-1]))
        self._compare(replies, lines[:-1])

    def prints_raw(self, text):
        """Wait for its end with 0 and exactly this text on standard output."""
        process = self.client.process
        try:
            process.close_input()
            came = process.read_to_end(self.seconds)
            process.wait(self.seconds)
        except Overdue:
            raise Wrong(verdict.TIME_OUT, 'it did not end within %g s' % self.seconds, 'exit status 0')
        found = verdict.of_exit(process.poll(), process.errors)
        if found.status != verdict.PASS:
            raise Wrong(found.status, found.text, 'exit status 0')
        if came != text:
            raise Wrong(verdict.WRONG_ANSWER, show(came), show(text))

    def echoes_while_it_is_told(self, line, chunks, data, digest, size):
        """Feed the client and echo what it sends, in a thread, as a server does that reads only when it has written.

        :param data: what has to be on the wire, None where only the amount is compared.
        :param digest: the SHA-256 of what it has to print.
        """
        echo = _Echo(line)
        printed, count = hashlib.sha256(), 0
        try:
            for output in self.client.process.pump(chunks, self.seconds):
                printed.update(output)
                count += len(output)
            self.client.process.wait(self.seconds)
        except Overdue:
            raise Wrong(verdict.TIME_OUT, 'nothing moved for %g s; %d bytes were sent, %d printed' % (
                self.seconds, echo.count, count), '%d bytes printed' % size)
        finally:
            echo.stop()
        process = self.client.process
        found = verdict.of_exit(process.poll(), process.errors)
        if found.status != verdict.PASS:
            raise Wrong(found.status, found.text, 'exit status 0')
        if data is not None and echo.digest.hexdigest() != hashlib.sha256(data).hexdigest():
            raise Wrong(verdict.WRONG_ANSWER, '%d bytes on the wire, not these' % echo.count, '%d bytes' % len(data))
        if printed.hexdigest() != digest:
            raise Wrong(verdict.WRONG_ANSWER, '%d bytes printed, not these' % count, '%d bytes' % size)

    def somebody_dials(self):
        """Wait until the client connects or ends; return whether it connects."""
        deadline = clock() + self.seconds
        while clock() < deadline:
            if netio.poll({self.listener.fileno(): select.POLLIN}, 0.01):
                return True
            if self.client.process.ends_within(0):
                return bool(netio.poll({self.listener.fileno(): select.POLLIN}, 0))
        return False

    def _has_refused(self):
        """Say so where the client has ended, such as with "unsupported", instead of connecting."""
        process = self.client.process
        if process.ends_within(0):
            found = verdict.of_exit(process.poll(), process.errors)
            if found.status != verdict.PASS:
                raise Wrong(found.status, found.text, 'a connection')

    def close_listener(self):
        """Let nobody listen any more where the client is told to go."""
        self.listener.close()
        if self.where[0] == '--path':
            os.unlink(self.where[1])

    def refuses(self, change, status):
        """Start the client with another command line; it has to refuse that, and say nothing on standard output."""
        words = change([self.protocol] + transport_options(self.transport))
        _refuses(self, command(self.peer, 'client') + words + self.where, status)

    def _compare(self, replies, lines):
        came = []
        for line in lines:
            try:
                came.append(unhexlify(line))
            except (TypeError, ValueError):
                raise Wrong(verdict.MALFORMED, 'it printed a line that is not hex: %s' % show(line))
            if line != line.lower():
                raise Wrong(verdict.MALFORMED, 'it printed hex in upper case: %s' % show(line))
        found = verdict.of_lines(list(replies), came)
        if found.status != verdict.PASS:
            raise Wrong(found.status, found.text, '%d replies on standard output' % len(replies))

    def stderr(self):
        return self.client.process.errors if self.client else ''

    def fate(self):
        """Return how the client has ended, when it has, as a Verdict; else None."""
        if self.client is None or not self.client.process.ends_within(FATE_SECONDS):
            return None
        return verdict.of_exit(self.client.process.poll(), self.client.process.errors)


class Datagrams(object):
    """A datagram socket: as :class:`line.Line`, a datagram at a time."""

    def __init__(self, sock, seconds, log):
        self.sock = sock
        self._log = log
        self.address = None
        sock.settimeout(seconds)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def close(self):
        self.sock.close()

    def send(self, data):
        """Send one datagram, to where the last one came from."""
        self._log.bytes('suite', data)
        try:
            if self.address:
                self.sock.sendto(data, self.address)
            else:
                self.sock.send(data)
        except EnvironmentError as error:
            raise Wrong(verdict.RESET, 'a datagram cannot be sent to it: %s' % error.strerror)

    def expect(self, wanted):
        """Receive one datagram of exactly these bytes."""
        came = self.receive(len(wanted) + 1, show(wanted))
        if came != wanted:
            raise Wrong(verdict.WRONG_ANSWER, show(came), show(wanted))

    def expect_end(self):
        """Receive the end of input of a connection."""
        came = self.receive(1, 'the end of input')
        if came:
            raise Wrong(verdict.WRONG_ANSWER, show(came), 'the end of input')

    def receive(self, size, expected='a datagram'):
        """Receive one datagram, and remember where it came from."""
        try:
            came, address = self.sock.recvfrom(size)
        except socket.timeout:
            raise Wrong(verdict.TIME_OUT, 'silence for %g s' % self.sock.gettimeout(), expected)
        except EnvironmentError as error:
            raise Wrong(verdict.RESET, error.strerror, expected)
        self.address = address or None
        self._log.bytes('peer', came)
        return came


class _Echo(object):
    """Sends back what comes, in a thread; reads only when it has written."""

    def __init__(self, line):
        self.count = 0
        self.digest = hashlib.sha256()
        self._sock = line.sock
        self._thread = threading.Thread(target=self._run)
        self._thread.daemon = True
        self._thread.start()

    def _run(self):
        try:
            data = self._sock.recv(65536)
            while data:
                self.digest.update(data)
                self.count += len(data)
                self._sock.sendall(data)
                data = self._sock.recv(65536)
        except EnvironmentError:
            pass  # the client's end says what happened

    def stop(self):
        try:
            self._sock.shutdown(socket.SHUT_RDWR)
        except EnvironmentError:
            pass
        self._thread.join()


def _refuses(stand, words, status):
    process = stand.keep(Process(words))
    try:
        process.close_input()
        said = process.read_to_end(stand.seconds)
        process.wait(stand.seconds)
    except Overdue:
        raise Wrong(verdict.TIME_OUT, 'it did not end within %g s: %s' % (stand.seconds, ' '.join(words)),
                    'exit status %d' % status)
    if process.poll() != status or 'Traceback (most recent call last)' in process.errors:
        found = verdict.of_exit(process.poll(), process.errors)
        word = verdict.WRONG_ANSWER if found.status == verdict.PASS else found.status
        raise Wrong(word, '%s: %s' % (found.text, ' '.join(words)), 'exit status %d' % status)
    if said:
        raise Wrong(verdict.MALFORMED, 'it wrote on standard output: %s' % show(said), 'nothing')


def largest_datagram(transport):
    """Return the length of the longest datagram that the kernel sends: bisection, with EMSGSIZE for an answer."""
    if transport not in _largest:
        _largest[transport] = _bisect(transport)
    return _largest[transport]


_largest = {}


def _bisect(transport):
    family, _, kind = transport.partition('-')
    folder = _Folder(tempfile.mkdtemp(prefix='interop-'))
    with closing(folder), closing(socket.socket(FAMILIES[family].number, TYPES[kind])) as listener:
        listener.bind(os.path.join(folder.path, 's') if family == 'unix' else (FAMILIES[family].loopback, 0))
        if kind == 'seqpacket':
            listener.listen(BACKLOG)
        low, high = 0, 2 ** 24
        while high - low > 1:
            middle = (low + high) // 2
            with closing(socket.socket(FAMILIES[family].number, TYPES[kind])) as sock:
                sock.setblocking(False)
                sock.connect(listener.getsockname())
                try:
                    sock.send(b'x' * middle)
                    low = middle
                except EnvironmentError:
                    high = middle
            if low == middle and kind == 'dgram':
                listener.recv(middle + 1)
    return low


class _Folder(object):

    def __init__(self, path):
        self.path = path

    def close(self):
        shutil.rmtree(self.path, ignore_errors=True)
