from contextlib import closing

from interop_tests.lessons.stage import our_client
from interop_tests.wire import Listener


def split(stage, listener, process, request, pieces, acknowledgement):
    """Send a size in two pieces; the client shows by what it answers to which."""
    with closing(listener.accept()) as wire:
        wire.read_exactly(len(request))
        wire.sock.sendall(pieces[0])
        stage.say('server sends %r', stage.text(pieces[0]))
        answered = stage.soon(wire)
        stage.say('client sends %r', stage.text(answered))
        wire.sock.sendall(pieces[1])
        stage.say('server sends %r', stage.text(pieces[1]))
        if not answered:
            stage.say('client sends %r', stage.text(wire.read_exactly(len(acknowledgement))))
            wire.sock.sendall(b'HELLO WORLD!')
            stage.say('server sends %r', 'HELLO WORLD!')
        for line in stage.output(process):
            stage.say('client prints: %s', line)


def joined(stage, listener, process, request):
    with closing(listener.accept()) as wire:
        wire.read_exactly(len(request))
        wire.sock.sendall(b'12HELLO WORLD!')
        stage.say('server sends %r', '12HELLO WORLD!')
        wire.half_close()
        for line in stage.output(process):
            stage.say('client prints: %s', line)
        if process.poll():
            stage.say('client: %s', stage.last_error(process))


def naive(stage):
    stage.say('the size in two pieces:')
    with closing(Listener('-', family='inet')) as listener:
        port = listener.where[1]
        split(stage, listener, stage.start_client('naive_client', [port]), b'command', (b'1', b'2'), b'ok')
        stage.say('size and data in one piece:')
        joined(stage, listener, stage.start_client('naive_client', [port]), b'command')


def ours(stage):
    stage.say('the size in two pieces:')
    with closing(Listener('sizeok', family='inet')) as listener:
        client = our_client(stage, listener, b'hello world!\n')
        split(stage, listener, client.process, b'hello world!\n', (b'1', b'2\n'), b'ok\n')
        client.close()
