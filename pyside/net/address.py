"""Addresses: families and socket types by their names, resolving, and how an address is shown.

::

    family   number     address                        shown
    inet     AF_INET    ('127.0.0.1', 7000)            127.0.0.1:7000
    inet6    AF_INET6   ('::1', 7000, flow, scope)     [::1]:7000, with a scope [fe80::1%2]:7000
    unix     AF_UNIX    '/tmp/s', '' without a name    /tmp/s, unix; @name where it is in no file system

C twin: ``c_ref/net/address.c``.  Read next: ``net/netio.py``.
"""

import os
import socket
import stat
from collections import OrderedDict, namedtuple

from pyside.net.compat import PY2, os_bytes
from pyside.wire.errors import UNREACHABLE, PeerError

# loopback: where a program listens or connects unless it is told otherwise.
Family = namedtuple('Family', 'number loopback')

FAMILIES = OrderedDict([
    ('inet', Family(socket.AF_INET, '127.0.0.1')),
    ('inet6', Family(socket.AF_INET6, '::1')),
    ('unix', Family(socket.AF_UNIX, None)),
])
TYPES = OrderedDict([
    ('stream', socket.SOCK_STREAM),
    ('dgram', socket.SOCK_DGRAM),
    ('seqpacket', socket.SOCK_SEQPACKET),
])

# sun_path of unix(7) less the terminating NUL.
PATH_MAX_BYTES = 107


def resolve(family, host, port, path):
    """List the addresses of a host and port, or of a path.

    :param family: a key of ``FAMILIES``.
    :returns: ``[(family number, address), ...]``, never empty.
    :raises PeerError: ``unreachable``, when the name has no address of the family.
    """
    number = FAMILIES[family].number
    if number == socket.AF_UNIX:
        return [(number, path)]
    try:
        # As bytes: text would be encoded as IDNA first, which refuses names that the system may know, and whose
        # tables take longer to import than a name on this machine takes to be found.
        found = socket.getaddrinfo(os_bytes(host), port, number, socket.SOCK_STREAM)
    except socket.error as error:
        # gaierror is one; where getaddrinfo says EAI_SYSTEM, it is the error that errno says.
        raise PeerError(UNREACHABLE, 'no %s address for %s: %s' % (family, host, error.args[1]))
    return [(entry[0], entry[4]) for entry in found]


def family_of(host):
    """Return the family of a host in numbers, ``inet`` or ``inet6``; None for a name."""
    for name_of_family in ('inet', 'inet6'):
        try:
            socket.inet_pton(FAMILIES[name_of_family].number, host.partition('%')[0])
        except (socket.error, ValueError):
            continue
        return name_of_family
    return None


def numeric(address):
    """Return the host of an inet or inet6 address in numbers, and the port: ``('fe80::1%2', 7000)``."""
    # PY2: and before 3.7, a host with a scope is ``fe80::1%eth0``.
    host = address[0].partition('%')[0]
    scope = address[3] if len(address) == 4 else 0
    return ('%s%%%d' % (host, scope) if scope else host), address[1]


def name(address):
    """Describe an address for people: ``127.0.0.1:7000``, ``[::1]:7000``, a path, ``@name``, or ``unix``."""
    if isinstance(address, tuple):
        return '%s:%d' % address if len(address) == 2 else '[%s]:%d' % numeric(address)
    # PY2: a path is bytes; on Python 3 text, unless it begins with a NUL, which means that it is in no file system.
    path = address.decode('utf-8', 'replace') if isinstance(address, bytes) and not PY2 else address
    return path.replace('\0', '@', 1) if path else 'unix'


def is_loopback(address):
    """Tell whether an address can be reached from this machine only."""
    if not isinstance(address, tuple):
        return True
    host, _ = numeric(address)
    return host == '::1' or host.startswith('127.')


def what_is_there(address):
    """Say what stands at a path instead of a socket, in parentheses; ``''`` where that is not the trouble.

    bind(2) says EADDRINUSE for a plain file, and connect(2) ECONNREFUSED: neither says that it is no socket.
    """
    try:
        mode = os.stat(address).st_mode if not isinstance(address, tuple) and address else stat.S_IFSOCK
    except (EnvironmentError, TypeError, ValueError):
        return ''
    if stat.S_ISREG(mode):
        return ' (a plain file, not a socket)'
    return ' (a directory, not a socket)' if stat.S_ISDIR(mode) else ''
