"""One good conversation of each stream protocol, as steps that both sides of the suite can take.

A step is ``(who, bytes)``, where who is ``client`` or ``server``, or ``('client', None)`` for FIN.  A check takes
them from the side that it stands on, all of them or up to some point, and then does its worst.
"""

from collections import namedtuple

from interop_tests.cases import STREAMS, TRANSPORTS
from pyside.wire.framing import encode

# steps: the conversation, without the end.  message: what the client is given.  reply: what it prints.
# wrong: another last step of the server that the client has to call wrong.
Dialogue = namedtuple('Dialogue', 'steps message reply wrong')

WELCOME = encode('u32be', b'Welcome')

STREAM_PROTOCOLS = sorted(name for name, transports in TRANSPORTS.items() if set(STREAMS) & set(transports))
# Messages follow each other without waiting.
PIPELINED = ['echo', 'frame', 'upper']
# One message after another on the same connection.
MANY = PIPELINED + ['sizeok', 'command']


def dialogue(stand):
    """Return the conversation for the protocol and the framing of a stand."""
    hello = b'hello'[:stand.limit]
    return {
        'echo': lambda: _plain(b'hello', b'hello', b'hellO'),
        'upper': lambda: _plain(b'hello', b'HELLO', b'hELLO'),
        'frame': lambda: Dialogue(
            [('client', stand.frame(hello)), ('server', stand.frame(hello))], hello, hello, stand.frame(b'hellO')),
        'count': lambda: Dialogue(
            [('client', b'hello'), ('client', None), ('server', b'5\n')], b'hello', b'5', b'4\n'),
        'sizeok': lambda: Dialogue(
            [('client', b'hi\n'), ('server', b'2\n'), ('client', b'ok\n'), ('server', b'HI')], b'hi', b'HI', b'hI'),
        'greet': lambda: Dialogue(
            [('client', b'1\n'), ('server', b'welcome to server!\n')], b'1', b'welcome to server!',
            b'please go out!\n'),
        'command': lambda: Dialogue(
            [('server', WELCOME), ('client', encode('u32be', b'true')),
             ('server', encode('u32be', b'\0Done.\n'))], b'true', b'\0Done.\n', None),
    }[stand.protocol]()


def as_client(stand, line):
    """Take the client's side of the whole conversation, up to the end that the server owes."""
    for who, data in dialogue(stand).steps:
        if who == 'server':
            line.expect(data)
        elif data is None:
            line.end()
        else:
            line.send(data)
    if stand.protocol not in ('count', 'greet'):
        line.end()
    line.expect_end()


def begin_as_client(stand, line):
    """Take the client's side until the first half of its first message is sent."""
    for who, data in dialogue(stand).steps:
        if who == 'client':
            line.send(data[:len(data) // 2])
            return
        line.expect(data)


def as_server_up_to_the_reply(stand, line):
    """Take the server's side until only its last step is missing; return that."""
    steps = dialogue(stand).steps
    for who, data in steps[:-1]:
        if who == 'server':
            line.send(data)
        elif data is None:
            line.expect_end()
        else:
            line.expect(data)
    return steps[-1][1]


def _plain(message, reply, wrong):
    return Dialogue([('client', message), ('server', reply)], message, reply, wrong)
