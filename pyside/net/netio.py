"""The BSD calls: connect, recv, send, half-close.

Everything that surprises people about sockets lives here and nowhere else: a
call interrupted by a signal, a short write, a descriptor that is not ready, a
peer that is silent, a close that destroys what was just sent.

All sockets are non-blocking.  Code that must wait does so in ``poll``, where the
peer, the time limit and the request to stop are waited for together.

Call by call, with what C does: ``python -m pyside map connect``.
C twin: ``c_ref/net/netio.c``.  Read next: ``net/listening.py``.
"""

import errno
import os
import select
import socket

from pyside.net import signals
from pyside.net.address import name, what_is_there
from pyside.net.compat import clock
from pyside.net.timers import NEVER
from pyside.wire.errors import RESET, TIMED_OUT, UNREACHABLE, PeerError, silence

CHUNK = 256 * 1024
BACKLOG_PAUSE = 0.01

# What bind and connect say about a path with something else than a socket.
NO_SOCKET = (errno.EADDRINUSE, errno.ECONNREFUSED)
# PY2: EINTR reaches the caller (PEP 475 made Python 3.5 retry); poll says again that the socket is ready.
WOULD_BLOCK = (errno.EAGAIN, errno.EWOULDBLOCK, errno.EINTR)


class Stopped(Exception):
    """SIGTERM or SIGINT came while waiting."""


def milliseconds(seconds):
    """Convert seconds for ``poll(2)``.

    Rounded up: a millisecond too early would find nothing to do, again and again.
    """
    return int(seconds * 1000 + 0.999)


def wait_ready(poller, timeout):
    """Wait with ``poll(2)`` until a descriptor is ready.

    :param poller: a ``select.poll()`` with its descriptors registered.
    :param timeout: seconds, or None or infinity to wait for ever.
    :returns: ``{descriptor: ready events}``, empty after the time-out.
    :raises socket.error: poll(2).
    """
    endless = timeout is None or timeout == NEVER
    deadline = None if endless else clock() + timeout
    while True:
        left = None if endless else milliseconds(max(0, deadline - clock()))
        try:
            return dict(poller.poll(left))
        except select.error as error:
            # PY2: EINTR reaches the caller (PEP 475 made Python 3.5 retry), and select.error is no OSError.
            if error.args[0] != errno.EINTR:
                raise socket.error(*error.args)


def poll(events, timeout):
    """Wait with ``poll(2)`` until a descriptor is ready; see :func:`wait_ready`.

    :param events: ``{descriptor: select.POLLIN or POLLOUT or both}``.
    :param timeout: seconds, or None or infinity to wait for ever.
    :returns: ``{descriptor: ready events}``, empty after the time-out.
    """
    poller = select.poll()
    for fd, mask in events.items():
        poller.register(fd, mask)
    return wait_ready(poller, timeout)


def wait(sock, mask, timeout):
    """Wait until the socket is ready.

    :param mask: ``select.POLLIN`` or ``select.POLLOUT``.
    :param timeout: seconds of silence allowed, or None.
    :raises PeerError: ``timed-out``.
    :raises Stopped: on SIGTERM or SIGINT, where :func:`signals.catch_stop` was called.
    """
    events = {sock.fileno(): mask}
    if signals.stop_fd is not None:
        events[signals.stop_fd] = select.POLLIN
    ready = poll(events, timeout)
    if signals.stop_fd in ready:
        raise Stopped
    if not ready:
        raise silence(timeout)


def connection_error(error):
    """Turn what ended a connection into a :class:`PeerError`: ``timed-out`` where TCP gave up, otherwise ``reset``."""
    return PeerError(TIMED_OUT if error.errno == errno.ETIMEDOUT else RESET, reason(error))


def recv(sock):
    """Call ``recv`` once.

    :param sock: a connected non-blocking socket.
    :returns: at most ``CHUNK`` bytes; ``b''`` at the end of input; None when nothing is there yet.
    :raises PeerError: ``reset``, or ``timed-out`` when TCP itself gave up.
    """
    try:
        return sock.recv(CHUNK)
    except socket.error as error:
        if error.errno in WOULD_BLOCK:
            return None
        raise connection_error(error)


def send(sock, data):
    """Call ``send`` once.

    :param sock: a connected non-blocking socket.
    :param data: bytes, or a memoryview.
    :returns: how many bytes the kernel took, which may be fewer than given, or none: a short write.
    :raises PeerError: as :func:`recv`.
    """
    try:
        return sock.send(data)
    except socket.error as error:
        if error.errno in WOULD_BLOCK:
            return 0
        raise connection_error(error)


def half_close(sock):
    """Tell the peer that nothing more comes (FIN); receiving goes on.  Calling it again does no harm."""
    try:
        sock.shutdown(socket.SHUT_WR)
    except socket.error:
        pass


def close(sock):
    """Close a socket, whatever close(2) says about it: Linux has taken the descriptor back even then.

    Python reports EINTR and EIO from here; they end no server.
    """
    try:
        sock.close()
    except socket.error:
        pass


def has_left(sock):
    """Tell whether the peer has reset the connection, or, on a unix socket, closed it.

    TCP cannot tell a close from a half-close before it has sent something: both are a FIN.
    """
    return bool(poll({sock.fileno(): 0}, 0))


def connect(addresses, kind, timeout):
    """Connect to the first address that answers.

    :param addresses: see :func:`pyside.net.address.resolve`.
    :param kind: a socket type, such as ``socket.SOCK_STREAM``.
    :param timeout: seconds for each address.
    :returns: a non-blocking socket.
    :raises PeerError: what went wrong with the last address, ``unreachable`` or ``timed-out``: connect(2).
    :raises Stopped: on SIGTERM or SIGINT, where :func:`signals.catch_stop` was called.
    """
    failure = None
    for family, address in addresses:
        try:
            return _connect(family, kind, address, timeout)
        except PeerError as error:
            failure = error  # Python 3 deletes "error" at the end of the clause
    raise failure


def bind_to_any_name(sock):
    """Give a unix datagram socket a name, without which it gets no answer; others get one with the first datagram.

    The name is one that the kernel chooses, in no file system: autobind of unix(7), on Linux only.
    """
    if sock.family == socket.AF_UNIX and sock.type == socket.SOCK_DGRAM:
        sock.bind('')


def reason(error):
    """Return what ``strerror`` says about a socket error."""
    return os.strerror(error.errno)


def _connect(family, kind, address, timeout):
    try:
        sock = socket.socket(family, kind)
    except socket.error as error:
        raise unreachable('cannot connect to', address, error.errno)
    try:
        bind_to_any_name(sock)
        prepare(sock)
        deadline = clock() + timeout
        status = sock.connect_ex(address)
        while status == errno.EAGAIN and clock() < deadline:
            # A unix listener's backlog is full.  Linux gives nothing to wait for then: connect(2), EAGAIN.
            poll({}, BACKLOG_PAUSE)
            status = sock.connect_ex(address)
        # PY2: EINTR reaches the caller; the connection is being made all the same.
        if status in (errno.EINPROGRESS, errno.EINTR):
            wait(sock, select.POLLOUT, timeout)
            status = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if status:
            raise unreachable('cannot connect to', address, status)
    except PeerError:
        close(sock)
        raise
    except socket.error as error:
        close(sock)
        raise unreachable('cannot connect to', address, error.errno)
    return sock


def unreachable(what, address, number):
    """Make the error for an address that cannot be had; ``number`` is an errno."""
    return PeerError(UNREACHABLE, '%s %s: %s%s' % (
        what, name(address), os.strerror(number), what_is_there(address) if number in NO_SOCKET else ''))


def prepare(sock):
    """Make a socket non-blocking, and let small writes go out at once."""
    sock.setblocking(False)
    # Nagle's algorithm would hold a small frame back until the one before is acknowledged, up to 40 ms.
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except socket.error:
        pass  # a unix socket, which needs no such option; or a connection that is reset already: the next recv says so

