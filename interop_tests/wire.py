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
                self._wait_until_read()

    def send_to_the_last(self, pieces, eof):
        """Send pieces, and the end of input where ``eof`` is true, to a peer that may have seen enough before."""
        try:
            self.send_pieces(pieces)
            if eof:
                self.half_close()
        except EnvironmentError:
            pass

    def _wait_until_read(self):
        # SIOCOUTQ: what the peer has not read yet.  On a TCP socket it would only say what is not acknowledged.
        deadline = clock() + SECONDS
        left = array.array('i', [1])
        while left[0] and clock() < deadline:
            try:
                fcntl.ioctl(self.sock.fileno(), termios.TIOCOUTQ, left, True)
            except (IOError, OSError):
                return
            time.sleep(0)

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
