"""The one table of protocols: ``--help``, ``list``, errors, what works over datagrams and the tests derive from it.

Each protocol is one small file with its client and server sessions side by side.

C twin: ``c_ref/protocols/table.c``.  Read next: ``protocols/echo.py``, where every byte comes back.
"""

from collections import OrderedDict, namedtuple

from pyside.protocols import command, count, echo, frame, greet, sizeok, upper
from pyside.wire.errors import Unsupported

# over_datagrams: whether the server answers each datagram with one.  summary: the line in --help.
Protocol = namedtuple('Protocol', 'name server client over_datagrams summary')

PROTOCOLS = OrderedDict((row.name, row) for row in (
    Protocol('command', command.CommandServer, command.CommandClient, False,
             'the name of a program goes, its exit status and output come back'),
    Protocol('count', count.CountServer, count.CountClient, False,
             'any bytes go, then EOF; how many there were comes back'),
    Protocol('echo', echo.EchoServer, echo.EchoClient, True,
             'every byte comes back (RFC 862)'),
    Protocol('frame', frame.FrameServer, frame.FrameClient, False,
             'each frame comes back; --format says how its length is written'),
    Protocol('greet', greet.GreetServer, greet.GreetClient, False,
             'one line within the time limit, one line back'),
    Protocol('sizeok', sizeok.SizeokServer, sizeok.SizeokClient, False,
             'a line goes, its size comes; ok goes, the line comes in upper case'),
    Protocol('upper', upper.UpperServer, upper.UpperClient, True,
             'every byte comes back, a to z as A to Z'),
))


def server_session(options):
    """Make the server's side of one conversation.

    :param options: anything with the attributes ``protocol``, ``format`` and ``max_frame``.
    :raises Unsupported: when there is no such protocol.
    """
    return _find(options).server(options)


def client_session(options):
    """Make the client's side of one conversation; see :func:`server_session`."""
    return _find(options).client(options)


def _find(options):
    try:
        return PROTOCOLS[options.protocol]
    except KeyError:
        raise Unsupported('protocol %s' % options.protocol)
