"""The protocols: one small file each, client and server session side by side.

C twin: the table in ``c_ref/wire/session.c``.  Read next: ``echo.py``, then ``frame.py``.
"""

from pyside.protocols import command, count, echo, frame, greet, sizeok, upper
from pyside.wire.errors import Unsupported

SERVERS = {
    'command': command.CommandServer,
    'count': count.CountServer,
    'echo': echo.EchoServer,
    'frame': frame.FrameServer,
    'greet': greet.GreetServer,
    'sizeok': sizeok.SizeokServer,
    'upper': upper.UpperServer,
}

CLIENTS = {
    'command': command.CommandClient,
    'count': count.CountClient,
    'echo': echo.EchoClient,
    'frame': frame.FrameClient,
    'greet': greet.GreetClient,
    'sizeok': sizeok.SizeokClient,
    'upper': upper.UpperClient,
}


def server_session(options):
    """Make the server's side of one conversation.

    :param options: anything with the attributes ``protocol``, ``format`` and ``max_frame``.
    :raises Unsupported: when there is no such protocol.
    """
    return _make(SERVERS, options)


def client_session(options):
    """Make the client's side of one conversation; see :func:`server_session`."""
    return _make(CLIENTS, options)


def _make(table, options):
    try:
        session_class = table[options.protocol]
    except KeyError:
        raise Unsupported('protocol %s' % options.protocol)
    return session_class(options)
