"""Memory does not grow with the amount: what is held is bounded by the limit of a payload."""

import hashlib
import platform
import socket
import struct
from contextlib import closing

import pytest

from interop_tests import peers, proc, verdict
from interop_tests.process import Process
from interop_tests.programs import Server
from interop_tests.wire import dial, wait_until
from pyside.iomodels.table import MODELS

SECONDS = 120
MIB = 1024 * 1024
WELCOME, DONE = b'\0\0\0\7Welcome', b'\0\0\0\7\0Done.\n'
BLOCK = b'0123456789abcdef' * 4096
PYPY = platform.python_implementation() == 'PyPy'
# PyPy's collector runs when it likes: it is told to keep its heap below 200 MB, and gets some slack.
SLACK = (256 if PYPY else 24) * MIB


def hex_lines(sizes):
    """Yield messages of the given sizes as hex lines, in pieces."""
    for size in sizes:
        for _ in range(2 * size // len(BLOCK)):
            yield BLOCK
        yield b'\n'


def run(client, server, sizes):
    """Feed the client; return the hash of what it prints, its exit status, and the peak memory of both."""
    with closing(Process(peers.command(client, 'client') + server.options + server.where + ['--hex'])) as process:
        digest = hashlib.sha256()
        peaks = []
        for output in process.pump(watched(hex_lines(sizes), process.pid, peaks), SECONDS):
            digest.update(output)
        return digest.hexdigest(), process.wait(SECONDS), (max(peaks), proc.memory(server.process.pid, 'VmHWM'))


def watched(chunks, pid, peaks):
    """Pass chunks through, and note the peak memory of a process before each."""
    for chunk in chunks:
        peaks.append(proc.memory(pid, 'VmHWM'))
        yield chunk


def expected_digest(protocol, sizes):
    digest = hashlib.sha256()
    for piece in hex_lines(sizes) if protocol != 'count' else [count_line(sizes)]:
        digest.update(piece)
    return digest.hexdigest()


def count_line(sizes):
    return b''.join(('%02x' % ord(digit)).encode('ascii') for digit in str(sum(sizes))) + b'\n'


@pytest.mark.timeout(600)
@pytest.mark.parametrize('protocol, frame_format', [('echo', '-'), ('frame', 'varint'), ('count', '-')])
def test_memory_is_bounded_by_the_limit(ours, protocol, frame_format, monkeypatch):
    """Eight times the amount does not need more memory; frames are far smaller than what is sent."""
    monkeypatch.setenv('PYPY_GC_MAX', '200MB')
    peaks = []
    for size in (4 * MIB, 32 * MIB):
        extra = ['--max-frame', str(MIB)]
        with closing(Server(ours, protocol, frame_format, 'inet', SECONDS, extra)) as server:
            server.options += extra
            sizes = [size] if protocol == 'echo' else [MIB] * (size // MIB)
            digest, status, peak = run(ours, server, sizes)
            assert (status, digest) == (0, expected_digest(protocol, sizes))
            peaks.append(peak)
    (small_client, small_server), (large_client, large_server) = peaks
    assert large_client < small_client + SLACK
    assert large_server < small_server + SLACK


def test_what_a_client_leaves_behind_goes_with_it(ours, model):
    """Each client breaks off inside a large frame; after many of them the server has not needed more than after one."""
    part = b'x' * (8 * MIB)
    extra = ['--model', model, '--max-frame', str(4 * len(part))]
    with closing(Server(ours, 'frame', 'u32be', 'inet', SECONDS, extra)) as server:
        peaks = []
        for _ in range(1 + 2 * SLACK // len(part)):
            with closing(dial(server)) as wire:
                wire.sock.sendall(struct.pack('>I', 2 * len(part)) + part)
                wire.half_close()
                assert wire.read_to_end() == b''
            peaks.append(proc.memory(server.process.pid, 'VmHWM'))
        assert peaks[-1] < peaks[0] + SLACK


def test_a_silent_datagram_connection_costs_little(ours, model):
    """The room for the longest datagram is not taken before one comes."""
    if not MODELS[model].over_seqpacket:
        pytest.skip('it does not keep the boundaries of messages')
    count = 12
    with closing(Server(ours, 'echo', '-', 'unix-seqpacket', SECONDS, ['--model', model])) as server:
        before = memory_of_all(server.process.pid)
        socks = [socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _ in range(count)]
        for sock in socks:
            sock.settimeout(SECONDS)
            sock.connect(server.where[1])
        # Iterative, the others are not accepted while it waits for the first.
        for sock in socks[:1 if model == 'iterative' else count]:
            sock.send(b'x')
            assert sock.recv(10) == b'x'
        after = memory_of_all(server.process.pid)
        parent = proc.memory(server.process.pid, 'RssAnon')
        for sock in socks:
            sock.close()
    # A child counts the memory that it shares with its parent, too; PyPy takes some more after it listens.
    assert after - before < count * (MIB + (parent if model == 'fork' else 0))


def memory_of_all(pid):
    """Return the memory that a process and its children have touched."""
    return sum(proc.memory(each, 'RssAnon') for each in [pid] + list(proc.children(pid)))


def test_memory_that_there_is_not(ours, model):
    """A frame within the limit, but beyond what the system gives: it costs its connection, not the server."""
    if PYPY or peers.C_BUILD:
        pytest.skip('PyPy and the sanitizers take far more address space than they use')
    limited = peers.Peer(ours.name, "sh -c 'ulimit -v 600000; exec \"$@\"' sh " + ours.command)
    extra = ['--max-frame', str(2000 * MIB), '--model', model]
    with closing(Server(limited, 'frame', 'u32be', 'unix', SECONDS, extra)) as server:
        with closing(dial(server)) as wire:
            try:
                wire.sock.sendall(b'\x7d\0\0\0')
                for _ in range(1000):
                    wire.sock.sendall(b'x' * MIB)
            except EnvironmentError:
                pass  # C lingers, and drops what comes; Python has no memory for that, either
        # A moment later, when it was given back: a thread needs memory for its stack.
        assert wait_until(lambda: is_served(server), SECONDS)
        # The socket is closed before the line is written, and with fork another process serves meanwhile.
        assert wait_until(lambda: ': no-memory: Cannot allocate memory\n' in server.process.errors)


def test_output_for_which_there_is_no_memory(ours, model):
    """It costs the client whose program wrote it."""
    if PYPY or peers.C_BUILD:
        pytest.skip('PyPy and the sanitizers take far more address space than they use')
    limited = peers.Peer(ours.name, "sh -c 'ulimit -v 300000; exec \"$@\"' sh " + ours.command)
    extra = ['--model', model, '--max-output', str(2000 * MIB), '--allow', 'true=/bin/true', '--allow',
             'zeros=/usr/bin/head,-c,400000000,/dev/zero']
    with closing(Server(limited, 'command', '-', 'unix', SECONDS, extra)) as server:
        with closing(dial(server)) as wire:
            wire.sock.sendall(b'\0\0\0\5zeros')
            assert wire.read_to_end() in (WELCOME, b'')  # what was not read is gone with a reset
        with closing(dial(server)) as wire:
            wire.sock.sendall(b'\0\0\0\4true')
            assert wire.read_exactly(len(WELCOME + DONE)) == WELCOME + DONE
        assert wait_until(lambda: 'no-memory: Cannot allocate memory\n' in server.process.errors)
        assert server.stop(SECONDS).status == verdict.PASS


def test_silent_clients_keep_no_large_buffers(ours, model):
    """Each has sent one large frame, and stays: buffer.c says what all of them may keep together."""
    if model not in ('asyncio', 'epoll', 'poll', 'select'):
        pytest.skip('the C library keeps memory for each thread')
    if PYPY or peers.C_BUILD:
        pytest.skip('PyPy and the sanitizers give memory back when they like')
    frame = struct.pack('>I', 8 * MIB) + b'x' * (8 * MIB)
    with closing(Server(ours, 'frame', 'u32be', 'unix', SECONDS, ['--model', model])) as server:
        before = proc.memory(server.process.pid, 'RssAnon')
        wires = [dial(server) for _ in range(16)]
        for wire in wires:
            wire.sock.sendall(frame)
            assert wire.read_exactly(len(frame)) == frame
        assert proc.memory(server.process.pid, 'RssAnon') - before < 100 * MIB
        for wire in wires:
            wire.close()


def is_served(server):
    """Tell whether a frame comes back."""
    with closing(dial(server)) as wire:
        try:
            wire.sock.sendall(b'\0\0\0\1a')
            return wire.read_exactly(5) == b'\0\0\0\1a'
        except EnvironmentError:
            return False
