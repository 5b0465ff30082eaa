from interop_tests.lessons.stage import ours_at


def converse(stage, wire):
    """One message, which the network delivers in two pieces."""
    stage.say('client sends %r', 'hel')
    wire.sock.sendall(b'hel')
    stage.say('client receives %r', stage.text(wire.read_exactly(3)))
    stage.say('client sends %r', 'lo')
    stage.try_to_send(wire, b'lo')
    stage.say('client receives %r', stage.text(stage.rest(wire, 2)))


def naive(stage):
    converse(stage, stage.dial(stage.start_server('naive_server')))


def ours(stage):
    with ours_at(stage, 'upper') as wire:
        converse(stage, wire)
