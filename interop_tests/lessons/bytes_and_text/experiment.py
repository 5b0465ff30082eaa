from contextlib import closing

from interop_tests.lessons.stage import our_server
from interop_tests.wire import dial


def converse(stage, dial_again):
    for answer in (b'10', b'1'):
        with closing(dial_again()) as wire:
            wire.sock.sendall(answer)
            wire.half_close()
            stage.say('client sends %r and receives %r', stage.text(answer), stage.text(wire.read_to_end()))


def naive(stage):
    port = stage.start_server('naive_server')
    converse(stage, lambda: stage.dial(port))


def ours(stage):
    with closing(our_server(stage, 'greet')) as server:
        converse(stage, lambda: dial(server))
