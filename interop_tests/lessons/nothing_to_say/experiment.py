from binascii import unhexlify
from contextlib import closing

from interop_tests import cases
from interop_tests.lessons.stage import our_server
from interop_tests.programs import Client
from interop_tests.wire import SECONDS


def naive(stage):
    try:
        port = stage.start_server('naive_server')
    except ValueError:
        stage.say('the server does not start: %s', stage.last_error(stage.server))
        return
    with closing(stage.dial(port)) as wire:
        wire.sock.sendall(b'true')
        stage.say('client sends %r and receives %r', 'true', stage.text(stage.soon(wire)))
        wire.sock.sendall(b'echo x')
        stage.say('client sends %r and receives %r', 'echo x', stage.text(wire.read_exactly(1)))


def ours(stage):
    allowed = ['--allow', 'true=/bin/true', '--allow', 'say=/bin/echo,x']
    with closing(our_server(stage, 'command', allowed)) as server, closing(Client(stage.our_peer, server)) as client:
        for name, line in zip(('true', 'say'), client.process.exchange(cases.lines([b'true', b'say']), 2, SECONDS)):
            answer = unhexlify(line)
            stage.say('client sends %r and receives status %d, %r', name, bytearray(answer)[0], stage.text(answer[1:]))
