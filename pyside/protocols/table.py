"""The one table of protocols: ``--help``, ``list``, errors, what works over datagrams and the tests derive from it.

Each protocol is one small file with its client and server sessions side by side.

C twin: ``c_ref/protocols/table.c``.  Read next: ``protocols/echo.py``, where every byte comes back.
"""

from collections import OrderedDict, namedtuple
from importlib import import_module

from pyside.wire.errors import Unsupported

# over_datagrams: whether the server answers each datagram with one.  summary: the line in --help.
Protocol = namedtuple('Protocol', 'name over_datagrams summary')

PROTOCOLS = OrderedDict((row.name, row) for row in (
    Protocol('command', False, 'the name of a program goes, its exit status and output come back'),
    Protocol('count', False, 'any bytes go, then EOF; how many there were comes back'),
    Protocol('echo', True, 'every byte comes back (RFC 862)'),
    Protocol('frame', False, 'each frame comes back; --format says how its length is written'),
    Protocol('greet', False, 'one line within the time limit, one line back'),
    Protocol('sizeok', False, 'a line goes, its size comes; ok goes, the line comes in upper case'),
    Protocol('upper', True, 'every byte comes back, a to z as A to Z'),
))
# To look in a dictionary costs a connection less than to ask for a module.
_found = {}


def server_session(options):
    """Make the server's side of one conversation.

    :param options: anything with the attributes ``protocol``, ``format`` and ``max_frame``.
    :raises Unsupported: when there is no such protocol.
    """
    return _find(options.protocol, 'Server')(options)


def client_session(options):
    """Make the client's side of one conversation; see :func:`server_session`."""
    return _find(options.protocol, 'Client')(options)


def _find(name, side):
    """Import a protocol by its name, and only that one; return its class, such as ``EchoServer``."""
    if (name, side) not in _found:
        if name not in PROTOCOLS:
            raise Unsupported('protocol %s' % name)
        _found[name, side] = getattr(import_module('pyside.protocols.' + name), name.capitalize() + side)
    return _found[name, side]
