"""Clients that misbehave: each costs one connection and one line on stderr, and the server goes on."""

import errno
import signal
import socket
from contextlib import closing

import pytest

from interop_tests import peers, proc, verdict
from interop_tests.programs import Server
from interop_tests.recorder import strace
from interop_tests.wire import SECONDS, dial, wait_until, wait_until_read
from pyside.net.compat import clock
from pyside.net.netio import poll


def reset_inside_a_frame(wire):
    wire.sock.sendall(b'\x02a')
    wire.reset()


def end_inside_a_frame(wire):
    wire.sock.sendall(b'\x01a\x02b')
    wire.half_close()
    assert wire.read_to_end() == b'\x01a'


def frame_over_the_limit(wire):
    wire.sock.sendall(b'\x01a\x09' + b'b' * 9)
    assert wire.read_to_end() == b'\x01a'


def silence(wire):
    wire.sock.sendall(b'\x01a\x02b')
    assert wire.read_to_end() == b'\x01a'


def replies_that_nobody_reads(wire):
    """Both kernels' buffers fill up; the server must not buffer the rest, nor wait for ever."""
    block = memoryview((b'\xff' + b'x' * 255) * 256)
    with pytest.raises(EnvironmentError) as failure:
        while True:
            left = block
            while len(left):
                left = left[wire.sock.send(left):]
    assert not isinstance(failure.value, socket.timeout), 'the server went on waiting'


TROUBLE = [
    ('reset', reset_inside_a_frame),
    ('truncated', end_inside_a_frame),
    ('too-long', frame_over_the_limit),
    ('timed-out', silence),
    ('timed-out', replies_that_nobody_reads),
]


@pytest.mark.parametrize('kind, misbehave', TROUBLE, ids=[row[1].__name__ for row in TROUBLE])
def test_costs_one_connection(ours, model, kind, misbehave):
    timeout = '1' if kind == 'timed-out' else str(SECONDS)
    # Long frames fill the buffers with little work.
    limit = '255' if misbehave is replies_that_nobody_reads else '8'
    extra = ['--model', model, '--max-frame', limit, '--timeout', timeout]
    with closing(Server(ours, 'frame', 'u8', 'inet', SECONDS, extra)) as server:
        with closing(dial(server)) as wire:
            misbehave(wire)
        with closing(dial(server)) as wire:
            wire.sock.sendall(b'\x02hi')
            assert wire.read_exactly(3) == b'\x02hi'
            wire.half_close()
            assert wire.read_to_end() == b''
        assert server.stop(SECONDS).status == verdict.PASS
        said = server.process.errors.splitlines()
        assert len(said) == 1, said
        assert said[0].startswith('server: 127.0.0.1:') and ': %s: ' % kind in said[0]


@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGINT], ids=['SIGTERM', 'SIGINT'])
@pytest.mark.parametrize('family', ['inet', 'unix'])
def test_stops_with_connections_open(ours, model, family, number):
    with closing(Server(ours, 'frame', 'u8', family, SECONDS, ['--model', model])) as server:
        wires = [dial(server) for _ in range(3)]
        wires[0].sock.sendall(b'\x01a\x02b')
        assert wires[0].read_exactly(2) == b'\x01a'
        server.process.signal(number)
        assert server.process.wait(SECONDS) == 0
        assert server.process.errors == ''
        for wire in wires:
            wire.close()
        with pytest.raises(EnvironmentError):
            dial(server)


def test_a_client_that_is_gone_before_it_is_accepted(ours, model):
    """The greeting of ``command`` cannot be sent to it: the first thing that is done with the connection fails."""
    with closing(Server(ours, 'command', '-', 'inet', SECONDS, ['--model', model])) as server:
        # Each time with one more descriptor in use: the number of the next one is just beyond what was watched.
        wires = []
        for _ in range(1 if model == 'iterative' else 5):
            server.process.signal(signal.SIGSTOP)
            dial(server).reset()
            server.process.signal(signal.SIGCONT)
            wires.append(dial(server))
            assert wires[-1].read_exactly(11) == b'\0\0\0\x07Welcome'
        for wire in wires:
            wire.close()
        assert server.stop(SECONDS).status == verdict.PASS
        said = server.process.errors.splitlines()
        assert [line for line in said if ': reset: ' not in line] == []


def test_a_client_that_sends_for_ever_after_its_mistake(ours, model):
    """Lingering has a limit of its own, which bytes that come must not put off."""
    with closing(Server(ours, 'frame', 'u8', 'unix', SECONDS, ['--model', model, '--max-frame', '8'])) as server:
        with closing(dial(server)) as wire:
            wire.sock.sendall(b'\xff')
            assert wire.read_to_end() == b''
            deadline = clock() + SECONDS
            block = b'x' * 4096
            with pytest.raises(EnvironmentError) as failure:
                while clock() < deadline:
                    wire.sock.sendall(block)
                    poll({wire.sock.fileno(): 0}, 0.01)  # a busy loop would only cost time
            assert failure.value.errno == errno.EPIPE, 'the server went on reading'


@pytest.mark.parametrize('end', ['reset', 'silence', 'stop'])
@pytest.mark.parametrize('waiting', ['asyncio', 'epoll'])
def test_the_end_of_a_connection_that_is_watched_for_both(ours, waiting, end):
    """It has more to say, and has not read all: one that the loop asks two things about costs no more than others."""
    if waiting not in peers.models(ours):
        pytest.skip('it has no such model')
    options = ['--model', waiting, '--max-connections', '1', '--timeout', '2' if end == 'silence' else '30']
    with closing(Server(ours, 'echo', '-', 'inet', SECONDS, options)) as server:
        with closing(dial(server)) as wire:
            wire.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            while not proc.is_polled_for_both(server.process.pid):
                # Piece by piece: with 64 KiB that wait to be sent, nothing is read any more.
                wire.sock.sendall(b'x' * 16384)
                wait_until_read(wire.sock)
            if end == 'stop':
                assert server.stop(SECONDS).status == verdict.PASS
                return
            if end == 'reset':
                wire.reset()
            with closing(dial(server)) as another:
                another.sock.sendall(b'hello')
                assert another.read_exactly(5) == b'hello'
        assert server.stop(SECONDS).status == verdict.PASS
        assert 'Traceback' not in server.process.errors


def test_serves_many_at_a_time_up_to_the_limit(ours, model):
    if model == 'iterative':
        pytest.skip('one at a time is all that it serves')
    with closing(Server(ours, 'frame', 'u8', 'unix', SECONDS, ['--model', model, '--max-connections', '2'])) as server:
        wires = [dial(server) for _ in range(3)]
        for wire in wires:
            wire.sock.sendall(b'\x01a')
        assert [wire.read_exactly(2) for wire in wires[:2]] == [b'\x01a'] * 2
        wires[2].sock.setblocking(False)
        with pytest.raises(EnvironmentError):
            wires[2].sock.recv(1)
        full = 'server: 2 connections, as many as --max-connections allows: others have to wait\n'
        # Models that serve in threads or children may look for a slot only now: one that is free by then is no news.
        assert wait_until(lambda: server.process.errors == full), server.process.errors
        wires[0].close()
        wires[2].sock.settimeout(SECONDS)
        assert wires[2].read_exactly(2) == b'\x01a'
        for wire in wires[1:]:
            wire.close()
        assert server.stop(SECONDS).status == verdict.PASS
        assert server.process.errors == full


def test_verbose_says_who_comes_and_goes(ours, model):
    with closing(Server(ours, 'frame', 'u8', 'inet', SECONDS, ['--model', model, '-v'])) as server:
        with closing(dial(server)) as wire:
            wire.sock.sendall(b'\x01a\x02b')
            wire.half_close()
            assert wire.read_to_end() == b'\x01a'
        assert server.stop(SECONDS).status == verdict.PASS
        said = [line.split(': ', 2)[2] for line in server.process.errors.splitlines()]
        truncated = 'truncated: end of input inside a frame: 2 of 3 bytes'
        assert sorted(said) == ['closed', 'connected', truncated]
        assert said[0] == 'connected'


def test_one_after_another(ours):
    """The iterative model: the second client is accepted by the kernel, and answered when the first has gone."""
    with closing(Server(ours, 'frame', 'u8', 'unix', SECONDS, ['--model', 'iterative'])) as server:
        first, second = dial(server), dial(server)
        for wire in (first, second):
            wire.sock.sendall(b'\x01a')
        assert first.read_exactly(2) == b'\x01a'
        second.sock.setblocking(False)
        with pytest.raises(EnvironmentError):
            second.sock.recv(1)
        first.close()
        second.sock.settimeout(SECONDS)
        assert second.read_exactly(2) == b'\x01a'
        second.close()


def watched_until(peer, number):
    """Return a peer whose call of epoll_ctl of that number fails for want of memory, once."""
    # LeakSanitizer cannot look at a process that is traced already: ptrace(2).
    words = 'env ASAN_OPTIONS=exitcode=99:detect_leaks=0 strace -D -f -qq -o /dev/null -e trace=epoll_ctl '
    words += '-e inject=epoll_ctl:error=ENOMEM:when=%d ' % number
    return peer._replace(command=words + peer.command)


@pytest.mark.skipif(not strace.available(), reason='strace is not here, or not permitted')
@pytest.mark.parametrize('number', range(2, 7))
def test_what_cannot_be_watched_costs_one_connection(ours, number):
    """Of the calls of epoll_ctl the first is for the stop pipe, the second for the listener, which is tried again."""
    with closing(Server(watched_until(ours, number), 'frame', 'u8', 'unix', SECONDS, ['--model', 'epoll'])) as server:
        answers = []
        for _ in range(4):
            with closing(dial(server)) as wire:
                try:
                    wire.sock.sendall(b'\x02hi')
                    answers.append(wire.read_exactly(3))
                    wire.half_close()
                    wire.read_to_end()
                except EnvironmentError:
                    answers.append(b'')
        assert len([answer for answer in answers if answer == b'\x02hi']) >= 3
        assert server.stop(SECONDS).status == verdict.PASS
        said = server.process.errors.splitlines()
        assert [line for line in said if 'Cannot allocate memory' not in line] == [] and len(said) <= 1


def test_fork_leaves_no_zombies(ours):
    with closing(Server(ours, 'frame', 'u8', 'unix', SECONDS, ['--model', 'fork'])) as server:
        for _ in range(20):
            with closing(dial(server)) as wire:
                wire.half_close()
                assert wire.read_to_end() == b''
        assert wait_until(lambda: proc.children(server.process.pid) == {})


def test_no_descriptor_is_left_behind(ours, model):
    with closing(Server(ours, 'frame', 'u8', 'unix', SECONDS, ['--model', model])) as server:
        counts = []
        for _ in range(2):
            for _ in range(30):
                with closing(dial(server)) as wire:
                    wire.sock.sendall(b'\x05ab')
                    wire.half_close()
                    assert wire.read_to_end() == b''
            counts.append(proc.descriptors(server.process.pid))
        assert counts[1] <= counts[0] + 1
