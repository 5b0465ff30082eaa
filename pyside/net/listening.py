"""The server's end of the BSD calls: socket, bind, listen, accept, and which users are admitted.

::

    socket()  bind()  listen()        listen
        accept()                      accept

Whatever accept says about one connection must not end the others: only when
descriptors or memory run out does a server wait.

Call by call, with what C does: ``python -m pyside map accept``.
C twin: ``c_ref/net/listening.c``.  Read next: ``net/signals.py``.
"""

import errno
import os
import socket
import stat
import struct
import sys

from pyside.net import netio
from pyside.net.address import name, numeric
from pyside.net.compat import os_bytes

EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)

# PY2: the module does not have the name; the number is that of asm-generic/socket.h.
SO_PEERCRED = getattr(socket, 'SO_PEERCRED', 17)
# struct ucred of unix(7): process, user, group.
UCRED = struct.Struct('3i')


class Exhausted(Exception):
    """There are no descriptors, or no memory, for another connection."""


def listen(family, address, kind):
    """Make the listening socket; for datagrams, the one socket that there is.

    :param family: its number, such as ``socket.AF_INET``.
    :param address: an address of that family, as :func:`pyside.net.address.resolve` lists them.
    :param kind: a socket type, such as ``socket.SOCK_STREAM``.
    :returns: a non-blocking socket.
    :raises PeerError: ``unreachable``, when the address cannot be had: bind(2), listen(2).
    """
    try:
        listener = socket.socket(family, kind)
    except socket.error as error:
        raise netio.unreachable('cannot listen on', address, error.errno)
    try:
        if family == socket.AF_UNIX:
            _remove_stale(address, kind)
        elif kind == socket.SOCK_STREAM:
            # Without it, connections of an earlier server in TIME_WAIT keep the port.  A datagram socket has no
            # such past: there it would let two servers share a port, and one of them hear nothing.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(address)
        if kind != socket.SOCK_DGRAM:
            listener.listen(socket.SOMAXCONN)
    except socket.error as error:
        listener.close()
        raise netio.unreachable('cannot listen on', address, error.errno)
    listener.setblocking(False)
    return listener


def accept(listener):
    """Call ``accept`` once.

    :param listener: a socket from :func:`listen`.
    :returns: ``(non-blocking socket, name of the peer)``, or None when no connection waits.
    :raises Exhausted: out of descriptors or memory.
    """
    try:
        connection, address = listener.accept()
    except socket.error as error:
        if error.errno in EXHAUSTED:
            raise Exhausted(netio.reason(error))
        # Anything else concerns a connection that is gone before it was accepted: accept(2), "Error handling".
        return None
    try:
        netio.prepare(connection)
    except socket.error:
        netio.close(connection)
        return None
    return connection, name(address)


def can_tell_users():
    """Tell whether this system names the user at the other end of a unix socket."""
    return sys.platform.startswith('linux')


def peer_user(connection):
    """Return the user number of the process that connected to a unix socket: SO_PEERCRED of unix(7)."""
    return UCRED.unpack(connection.getsockopt(socket.SOL_SOCKET, SO_PEERCRED, UCRED.size))[1]


def announcement(listener):
    """Return the line that says where a listener can be reached, as bytes without the newline."""
    address = listener.getsockname()
    if listener.family == socket.AF_UNIX:
        return b'LISTENING ' + os_bytes(address)
    return ('LISTENING %s %d' % numeric(address)).encode('ascii')


def forget(listener):
    """Close a listener and, where it has a path, remove it."""
    path = listener.getsockname() if listener.family == socket.AF_UNIX else None
    listener.close()
    if path:
        os.unlink(path)


def _remove_stale(path, kind):
    """Remove a socket that a dead server left behind; bind(2) would say EADDRINUSE for ever."""
    try:
        if not stat.S_ISSOCK(os.stat(path).st_mode):
            return
    except OSError:
        return
    probe = socket.socket(socket.AF_UNIX, kind)
    try:
        if probe.connect_ex(path) == errno.ECONNREFUSED:
            os.unlink(path)
    finally:
        probe.close()
