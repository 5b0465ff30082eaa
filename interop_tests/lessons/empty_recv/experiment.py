from contextlib import closing

from interop_tests.lessons.stage import our_server
from interop_tests.wire import dial


def converse(stage, dial_again, pid):
    with closing(dial_again()) as wire:
        wire.sock.sendall(b'hello')
        stage.say('first client sends %r and receives %r', 'hello', stage.text(wire.read_exactly(5)))
        wire.half_close()
        stage.say('first client says that nothing more comes (FIN)')
        stage.say('the server spins: %s', 'yes' if stage.spins(pid) else 'no')
        with closing(dial_again()) as second:
            second.sock.sendall(b'hello')
            stage.say('second client sends %r and receives %r', 'hello', stage.text(stage.soon(second)))


def naive(stage):
    port = stage.start_server('naive_server')
    converse(stage, lambda: stage.dial(port), stage.server.pid)


def ours(stage):
    with closing(our_server(stage, 'upper', ['--model', 'iterative'])) as server:
        converse(stage, lambda: dial(server), server.process.pid)
