from contextlib import closing

from interop_tests import proc
from interop_tests.lessons.stage import our_server
from interop_tests.wire import dial

CLIENTS = 5


def converse(stage, dial_again, pid):
    before = proc.descriptors(pid)
    wires = [dial_again() for _ in range(CLIENTS)]
    for wire in wires:
        wire.sock.sendall(b'hello')
        assert wire.read_exactly(5) == b'HELLO'
    stage.say('%d clients have their answers', CLIENTS)
    for wire in wires:
        wire.half_close()
    ends = stage.ends(wires)
    stage.say('%d of them see the end of the connection', ends)
    for wire in wires:
        wire.close()
    stage.say('the server has %d zombies and %d descriptors more than before',
              stage.zombies(pid, 0 if ends else CLIENTS), proc.descriptors(pid) - before)


def naive(stage):
    port = stage.start_server('naive_server')
    converse(stage, lambda: stage.dial(port), stage.server.pid)


def ours(stage):
    with closing(our_server(stage, 'upper', ['--model', 'fork'])) as server:
        with closing(dial(server)) as wire:
            wire.half_close()
            wire.read_to_end()  # now it has opened what it needs for itself
        converse(stage, lambda: dial(server), server.process.pid)
