"""The server's end of the BSD calls: socket, bind, listen, accept, and which users are admitted.

::

    socket()  bind()  listen()        listen
        accept()                      accept

Whatever accept says about one connection must not end the others: only when
descriptors or memory run out does a server wait.

A unix socket leaves its path behind when its server is killed, and bind says
EADDRINUSE for it ever after.  So a path where nobody listens is removed; but
between the look, unlink, bind and listen another server may do the same.  They
lock the folder against each other, flock(2), and a server that ends removes
only the file that it made.

Call by call, with what C does: ``python -m pyside map accept``.
C twin: ``c_ref/net/listening.c``.  Read next: ``net/signals.py``.
"""

import errno
import fcntl
import os
import socket
import stat
import struct
import sys

from pyside.net import netio
from pyside.net.address import name, numeric
from pyside.net.compat import clock, os_bytes

EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)

# PY2: the module does not have the name; the number is that of asm-generic/socket.h.
SO_PEERCRED = getattr(socket, 'SO_PEERCRED', 17)
# struct ucred of unix(7): process, user, group; users and groups have no sign.
UCRED = struct.Struct('iII')

# How long another server may hold the lock of a folder, in seconds, and how often it is asked for.
LOCK_PATIENCE = 2
LOCK_PAUSE = 0.01


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
    lock = _lock_folder(address) if family == socket.AF_UNIX else None
    try:
        if lock is not None:
            _remove_stale(address, kind)
        if family != socket.AF_UNIX and kind == socket.SOCK_STREAM:
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
    finally:
        _unlock_folder(lock)
    listener.setblocking(False)
    return listener


def file_of(address):
    """Return the device and inode of the file that bind made at an address, by which :func:`forget` knows it again.

    :returns: None where there is none.
    """
    return None if isinstance(address, tuple) else _device_and_inode(address)


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


def forget(listener, file):
    """Close a listener, and remove its file, unless that is gone, or another server's by now.

    :param file: from :func:`file_of`.
    """
    if file is None:
        listener.close()
        return
    path = listener.getsockname()
    lock = _lock_folder(path)
    # Before the close: as long as the socket is open, no other file can get its inode.
    if _device_and_inode(path) == file:
        _unlink(path)
    listener.close()
    _unlock_folder(lock)


def _device_and_inode(path):
    try:
        status = os.lstat(path)
    except EnvironmentError:
        return None
    return status.st_dev, status.st_ino


def _lock_folder(path):
    """Keep other servers from starting or ending in the folder of a path.

    :returns: a descriptor; None when the folder cannot be locked, so nothing is stale.
    """
    deadline = clock() + LOCK_PATIENCE
    try:
        lock = os.open(os.path.dirname(path) or '.', os.O_RDONLY | os.O_DIRECTORY)
    except EnvironmentError:
        return None
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        except EnvironmentError as error:
            if error.errno not in netio.WOULD_BLOCK or clock() >= deadline:
                os.close(lock)
                return None
        netio.poll({}, LOCK_PAUSE)


def _unlock_folder(lock):
    if lock is not None:
        os.close(lock)


def _unlink(path):
    try:
        os.unlink(path)
    except EnvironmentError:
        pass  # gone a moment ago, or in a folder that is not for this user to write


def _remove_stale(path, kind):
    """Remove a socket where nobody listens."""
    try:
        if not stat.S_ISSOCK(os.lstat(path).st_mode):
            return
    except EnvironmentError:
        return
    probe = socket.socket(socket.AF_UNIX, kind)
    # While the backlog is full, connect would wait (unix(7)): then it fails with EAGAIN, and somebody is there.
    probe.setblocking(False)
    try:
        if probe.connect_ex(path) == errno.ECONNREFUSED:
            _unlink(path)
    finally:
        probe.close()
