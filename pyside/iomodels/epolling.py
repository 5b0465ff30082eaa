"""I/O multiplexing with ``epoll``, on Linux (epoll(7); Kerrisk, TLPI section 63.4).

::

    epoll_ctl(fd, events)      once, and when the events change
    epoll_wait() -> [(fd, events that came), ...]

The kernel keeps the list and hands out only what is ready: ten thousand idle
connections cost nothing in a call.  Level-triggered, as here, it goes on to
report what is still ready.

Call by call, with what C does: ``python -m pyside map epoll``.
C twin: ``c_ref/iomodels/epolling.c``.  Read next: ``iomodels/asynchronous.py``.
"""

import errno
import select

from pyside.iomodels import eventloop
from pyside.net.netio import milliseconds


class EpollPoller(object):

    fd_limit = None
    only_writable = select.EPOLLOUT

    def __init__(self):
        self._epoll = select.epoll()
        self._watched = {}

    def watch(self, fd, reading, writing):
        events = (select.EPOLLIN if reading else 0) | (select.EPOLLOUT if writing else 0)
        watched = self._watched.get(fd)
        if events == watched:
            return
        (self._epoll.register if watched is None else self._epoll.modify)(fd, events)
        # Behind the calls, which may fail: then it is not watched, and asked for again.
        self._watched[fd] = events

    def unwatch(self, fd):
        if self._watched.pop(fd, None) is not None:
            self._epoll.unregister(fd)

    def closed(self, fd):
        # Closing the last descriptor of a socket has taken it out of the kernel's list.
        self._watched.pop(fd, None)

    def wait(self, seconds):
        try:
            return self._epoll.poll(-1 if seconds is None else milliseconds(seconds) / 1000.0)
        except EnvironmentError as error:
            # PY2: EINTR reaches the caller; PEP 475 made Python 3.5 retry.
            if error.errno != errno.EINTR:
                raise
            return []


def serve(service):
    """Serve until SIGTERM or SIGINT.

    :param service: a :class:`pyside.iomodels.service.Service`.
    """
    eventloop.serve(service, EpollPoller())
