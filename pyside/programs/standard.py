"""Standard input, output and error, in whatever state a program was given them: closed, non-blocking, full.

::

    closed        the next socket would get its number: replies written into
                  the connection, the server's bytes read as messages
    non-blocking  O_NONBLOCK belongs to the open file, not to a process: anybody
                  who has the same terminal or pipe may have set it

So /dev/null takes the place of a closed one, opened the wrong way round: reading
or writing it fails with EBADF, as it would have.  Only standard error takes,
and loses, what is written.

C twin: ``c_ref/programs/standard.c``.  Read next: ``programs/messages.py``.
"""

import errno
import fcntl
import os
import select
import sys

from pyside.net import netio

STREAMS = ((0, 'stdin', os.O_WRONLY), (1, 'stdout', os.O_RDONLY), (2, 'stderr', os.O_WRONLY))


def open_closed():
    """Put /dev/null in the place of standard descriptors that are closed."""
    for fd, stream, flags in STREAMS:
        try:
            fcntl.fcntl(fd, fcntl.F_GETFD)
            continue
        except EnvironmentError:
            pass
        # The lowest that is free, which is this one: those below it are open by now.
        opened = os.open(os.devnull, flags)
        if opened != fd:
            os.dup2(opened, fd)
            os.close(opened)
        if getattr(sys, stream) is None:
            # PY2: it has a file even so.
            setattr(sys, stream, os.fdopen(fd, 'w'))


def read(fd, size):
    """Call ``read`` until it has something.

    :returns: at most ``size`` bytes; ``b''`` at the end.
    :raises EnvironmentError: read(2).
    """
    while True:
        try:
            return os.read(fd, size)
        except EnvironmentError as error:
            _wait_for(fd, select.POLLIN, error)


def write(fd, data):
    """Call ``write`` until everything is written.

    :raises EnvironmentError: write(2).
    """
    while data:
        try:
            data = data[os.write(fd, data):]
        except EnvironmentError as error:
            _wait_for(fd, select.POLLOUT, error)


def complain(text):
    """Write a line on standard error; where that fails, nothing is left to say it to."""
    try:
        write(2, (text + '\n').encode('utf-8', 'replace') if not isinstance(text, bytes) else text + b'\n')
    except EnvironmentError:
        pass


def _wait_for(fd, mask, error):
    # PY2: EINTR reaches the caller; PEP 475 made Python 3.5 retry.
    if error.errno not in netio.WOULD_BLOCK:
        raise error
    if error.errno != errno.EINTR:
        netio.poll({fd: mask}, None)
