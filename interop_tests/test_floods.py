"""Clients that always have work for the server must not keep it from a client that has little."""

import select
import threading
from contextlib import closing

import pytest

from interop_tests.programs import Server
from interop_tests.wire import SECONDS, dial

FLOODERS = 4
ROUNDS = 5
CHUNK = 65536


class Flood(threading.Thread):
    """A client that pipelines the same bytes, and reads what comes, until it is told to stop."""

    def __init__(self, server, data):
        threading.Thread.__init__(self)
        self.daemon = True
        self.answered = threading.Event()
        self._wire = dial(server)
        self._data = data
        self._over = threading.Event()

    def run(self):
        sock = self._wire.sock
        sock.setblocking(False)
        while not self._over.is_set():
            readable, writable, _ = select.select([sock], [sock], [], 0.1)
            if readable and sock.recv(CHUNK):
                self.answered.set()
            if writable:
                try:
                    sock.send(self._data)
                except EnvironmentError:
                    pass  # room for a little, and no more, on a unix socket

    def stop(self):
        self._over.set()
        self.join(SECONDS)
        self._wire.close()


@pytest.mark.parametrize('protocol, flood, question, answer', [
    ('frame', b'\0' * CHUNK, b'\x02hi', b'\x02hi'),
    ('sizeok', b'\nok\n' * (CHUNK // 4), b'hi\nok\n', b'2\nHI'),
    ('command', b'\0\0\0\x01?' * (CHUNK // 5), b'\0\0\0\x05false', b'\0\0\0\x07Welcome\0\0\0\x07\x01Done.\n'),
], ids=['empty-frames', 'empty-lines', 'unknown-commands'])
def test_a_flood_holds_up_nobody(ours, model, protocol, flood, question, answer):
    """With as many bytes a turn as a recv takes, a flooder's turn took a second, and under asyncio turns had no end."""
    if model == 'iterative':
        pytest.skip('one client after another: the flood is the one client')
    with closing(Server(ours, protocol, 'u8', 'inet', SECONDS, ['--model', model])) as server:
        floods = [Flood(server, flood) for _ in range(FLOODERS)]
        try:
            for one in floods:
                one.start()
            assert all(one.answered.wait(SECONDS) for one in floods)
            for _ in range(ROUNDS):
                with closing(dial(server)) as wire:
                    wire.sock.sendall(question)
                    assert wire.read_exactly(len(answer)) == answer
        finally:
            for one in floods:
                one.stop()
