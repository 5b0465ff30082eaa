"""Time limits: of silence, and for ``greet`` of the whole line.  What is measured is who ended it, never how fast."""

import socket
from contextlib import closing

import pytest

from interop_tests import verdict
from interop_tests.programs import Client, Server
from interop_tests.wire import SECONDS, dial


def greet_server(peer, model, seconds):
    return Server(peer, 'greet', '-', 'unix', SECONDS, ['--model', model, '--timeout', seconds])


def test_greet_ends_silence(ours, model):
    with closing(greet_server(ours, model, '0.3')) as server, closing(dial(server)) as wire:
        assert wire.read_to_end() == b'time out\n'


def test_greet_is_not_held_by_single_bytes(ours, model):
    """A byte again and again: a limit for each recv would never end this, so that the wait below would."""
    with closing(greet_server(ours, model, '0.6')) as server, closing(dial(server)) as wire:
        wire.sock.settimeout(0.05)
        answer = b''
        for _ in range(int(SECONDS / 0.05)):
            try:
                wire.sock.sendall(b'1')
                answer = wire.sock.recv(100)
                break
            except socket.timeout:
                pass
        assert answer == b'time out\n'


def test_greet_client_that_says_nothing_prints_what_it_is_told(ours):
    with closing(greet_server(ours, 'thread', '0.3')) as server, closing(Client(ours, server)) as client:
        assert client.ask([], [b'time out'], SECONDS).status == verdict.PASS
        assert client.finish([], SECONDS).status == verdict.PASS


def test_bytes_that_move_keep_a_connection(ours):
    """The other protocols limit the silence, not the whole time."""
    extra = ['--timeout', '2']
    with closing(Server(ours, 'echo', '-', 'unix', SECONDS, extra)) as server, closing(dial(server)) as wire:
        wire.sock.settimeout(0.5)
        for _ in range(5):
            wire.sock.sendall(b'x')
            assert wire.sock.recv(1) == b'x'
            with pytest.raises(socket.timeout):
                wire.sock.recv(1)
