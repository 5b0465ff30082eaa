"""The loads."""

from collections import OrderedDict, namedtuple

KIB = 1024

# title: for people.  unit: what one of them is called.  shape, connections, size: for load.c.  protocol: echo for
# datagrams.  only: the keys of servers that it makes sense for, or None for the usual ones.  idle: so many more
# connections that say nothing.  of: whose CPU it is, the server's or the client's.
Shape = namedtuple('Shape', 'key title unit shape connections size protocol only idle of')
Shape.__new__.__defaults__ = (None, 0, 'server')

_DATAGRAMS = ('raw-c', 'raw-python', 'c', 'python', 'python-asyncio', 'py27', 'py36', 'pypy3')
_MODELS = ('c', 'c-poll', 'c-select', 'c-thread',
           'python', 'python-asyncio', 'python-poll', 'python-select', 'python-thread')
_LOOPS = ('raw-c', 'raw-python', 'by-hand', 'c', 'python', 'python-asyncio')
_IDLE = _LOOPS + ('c-poll', 'python-poll')

SHAPES = OrderedDict((shape.key, shape) for shape in [
    Shape('round-trip', 'Round trip of 64 B', 'round trip', 'exchange', 1, 64, 'frame'),
    Shape('1-b', '1 B, pipelined', 'frame', 'pipeline', 1, 1, 'frame'),
    Shape('64-b', '64 B, pipelined', 'frame', 'pipeline', 1, 64, 'frame'),
    Shape('1-kib', '1 KiB, pipelined', 'frame', 'pipeline', 1, KIB, 'frame'),
    Shape('64-kib', '64 KiB, pipelined', 'frame', 'pipeline', 1, 64 * KIB, 'frame'),
    Shape('1-mib', '1 MiB, pipelined', 'frame', 'pipeline', 1, KIB * KIB, 'frame'),
    Shape('16-mib', '16 MiB, pipelined', 'frame', 'pipeline', 1, 16 * KIB * KIB, 'frame'),
    Shape('100-connections', '64 B, pipelined, 100 connections', 'frame', 'pipeline', 100, 64, 'frame'),
    Shape('100-round-trips', 'Round trips of 64 B on 100 connections at a time', 'round trip', 'exchange', 100, 64,
          'frame'),
    Shape('connect', 'Connect, a frame each way, close', 'connection', 'connect', 1, 64, 'frame'),
    Shape('udp', 'Datagrams of 64 B', 'round trip', 'udp', 1, 60, 'echo', _DATAGRAMS),
    Shape('models-1', 'Round trips of 64 B on 1 connection', 'round trip', 'exchange', 1, 64, 'frame', _MODELS),
    Shape('models-100', 'The same on 100 connections at a time', 'round trip', 'exchange', 100, 64, 'frame', _MODELS),
    Shape('models-idle', 'The same beside 900 silent connections', 'round trip', 'exchange', 1, 64, 'frame', _MODELS,
          900),
    Shape('idle-10000', 'The same beside 10,000 silent connections', 'round trip', 'exchange', 1, 64, 'frame', _IDLE,
          10000),
    Shape('busy-10000', 'Round trips of 64 B on 10,000 connections at a time', 'round trip', 'exchange', 10000, 64,
          'frame', _LOOPS),
] + [Shape(*row, of='client') for row in (
    ('client-talk', 'Client: round trip of 64 B', 'round trip', 'talk', 1, 64, 'frame'),
    ('client-64-b', 'Client: 64 B from a file', 'message', 'lines', 1, 64, 'frame'),
    ('client-1-kib', 'Client: 1 KiB from a file', 'message', 'lines', 1, KIB, 'frame'),
    ('client-64-kib', 'Client: 64 KiB from a file', 'message', 'lines', 1, 64 * KIB, 'frame'),
)])
