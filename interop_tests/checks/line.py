"""One end of a connection in the hands of a check: every byte is recorded, and every wait has a limit.

What a check says with it reads like the wire::

    line.send(b'\\x02hi')        suite:  02 68 69
    line.end()                  suite:  FIN
    line.expect(b'\\x02hi')      peer:   02 68 69        fails at the first byte that differs
    line.expect_end()           peer:   FIN             and nothing before it
"""

import errno
import select
import socket
import struct

from interop_tests import verdict
from interop_tests.wire import wait_until_read
from pyside.net import netio
from pyside.net.compat import clock

KEPT = 4096
ENTRIES = 200
CHUNK = 65536
# A peer that moves less than this within the limit of a wait is as good as silent.
LEAST_PROGRESS = 65536
# What all exchanges of a connection may take, in limits of a wait.
EXCHANGES = 2


class Wrong(Exception):
    """A peer did something other than what the check expects.

    :param status: a word of :mod:`verdict`.
    :param actual: what it did, in words.
    :param expected: what it should have done, in words; the check's own sentence when left out.
    """

    def __init__(self, status, actual, expected=''):
        Exception.__init__(self, actual)
        self.status = status
        self.actual = actual
        self.expected = expected


class Log(object):
    """What went over the wire, in order: ``[who, first bytes, how many there were, or an event in words]``."""

    def __init__(self, say=None):
        self.entries = []
        self._say = say or (lambda who, data, event: None)

    def bytes(self, who, data):
        self._say(who, data, None)
        last = self.entries[-1] if self.entries else None
        if last and last[0] == who == 'peer' and not last[3]:
            last[1] += data[:max(0, KEPT - len(last[1]))]
            last[2] += len(data)
        elif len(self.entries) < ENTRIES:
            self.entries.append([who, data[:KEPT], len(data), None])

    def event(self, who, text):
        self._say(who, b'', text)
        if len(self.entries) < ENTRIES:
            self.entries.append([who, b'', 0, text])


class Line(object):
    """A connected stream socket.

    :param seconds: the limit of one wait.
    :param log: a :class:`Log`.
    """

    def __init__(self, sock, seconds, log):
        self.sock = sock
        self._log = log
        self._exchanges_end = None
        sock.settimeout(seconds)
        if sock.family != socket.AF_UNIX:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def close(self):
        self.sock.close()

    def send(self, data):
        """Send all of it to a peer that has to take it."""
        self._log.bytes('suite', data)
        try:
            self.sock.sendall(data)
        except socket.timeout:
            raise Wrong(verdict.TIME_OUT, 'it took no more bytes')
        except EnvironmentError as error:
            raise Wrong(verdict.RESET, 'it ended the connection (%s) before it had read everything' % error.strerror)

    def send_pieces(self, pieces):
        """Send pieces so that the peer reads each alone: the next one waits until the last one has been read."""
        for piece in pieces:
            self.send(piece)
            wait_until_read(self.sock, self.sock.gettimeout())

    def send_anyway(self, pieces, end=False, wait=True):
        """Send pieces, and FIN where ``end`` is true, to a peer that may have seen enough before."""
        for piece in pieces:
            self._log.bytes('suite', piece)
            try:
                self.sock.sendall(piece)
            except EnvironmentError:
                return
            if wait:
                wait_until_read(self.sock, self.sock.gettimeout())
        if end:
            self.end()

    def end(self):
        """Half-close: FIN."""
        self._log.event('suite', 'FIN')
        try:
            self.sock.shutdown(socket.SHUT_WR)
        except EnvironmentError:
            pass  # the peer has ended the connection: what it sent says more

    def reset(self):
        """Close with RST instead of FIN: SO_LINGER with a time of zero."""
        self._log.event('suite', 'RST')
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.sock.close()

    def expect(self, wanted):
        """Read exactly these bytes."""
        came, limit = b'', self.sock.gettimeout()
        deadline = min(clock() + limit, self._exchanges_end or clock() + limit)
        try:
            while len(came) < len(wanted):
                self.sock.settimeout(max(0.001, deadline - clock()))
                chunk = self._recv(min(CHUNK, len(wanted) - len(came)))
                if not chunk:
                    raise Wrong(verdict.END_OF_INPUT, '%s, then the end of input' % show(came), show(wanted))
                came += chunk
                differs = first_difference(wanted, came)
                if differs is not None:
                    raise Wrong(verdict.WRONG_ANSWER, '%s: byte %d differs' % (show(came), differs + 1), show(wanted))
        except socket.timeout:
            raise Wrong(verdict.TIME_OUT, '%s, and no more within %g s' % (show(came), limit), show(wanted))
        except EnvironmentError as error:
            raise Wrong(verdict.RESET, '%s, then %s' % (show(came), error.strerror), show(wanted))
        finally:
            self.sock.settimeout(limit)

    def exchange(self, data, wanted):
        """Send a lot while reading as much: neither side may wait for the other to finish."""
        self._log.bytes('suite', data)
        left, came, compared, progress = memoryview(data), bytearray(), 0, 0
        seconds = self.sock.gettimeout()
        self._exchanges_end = self._exchanges_end or clock() + EXCHANGES * seconds
        deadline = min(clock() + seconds, self._exchanges_end)
        self.sock.setblocking(False)
        try:
            while len(came) < len(wanted):
                ready = dict(netio.poll({self.sock.fileno(): select.POLLIN | (select.POLLOUT if left else 0)},
                                        max(0, deadline - clock())))
                if not ready:
                    raise Wrong(verdict.TIME_OUT, '%d of %d bytes, and no more within %g s' % (
                        len(came), len(wanted), seconds), '%d bytes' % len(wanted))
                if ready[self.sock.fileno()] & ~select.POLLOUT:
                    chunk = self._recv(1024 * 1024)
                    if not chunk:
                        raise Wrong(verdict.END_OF_INPUT, '%d of %d bytes, then the end of input' % (
                            len(came), len(wanted)), '%d bytes' % len(wanted))
                    came += chunk
                    progress += len(chunk)
                    if wanted[compared:len(came)] != came[compared:]:
                        place = compared + first_difference(wanted[compared:], bytes(came[compared:]))
                        raise Wrong(verdict.WRONG_ANSWER, 'byte %d of %d differs: %s' % (
                            place + 1, len(wanted), show(bytes(came[place:]))), show(wanted[place:]))
                    compared = len(came)
                if left and ready[self.sock.fileno()] & select.POLLOUT:
                    sent = self.sock.send(left[:1024 * 1024])
                    left = left[sent:]
                    progress += sent
                if progress >= LEAST_PROGRESS:
                    deadline, progress = min(clock() + seconds, self._exchanges_end), 0
        except EnvironmentError as error:
            raise Wrong(verdict.RESET, '%d of %d bytes, then %s' % (len(came), len(wanted), error.strerror),
                        '%d bytes' % len(wanted))
        finally:
            self.sock.settimeout(seconds)

    def exchange_late(self, data):
        """Send data until the peer takes no more, then read slowly at first; the same bytes must come back."""
        left, seconds = memoryview(data), self.sock.gettimeout()
        self._exchanges_end = clock() + EXCHANGES * seconds
        self.sock.settimeout(0.2)
        try:
            while len(left):
                left = left[self.sock.send(left[:CHUNK]):]
        except socket.timeout:
            pass
        except EnvironmentError as error:
            raise Wrong(verdict.RESET, 'it ended the connection: %s' % error.strerror)
        self.sock.settimeout(seconds)
        sent = len(data) - len(left)
        self._log.event('suite', '%d bytes, without reading' % sent)
        for place in range(0, min(sent, 20000), 1000):
            self.expect(data[place:min(sent, place + 1000)])
        self.exchange(bytes(left), data[min(sent, 20000):])

    def expect_end(self):
        """Read the end of input, and nothing before it."""
        try:
            chunk = self._recv(CHUNK)
        except socket.timeout:
            raise Wrong(verdict.TIME_OUT, 'silence for %g s' % self.sock.gettimeout(), 'the end of input')
        except EnvironmentError as error:
            raise Wrong(verdict.RESET, error.strerror, 'the end of input')
        if chunk:
            raise Wrong(verdict.WRONG_ANSWER, 'more: ' + show(chunk), 'the end of input')

    def expect_closed(self):
        """Read the end of input or a reset, and nothing before it."""
        try:
            self.expect_end()
        except Wrong as wrong:
            if wrong.status != verdict.RESET:
                raise

    def read_to_end(self, limit=None):
        """Return what comes up to the end of input or a reset, at most ``limit`` bytes."""
        came, seconds = b'', self.sock.gettimeout()
        deadline = clock() + seconds
        try:
            while limit is None or len(came) < limit:
                self.sock.settimeout(max(0.001, deadline - clock()))
                chunk = self._recv(CHUNK)
                if not chunk:
                    break
                came += chunk
        except socket.timeout:
            raise Wrong(verdict.TIME_OUT, '%s, and no end within %g s' % (show(came), seconds), 'the end of input')
        except EnvironmentError:
            pass
        finally:
            self.sock.settimeout(seconds)
        return came

    def expect_no_more(self):
        """Read FIN, or nothing within the limit; a message that the peer should have refused comes at once."""
        came = self.within(self.sock.gettimeout())
        if came:
            raise Wrong(verdict.WRONG_ANSWER, 'it sent more: ' + show(came), 'nothing')

    def within(self, seconds):
        """Return what comes within some seconds: nothing, some bytes, or None for the end of the connection."""
        limit = self.sock.gettimeout()
        self.sock.settimeout(seconds)
        try:
            return self._recv(CHUNK) or None
        except socket.timeout:
            return b''
        except EnvironmentError:
            return None
        finally:
            self.sock.settimeout(limit)

    def fill(self, block, most):
        """Send a block again and again, without reading, until the peer ends the connection.

        :param most: how many bytes a peer may take before it is plain that nothing stops it; None for any number in
            four times the limit of a wait, a block every hundredth of a second.
        """
        self._log.event('suite', '%d bytes, again and again, without reading' % len(block))
        sent, deadline = 0, clock() + 4 * self.sock.gettimeout()
        try:
            while (most is None or sent < most) and clock() < deadline:
                sent += self.sock.send(block)
                if most is None:
                    netio.poll({self.sock.fileno(): 0}, 0.01)
        except socket.timeout:
            raise Wrong(verdict.TIME_OUT, 'it took %d bytes, and neither more nor the end for %g s' % (
                sent, self.sock.gettimeout()), 'the end of the connection')
        except EnvironmentError:
            return
        raise Wrong(verdict.TIME_OUT, 'it took %d bytes and would take more' % sent, 'the end of the connection')

    def _recv(self, size):
        try:
            data = self.sock.recv(size)
        except EnvironmentError as error:
            if error.errno == errno.ECONNRESET:
                self._log.event('peer', 'RST')
            raise
        if data:
            self._log.bytes('peer', data)
        else:
            self._log.event('peer', 'FIN')
        return data


def first_difference(wanted, came):
    """Return the place of the first byte of ``came`` that ``wanted`` does not have there, or None."""
    if wanted.startswith(came):
        return None
    low, high = 0, len(came)
    while low < high:
        middle = (low + high) // 2
        if wanted[:middle + 1] == came[:middle + 1]:
            low = middle + 1
        else:
            high = middle
    return low


def show(data, most=24):
    """Describe bytes: hex with the text beside it."""
    if not data:
        return 'nothing'
    shown = ' '.join('%02x' % byte for byte in bytearray(data[:most]))
    text = ''.join(chr(byte) if 0x20 <= byte < 0x7f else '.' for byte in bytearray(data[:most]))
    more = ' ... (%d bytes)' % len(data) if len(data) > most else ''
    return '%s%s %r' % (shown, more, text)
