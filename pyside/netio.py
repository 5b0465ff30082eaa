"""The BSD calls: addresses, listen, accept, connect, recv, send, half-close.

Everything that surprises people about sockets lives here and nowhere else: a
call interrupted by a signal, a short write, a descriptor that is not ready, a
peer that is silent, a close that destroys what was just sent.

All sockets are non-blocking.  Who has to wait does so in ``poll``, where the
peer, the time limit and the request to stop are waited for together.

C twin: ``c_ref/netio.c``.  Read next: ``conversation.py``.
"""

import errno
import os
import select
import socket
import stat

from pyside import signals
from pyside.compat import clock, path_bytes
from pyside.errors import RESET, TIMED_OUT, UNREACHABLE, PeerError, UsageError

CHUNK = 64 * 1024
LINGER_SECONDS = 2.0
EXHAUSTED_PAUSE = 0.25
BACKLOG_PAUSE = 0.01

FAMILIES = {
    'inet': socket.AF_INET,
    'inet6': socket.AF_INET6,
    'unix': socket.AF_UNIX,
}

WOULD_BLOCK = (errno.EAGAIN, errno.EWOULDBLOCK)
EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


class Stopped(Exception):
    """SIGTERM or SIGINT came while waiting."""


class Exhausted(Exception):
    """There are no descriptors, or no memory, for another connection."""


def poll(events, timeout):
    """Wait with ``poll(2)`` until a descriptor is ready.

    :param events: ``{descriptor: select.POLLIN or POLLOUT or both}``.
    :param timeout: seconds, or None to wait for ever.
    :returns: ``{descriptor: ready events}``, empty after the time-out.
    """
    poller = select.poll()
    for fd, mask in events.items():
        poller.register(fd, mask)
    deadline = None if timeout is None else clock() + timeout
    while True:
        left = None if deadline is None else max(0, int((deadline - clock()) * 1000) + 1)
        try:
            return dict(poller.poll(left))
        except select.error as error:
            # PY2: EINTR reaches the caller (PEP 475 made Python 3.5 retry), and select.error is no OSError.
            if error.args[0] != errno.EINTR:
                raise


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


def silence(timeout):
    """Make the error for a peer that neither sent nor took anything for ``timeout`` seconds."""
    return PeerError(TIMED_OUT, 'silence for %g s' % timeout)


def connection_error(error):
    """Turn what ended a connection into a :class:`PeerError`: ``timed-out`` where TCP gave up, otherwise ``reset``."""
    return PeerError(TIMED_OUT if error.errno == errno.ETIMEDOUT else RESET, reason(error))


def recv_some(sock):
    """Call ``recv`` once.

    :returns: bytes; ``b''`` at the end of input; None when nothing is there yet.
    :raises PeerError: ``reset``, or ``timed-out`` when TCP itself gave up.
    """
    return _call(sock.recv, CHUNK)


def send_some(sock, data):
    """Call ``send`` once; return how many bytes the kernel took, which may be fewer than given, or none."""
    return _call(sock.send, data) or 0


def recv(sock, timeout):
    """Wait for bytes and return them; ``b''`` means that the peer half-closed.

    :raises PeerError: ``reset`` or ``timed-out``.
    :raises Stopped: see :func:`wait`.
    """
    data = recv_some(sock)
    while data is None:
        wait(sock, select.POLLIN, timeout)
        data = recv_some(sock)
    return data


def send_all(sock, data, timeout):
    """Send everything; the time limit starts anew whenever the peer takes something.

    :raises PeerError: ``reset`` or ``timed-out``.
    :raises Stopped: see :func:`wait`.
    """
    left = memoryview(data)
    while len(left):
        sent = send_some(sock, left)
        if not sent:
            wait(sock, select.POLLOUT, timeout)
        left = left[sent:]


def half_close(sock):
    """Tell the peer that nothing more comes (FIN); receiving goes on.  Calling it again does no harm."""
    try:
        sock.shutdown(socket.SHUT_WR)
    except socket.error:
        pass


def close_gently(sock, timeout):
    """Close so that what was sent arrives.

    A ``close`` with unread input makes the kernel send RST instead of FIN, and
    a RST destroys what the peer has not read yet.  So: half-close, read until
    the peer closes too, then close.  For ``LINGER_SECONDS`` or the time-out at
    the most, whichever is less.
    """
    half_close(sock)
    deadline = clock() + min(timeout, LINGER_SECONDS)
    try:
        while clock() < deadline and recv(sock, max(0, deadline - clock())):
            pass
    except (PeerError, Stopped):
        pass
    sock.close()


def listen(options):
    """Make the listening socket.

    :param options: anything with ``family``, ``host``, ``port`` and ``path``.
    :raises PeerError: ``unreachable``, when the address cannot be had.
    """
    family, address = _resolve(options)[0]
    try:
        listener = socket.socket(family, socket.SOCK_STREAM)
    except socket.error as error:
        raise _unreachable('cannot listen on', address, error.errno)
    try:
        if family == socket.AF_UNIX:
            _remove_stale(address)
        else:
            # Without it, connections of an earlier server in TIME_WAIT keep the port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(address)
        listener.listen(socket.SOMAXCONN)
    except socket.error as error:
        listener.close()
        raise _unreachable('cannot listen on', address, error.errno)
    listener.setblocking(False)
    return listener


def accept_some(listener):
    """Call ``accept`` once.

    :returns: ``(socket, name of the peer)``, or None when nobody is there any more.
    :raises Exhausted: for want of descriptors or memory.
    """
    try:
        connection, address = listener.accept()
    except socket.error as error:
        if error.errno in EXHAUSTED:
            raise Exhausted(reason(error))
        # Anything else concerns a connection that is gone before it was accepted: accept(2), "Error handling".
        return None
    _prepare(connection)
    return connection, name(address)


def accept(listener, log):
    """Wait for the next connection.

    :param log: called with one line when connections cannot be accepted for want of descriptors or memory.
    :returns: ``(socket, name of the peer)``, or None on SIGTERM or SIGINT.
    """
    exhausted = False
    while True:
        try:
            wait(listener, select.POLLIN, None)
            accepted = accept_some(listener)
        except Stopped:
            return None
        except Exhausted as error:
            if not exhausted:
                log('cannot accept: %s; trying again' % error)
            exhausted = True
            # Let other connections end before accept is tried again: it would fail at once, and spin.
            poll({signals.stop_fd: select.POLLIN}, EXHAUSTED_PAUSE)
            continue
        if accepted is not None:
            return accepted


def connect(options):
    """Connect, within ``options.timeout`` seconds, to the first address that answers.

    :raises PeerError: ``unreachable`` or ``timed-out``.
    """
    failure = None
    for family, address in _resolve(options):
        try:
            return _connect(family, address, options.timeout)
        except PeerError as error:
            failure = error  # Python 3 deletes "error" at the end of the clause
    raise failure


def announcement(listener):
    """Return the line that says where a listener can be reached, as bytes without the newline."""
    address = listener.getsockname()
    if listener.family == socket.AF_UNIX:
        return b'LISTENING ' + path_bytes(address)
    return ('LISTENING %s %d' % address[:2]).encode('ascii')


def forget(listener):
    """Close a listener and, where it has a path, remove it."""
    path = listener.getsockname() if listener.family == socket.AF_UNIX else None
    listener.close()
    if path:
        os.unlink(path)


def name(address):
    """Describe an address for people: ``127.0.0.1:7000``, ``[::1]:7000``, a path, or ``unix``."""
    if isinstance(address, tuple):
        return ('[%s]:%d' if ':' in address[0] else '%s:%d') % address[:2]
    return str(address) if address else 'unix'


def reason(error):
    """Return what ``strerror`` says about a socket error."""
    return os.strerror(error.errno)


def _resolve(options):
    if options.family == 'unix':
        return [(socket.AF_UNIX, options.path)]
    try:
        found = socket.getaddrinfo(
            options.host, options.port, FAMILIES[options.family], socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise PeerError(UNREACHABLE, 'no %s address for %s: %s' % (options.family, options.host, error.args[1]))
    except UnicodeError:
        raise UsageError('--host is no host name: %r' % options.host)
    return [(entry[0], entry[4]) for entry in found]


def _connect(family, address, timeout):
    try:
        sock = socket.socket(family, socket.SOCK_STREAM)
    except socket.error as error:
        raise _unreachable('cannot connect to', address, error.errno)
    try:
        _prepare(sock)
        deadline = clock() + timeout
        status = sock.connect_ex(address)
        while status == errno.EAGAIN and clock() < deadline:
            # A unix listener's backlog is full.  Linux gives nothing to wait for then: connect(2), EAGAIN.
            poll({}, BACKLOG_PAUSE)
            status = sock.connect_ex(address)
        if status == errno.EINPROGRESS:
            wait(sock, select.POLLOUT, timeout)
            status = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if status:
            raise _unreachable('cannot connect to', address, status)
    except PeerError:
        sock.close()
        raise
    return sock


def _unreachable(what, address, number):
    return PeerError(UNREACHABLE, '%s %s: %s' % (what, name(address), os.strerror(number)))


def _prepare(sock):
    sock.setblocking(False)
    if sock.family != socket.AF_UNIX:
        # Nagle's algorithm would hold a small frame back until the one before is acknowledged, up to 40 ms.
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except socket.error:
            pass  # a connection that is reset already; the next recv says so


def _remove_stale(path):
    """Remove a socket that a dead server left behind; bind(2) would say EADDRINUSE for ever."""
    try:
        if not stat.S_ISSOCK(os.stat(path).st_mode):
            return
    except OSError:
        return
    probe = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if probe.connect_ex(path) == errno.ECONNREFUSED:
            os.unlink(path)
    finally:
        probe.close()


def _call(call, argument):
    """Call ``recv`` or ``send``; return what it returns, or None when it would block."""
    while True:
        try:
            return call(argument)
        except socket.error as error:
            if error.errno in WOULD_BLOCK:
                return None
            # PY2: EINTR reaches the caller; PEP 475 made Python 3.5 retry.
            if error.errno == errno.EINTR:
                continue
            raise connection_error(error)
