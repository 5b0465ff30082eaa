"""Concurrent server, one process for each connection (Stevens, UNP section 4.8).

::

    accept -> fork -> parent: close the connection -> accept -> ...
               |
               child: close the listener -> talk until the client is done -> exit

Both processes hold both sockets after the fork.  The parent must close the
connection, or its end would never reach the client; the child must close the
listener, or the port would outlive the parent.  A child that has ended stays a
zombie until the parent calls ``waitpid``.

C twin: ``c_ref/iomodels/forking.c``.  Read next: ``iomodels/connection.py``, which never waits.
"""

import errno
import os
import select
import sys

from pyside.iomodels.iterative import talk
from pyside.iomodels.service import EXHAUSTED_PAUSE
from pyside.net import listening, netio, signals
from pyside.wire.errors import EXIT_OK, EXIT_SOFTWARE


def serve(service):
    """Serve until SIGTERM or SIGINT, then wait for the children, which see the same request to stop.

    :param service: a :class:`pyside.iomodels.service.Service`; ``options.max_connections`` limits the children.
    """
    child_fd = signals.catch_children()
    children = set()
    while True:
        full = len(children) >= service.options.max_connections
        ready = _wait(None if full else service.listener, child_fd)
        if signals.stop_fd in ready:
            break
        if child_fd in ready:
            signals.drain(child_fd)
            _reap(children, os.WNOHANG)
        if service.listener.fileno() in ready:
            _accept(service, children, child_fd)
    _reap(children, 0)


def _wait(listener, child_fd):
    events = {child_fd: select.POLLIN, signals.stop_fd: select.POLLIN}
    if listener is not None:
        events[listener.fileno()] = select.POLLIN
    return netio.poll(events, None)


def _accept(service, children, child_fd):
    """Accept one connection, without waiting for it: children end meanwhile."""
    try:
        accepted = service.accept_some()
    except listening.Exhausted as error:
        service.log_exhausted(error)
        # Let children end before accept is tried again: it would fail at once, and spin.
        netio.poll({child_fd: select.POLLIN, signals.stop_fd: select.POLLIN}, EXHAUSTED_PAUSE)
        return
    if accepted is not None:
        _fork(service, children, *accepted)


def _fork(service, children, connection, peer):
    """Start a child, and note its number."""
    try:
        pid = os.fork()
    except EnvironmentError as error:
        service.log('%s: cannot fork: %s' % (peer, os.strerror(error.errno)))
        netio.close(connection)
        return
    if pid:
        netio.close(connection)
        children.add(pid)
        if len(children) >= service.options.max_connections:
            service.log_full()
        return
    try:
        signals.restore_in_child()
        netio.close(service.listener)
        talk(service, connection, peer)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
        os._exit(EXIT_SOFTWARE)
    # Not sys.exit: the child must not run what the parent means to do at its own end.
    os._exit(EXIT_OK)


def _reap(children, flags):
    """Wait for children that have ended; with flags 0, for all.  Those that the process was born with do not count."""
    while children:
        try:
            pid, _ = os.waitpid(-1, flags)
        except EnvironmentError as error:
            # PY2: EINTR reaches the caller; PEP 475 made Python 3.5 retry.
            if error.errno == errno.EINTR:
                continue
            children.clear()
            return
        if pid == 0:
            return
        children.discard(pid)
