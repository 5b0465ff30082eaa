"""I/O multiplexing with ``select`` (Stevens, UNP section 6.3).

::

    select(readers, writers) -> those that are ready

Each call tells the kernel everything again, and the kernel looks at every descriptor
up to the highest.  A descriptor is a bit in an array of FD_SETSIZE bits, 1024
mostly: in C a higher one writes beside the array, in Python it is a ValueError.

Call by call, with what C does: ``python -m pyside map select``.
C twin: ``c_ref/iomodels/selecting.c``.  Read next: ``iomodels/polling.py``.
"""

import errno
import select

from pyside.iomodels import eventloop

FD_SETSIZE = 1024


class SelectPoller(object):

    fd_limit = FD_SETSIZE
    only_writable = False

    def __init__(self):
        self._readers = set()
        self._writers = set()

    def watch(self, fd, reading, writing):
        (self._readers.add if reading else self._readers.discard)(fd)
        (self._writers.add if writing else self._writers.discard)(fd)

    def unwatch(self, fd):
        self.watch(fd, False, False)

    closed = unwatch

    def wait(self, seconds):
        try:
            readable, writable, _ = select.select(self._readers, self._writers, [], seconds)
        except (EnvironmentError, select.error) as error:
            # PY2: EINTR reaches the caller, and select.error is no OSError.
            if error.args[0] != errno.EINTR:
                raise
            return []
        return [(fd, True) for fd in readable] + [(fd, False) for fd in set(writable).difference(readable)]


def serve(service):
    """Serve until SIGTERM or SIGINT; descriptors from FD_SETSIZE on are refused with a line on stderr.

    :param service: a :class:`pyside.iomodels.service.Service`.
    """
    eventloop.serve(service, SelectPoller())
