from contextlib import closing

from interop_tests.lessons.stage import our_server
from interop_tests.wire import dial


def converse(stage, dial_again, process):
    wire = dial_again()
    wire.sock.sendall(b'hello')
    stage.say('first client sends %r and receives %r', 'hello', stage.text(wire.read_exactly(5)))
    wire.reset()
    stage.say('first client dies: its system sends RST')
    try:
        with closing(dial_again()) as second:
            second.sock.sendall(b'hello')
            stage.say('second client sends %r and receives %r', 'hello', stage.text(second.read_exactly(5)))
    except EnvironmentError as error:
        stage.say('second client: %s', error.strerror)
    if stage.ended(process):
        stage.say('the server has ended with status %d: %s', process.poll(), stage.last_error(process))


def naive(stage):
    port = stage.start_server('naive_server')

    def dial_again():
        if stage.clients:
            stage.server.ends_within(10)
        return stage.dial(port)

    converse(stage, dial_again, stage.server)


def ours(stage):
    with closing(our_server(stage, 'upper', ['--model', 'iterative'])) as server:
        converse(stage, lambda: dial(server), server.process)
        stage.say('the server says: %s', stage.last_error(server.process))
