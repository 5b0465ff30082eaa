import socket
from contextlib import closing

from interop_tests.lessons.stage import AWAY_SECONDS, our_server
from interop_tests.wire import SECONDS, dial


def converse(stage, dial_again):
    with closing(dial_again()) as first, closing(dial_again()) as second:
        second.sock.sendall(b'hello')
        stage.say('second client sends %r and receives %r', 'hello', stage.text(second.read_exactly(5)))
        sent = send_until_full(first)
        stage.say('first client sends as much as it can, and reads nothing')
        second.sock.sendall(b'hello')
        answered = stage.soon(second)
        stage.say('second client sends %r and receives %r', 'hello', stage.text(answered))
        first.read_exactly(sent)
        stage.say('first client has read its answers')
        if not answered:
            stage.say('second client receives %r', stage.text(second.read_exactly(5)))


def send_until_full(wire):
    wire.sock.settimeout(AWAY_SECONDS)
    sent = 0
    try:
        while True:
            sent += wire.sock.send(b'x' * 65536)
    except socket.timeout:
        pass
    wire.sock.settimeout(SECONDS)
    return sent


def naive(stage):
    port = stage.start_server('naive_server')
    converse(stage, lambda: stage.dial(port))


def ours(stage):
    with closing(our_server(stage, 'upper', ['--model', 'select'])) as server:
        converse(stage, lambda: dial(server))
