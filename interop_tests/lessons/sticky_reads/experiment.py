from binascii import unhexlify
from contextlib import closing

from interop_tests import cases
from interop_tests.lessons.stage import our_server
from interop_tests.programs import Client
from interop_tests.wire import SECONDS


def naive(stage):
    port = stage.start_server('naive_server')
    with closing(stage.dial(port)) as wire:
        command = b'echo harmless; echo done by a stranger'
        wire.sock.sendall(command)
        stage.say('a stranger sends %r and receives %r', stage.text(command), stage.text(wire.read_exactly(27)))
    for line in stage.run_client('naive_client', [port]):
        stage.say('client: %s', line)


def ours(stage):
    allowed = ['--allow', 'numbers=/usr/bin/seq,1000', '--allow', 'greet=/bin/echo,harmless']
    commands = [b'numbers', b'greet', b'echo harmless; echo done by a stranger']
    with closing(our_server(stage, 'command', allowed)) as server, closing(Client(stage.our_peer, server)) as client:
        for command, line in zip(commands, client.process.exchange(cases.lines(commands), 3, SECONDS)):
            answer = unhexlify(line)
            stage.say('client sends %r and receives status %d and %d bytes, the last line is %r', stage.text(command),
                      bytearray(answer)[0], len(answer) - 1, stage.text(answer[1:].splitlines()[-1]))
