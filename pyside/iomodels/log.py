"""The log of a server: lines on standard error that never block the server.

::

    server: 127.0.0.1:55555: truncated: end of input inside a frame: 3 of 9 bytes
    server: 17 lines were lost: standard error took no more

A log must not stop what it tells about.  Standard error may be a pipe that
nobody reads, a full disk, or closed: a line that would block, or fails, is
counted instead.  A line is one ``write`` of less than PIPE_BUF bytes, so those of
threads and children do not mix (pipe(7)); and it is printable ASCII, so
that nothing that a peer sends can write escapes or lines of its own.

C twin: ``c_ref/iomodels/log.c``.  Read next: ``iomodels/service.py``.
"""

import os
import select
import threading

LINE_MAX = 1024

# PY2: iterating over bytes gives strings; a bytearray gives numbers everywhere.
PRINTABLE = {byte: chr(byte) if 0x20 <= byte <= 0x7e else '\\x%02x' % byte for byte in range(256)}


class Log(object):
    """The lines of one process, on one descriptor."""

    def __init__(self, fd=2):
        self._fd = fd
        self._lock = threading.Lock()
        self._lost = 0

    def write(self, line):
        """Write a line, or count it as lost."""
        with self._lock:
            data = _line(line)
            if self._lost:
                data = _line('%d lines were lost: standard error took no more' % self._lost) + data
            self._lost = 0 if self._takes(data) else self._lost + 1

    def _takes(self, data):
        """Write, unless that would wait; return whether everything was taken."""
        try:
            poller = select.poll()
            poller.register(self._fd, select.POLLOUT)
            # A pipe is writable when there is room for PIPE_BUF bytes, so this write does not wait.
            return bool(poller.poll(0)) and os.write(self._fd, data) == len(data)
        except (EnvironmentError, select.error):
            return False


def printable(text):
    """Return text with every byte that is not printable ASCII as ``\\xNN``."""
    data = text if isinstance(text, bytes) else text.encode('utf-8', 'replace')
    return ''.join([PRINTABLE[byte] for byte in bytearray(data)])


def _line(text):
    return ('server: %s' % printable(text))[:LINE_MAX - 1].encode('ascii') + b'\n'
