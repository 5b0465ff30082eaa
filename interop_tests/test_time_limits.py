"""Time limits: of silence, and for ``greet`` of the whole line.  What is measured is who ended it, never how fast."""

import os
import select
import signal
import socket
import struct
import time
from collections import namedtuple
from contextlib import closing

import pytest

from interop_tests import proc, verdict
from interop_tests.programs import Client, Server
from interop_tests.wire import SECONDS, Wire, dial, wait_until
from pyside.iomodels import iterative
from pyside.iomodels.conversation import Conversation
from pyside.net import netio
from pyside.protocols.table import server_session

Options = namedtuple('Options', 'protocol format max_frame')


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


def stop_for(server, seconds):
    """Let a server, and all that it started, be stopped for a time, as Ctrl-Z or a debugger does."""
    os.killpg(server.process.pid, signal.SIGSTOP)
    wait_until(lambda: proc.stopped(server.process.pid))  # another core may still be running it
    yield
    time.sleep(seconds)  # nothing tells that a time limit has passed
    os.killpg(server.process.pid, signal.SIGCONT)


def what_is_there(wire):
    """Take what has come, without waiting."""
    found = b''
    wire.sock.setblocking(False)
    try:
        while True:
            found += wire.sock.recv(65536)
    except EnvironmentError:
        wire.sock.settimeout(SECONDS)
        return found


def test_time_in_which_the_server_was_stopped(ours, model):
    """What came before the limit counts, although it is read after it; so does room for what waits to be sent."""
    extra = ['--timeout', '2', '--model', model]  # a busy machine may take some of it to come to the stop
    with closing(Server(ours, 'frame', 'u32be', 'unix', SECONDS, extra)) as server:
        with closing(dial(server)) as wire, closing(dial(server)) as slow:
            wire.sock.sendall(b'\0\0\0\1a')
            assert wire.read_exactly(5) == b'\0\0\0\1a'
            if model != 'iterative':
                size = struct.pack('>I', 1000000)
                slow.sock.sendall(size + b'x' * 1000000)
                assert slow.read_exactly(4) == size
            for _ in stop_for(server, 2.5):
                wire.sock.sendall(b'\0\0\0\1b')
                came = what_is_there(slow)
            assert wire.read_exactly(5) == b'\0\0\0\1b'
            if model != 'iterative':
                assert len(came + slow.read_exactly(1000000 - len(came))) == 1000000


class SilentService(object):

    def log_lines(self, conversation):
        conversation.take_log_lines()


def test_stopped_between_a_send_and_the_look_at_the_clock(monkeypatch):
    """What the socket refused before the stop is offered again before the deadline counts."""
    now, send = [0], netio.send
    here, there = socket.socketpair()

    def send_then_stop(sock, data):
        size = send(sock, data)
        if not size:
            now[0] = 3600
        return size

    monkeypatch.setattr(iterative.netio, 'send', send_then_stop)
    monkeypatch.setattr(iterative, 'clock', lambda: now[0])
    with closing(here), closing(Wire(there)) as wire:
        here.setblocking(False)
        conversation = Conversation(server_session(Options('echo', 'u32be', 1)), 'peer', 60, now[0])
        conversation.feed(b'x' * 10000000, now[0])
        iterative._turn(SilentService(), conversation, here, select.poll())
        assert now == [3600] and not conversation.over
        before = len(conversation.to_send())
        what_is_there(wire)
        iterative._turn(SilentService(), conversation, here, select.poll())
        assert len(conversation.to_send()) < before and not conversation.over


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
