import threading
from contextlib import closing

from interop_tests.programs import Client
from interop_tests.wire import SECONDS, Listener

SIZE = 16000000


def receive(stage, listener, process):
    """The patient receiver: reads to the end, answers the number."""
    with closing(listener.accept()) as wire:
        # It begins to read when the sender has said how its send went, or cannot go on.
        if stage.is_naive(process):
            stage.say('client prints: %s', stage.lines_of(process, 1)[0])
        count = len(wire.read_to_end())
        stage.say('receiver counts %s', 'all of it' if count == SIZE else 'a part of it')
        wire.sock.sendall(str(count).encode('ascii') + b'\n')
        wire.half_close()
        for line in stage.output(process):
            stage.say('client prints: %s', line)


def feed(process):
    """Give our client its message while its connection is being read: it takes no more than it can send."""
    process.exchange(b'x' * SIZE, 0, SECONDS)
    process.close_input()


def naive(stage):
    with closing(Listener('-', family='inet')) as listener:
        process = stage.start_client('naive_client', [listener.where[1]])
        receive(stage, listener, process)
        if process.poll():
            stage.say('client: %s', stage.last_error(process))


def ours(stage):
    with closing(Listener('count', family='inet')) as listener:
        client = Client(stage.our_peer, listener, hex_lines=False)
        feeder = threading.Thread(target=feed, args=(client.process,))
        feeder.start()
        with closing(client):
            receive(stage, listener, client.process)
            feeder.join()
