"""I/O multiplexing with ``poll`` (Stevens, UNP section 6.10).

::

    poll([(fd, events), ...]) -> [(fd, events that came), ...]

A list instead of an array of bits: any descriptor will do.  Still the kernel
looks at all of them in each call.  POLLHUP and POLLERR come without being asked for.

Call by call, with what C does: ``python -m pyside map poll``.
C twin: ``c_ref/iomodels/polling.c``.  Read next: ``iomodels/epolling.py``.
"""

import select

from pyside.iomodels import eventloop
from pyside.net.netio import wait_ready


class PollPoller(object):

    fd_limit = None
    only_writable = select.POLLOUT

    def __init__(self):
        self._poll = select.poll()

    def watch(self, fd, reading, writing):
        self._poll.register(fd, (select.POLLIN if reading else 0) | (select.POLLOUT if writing else 0))

    def unwatch(self, fd):
        try:
            self._poll.unregister(fd)
        except KeyError:
            pass  # there was no memory to watch it

    closed = unwatch

    def wait(self, seconds):
        return wait_ready(self._poll, seconds).items()


def serve(service):
    """Serve until SIGTERM or SIGINT.

    :param service: a :class:`pyside.iomodels.service.Service`.
    """
    eventloop.serve(service, PollPoller())
