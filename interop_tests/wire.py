"""The other end of the wire in the hands of a test: raw sockets, hostile pieces, a deadline on everything."""

import array
import fcntl
import os
import shutil
import socket
import struct
import tempfile
import termios
import time

from interop_tests import sock_diag
from pyside.net.compat import clock

SECONDS = 15


class Wire(object):
    """One end of a connection.

    :param sock: a connected socket.
    """

    def __init__(self, sock):
        self.sock = sock
        sock.settimeout(SECONDS)

    def close(self):
        self.sock.close()

    def send_pieces(self, pieces):
        """Send pieces so that the peer reads each alone: the next one waits until the last one is read."""
        for piece in pieces:
            self.sock.sendall(piece)
            if self.sock.family == socket.AF_UNIX:
                wait_until_read(self.sock)

    def half_close(self):
        self.sock.shutdown(socket.SHUT_WR)

    def reset(self):
        """Close with RST instead of FIN: SO_LINGER with a time of zero."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.sock.close()

    def read_exactly(self, size):
        """Return exactly `size` bytes, or fewer at EOF."""
        data = b''
        while len(data) < size:
            chunk = self.sock.recv(min(size - len(data), 65536))
            if not chunk:
                break
            data += chunk
        return data

    def read_to_end(self):
        """Return everything up to the end of input; raises socket.error after a reset."""
        chunks = []
        while True:
            chunk = self.sock.recv(65536)
            if not chunk:
                return b''.join(chunks)
            chunks.append(chunk)


def wait_until(condition, seconds=SECONDS):
    """Wait until something is so, for at most some seconds; return what it is then."""
    deadline = clock() + seconds
    while True:
        found = condition()
        if found or clock() >= deadline:
            return found
        time.sleep(0.001)


def wait_until_read(sock, seconds=SECONDS):
    """Wait until the peer has read everything that was sent, for at most some seconds.

    On a unix socket SIOCOUTQ counts what the peer has not read.  On a TCP socket it only counts what is not
    acknowledged; there the kernel tells of the peer's own queue (sock_diag(7), or proc(5), ``/proc/net/tcp``).
    """
    unread = _unread_of_unix if sock.family == socket.AF_UNIX else _unread_of_tcp
    wait_until(lambda: not unread(sock), seconds)


def _unread_of_unix(sock):
    left = array.array('i', [0])
    try:
        fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, left, True)
    except (IOError, OSError):
        return 0
    return left[0]


def _unread_of_tcp(sock):
    """Return what the peer has not read, and what is still on its way there."""
    try:
        here, there = sock.getsockname()[:2], sock.getpeername()[:2]
    except EnvironmentError:
        return 0
    try:
        return sock_diag.queues(sock.family, there, here)[0] + sock_diag.queues(sock.family, here, there)[1]
    except sock_diag.Unavailable:
        return _unread_in_the_table(sock.family, here[1], there[1])


def _unread_in_the_table(family, here, there):
    try:
        with open('/proc/net/tcp6' if family == socket.AF_INET6 else '/proc/net/tcp') as table:
            rows = [line.split() for line in table if ':%04X' % there in line and ':%04X' % here in line]
    except EnvironmentError:
        return 0
    ends = [(':%04X' % there, ':%04X' % here), (':%04X' % here, ':%04X' % there)]
    queues = {row[1][-5:]: row[4] for row in rows if (row[1][-5:], row[2][-5:]) in ends}
    peer, mine = queues.get(ends[0][0], '0:0'), queues.get(ends[1][0], '0:0')
    return int(peer.split(':')[1], 16) + int(mine.split(':')[0], 16)


def dial(server):
    """Connect to a :class:`programs.Server`."""
    if server.where[0] == '--path':
        sock = socket.socket(socket.AF_UNIX)
        sock.settimeout(SECONDS)
        sock.connect(server.where[1])
    else:
        sock = socket.create_connection((server.address[0], int(server.address[1])), SECONDS)
    return Wire(sock)


class Listener(object):
    """A server in the hands of a test, with the attributes that :class:`programs.Client` needs."""

    def __init__(self, protocol, options=(), family='unix'):
        self.options = [protocol, '--family', family] + list(options)
        self._folder = tempfile.mkdtemp(prefix='interop-')
        if family == 'unix':
            path = os.path.join(self._folder, 's')
            self._sock = socket.socket(socket.AF_UNIX)
            self._sock.bind(path)
            self.where = ['--path', path]
        else:
            self._sock = socket.socket()
            self._sock.bind(('127.0.0.1', 0))
            self.where = ['--port', str(self._sock.getsockname()[1])]
        self._sock.listen(16)
        self._sock.settimeout(SECONDS)

    def accept(self):
        return Wire(self._sock.accept()[0])

    def close(self):
        self._sock.close()
        shutil.rmtree(self._folder, ignore_errors=True)
