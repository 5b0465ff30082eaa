from binascii import unhexlify
from contextlib import closing

from interop_tests import cases
from interop_tests.lessons.stage import our_server
from interop_tests.programs import Client
from interop_tests.wire import SECONDS


def naive(stage):
    port = stage.start_server('naive_server')
    for line in stage.run_client('naive_client', [port]):
        stage.say('client: %s', line)
    if stage.language == 'python':
        stage.say('server calls: %s', ' '.join(stage.lines_of(stage.server, 3)))


def ours(stage):
    words = [b'one', b'two', b'three']
    allowed = [word for name in words for word in ('--allow', '%s=/bin/echo,%s' % ((name.decode(),) * 2))]
    with closing(our_server(stage, 'command', allowed)) as server, closing(Client(stage.our_peer, server)) as client:
        for word, line in zip(words, client.process.exchange(cases.lines(words), 3, SECONDS)):
            stage.say('client: %s: %s', word.decode(), unhexlify(line)[1:].decode().strip())
