"""Many connections, too many connections, and what a server costs that has nothing to do."""

import os
import resource
from contextlib import closing

import pytest

from interop_tests import capacity, peers, proc, verdict
from interop_tests.programs import Server
from interop_tests.wire import SECONDS, dial

IDLE = 1000
EVENT_DRIVEN = ['asyncio', 'epoll', 'poll', 'select']


@pytest.fixture
def many_descriptors(request):
    """Raise the limit of this process, which the servers inherit, and put it back."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        capacity.raise_limit(getattr(request.function, 'connections', 4 * IDLE))
    except ValueError as error:
        pytest.skip(str(error))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def roomy_server(peer, model):
    return Server(peer, 'echo', '-', 'unix', SECONDS, ['--model', model, '--max-connections', '2000'])


def ask(wire, byte):
    wire.sock.sendall(byte)
    return wire.read_exactly(1)


@pytest.fixture
def event_driven(model):
    """Leave out the models that have a thread or a process for each connection."""
    if model not in EVENT_DRIVEN:
        pytest.skip('not one thread for all')


@pytest.mark.usefixtures('event_driven', 'many_descriptors')
def test_idle_connections_cost_no_time(ours, model):
    """Not a question of speed: a loop that spins uses all the time there is, one that waits uses none."""
    idle = IDLE if model != 'select' else 900
    with closing(roomy_server(ours, model)) as server:
        wires = [dial(server) for _ in range(idle)]
        assert all(ask(wire, b'x') == b'x' for wire in wires)
        before = proc.cpu_ticks(server.process.pid)
        # A wait for something that does not come: the server has a second to waste.
        with pytest.raises(EnvironmentError):
            wires[0].sock.settimeout(1)
            wires[0].sock.recv(1)
        assert proc.cpu_ticks(server.process.pid) - before < os.sysconf('SC_CLK_TCK') // 4
        assert ask(wires[-1], b'y') == b'y'
        for wire in wires:
            wire.close()


@pytest.mark.usefixtures('event_driven', 'many_descriptors')
def test_descriptors_above_fd_setsize(ours, model):
    """select refuses them, with a line that says so, and serves the others; the other models serve all."""
    with closing(roomy_server(ours, model)) as server:
        wires = [dial(server) for _ in range(1100)]
        served = 0
        for wire in wires:
            try:
                served += ask(wire, b'x') == b'x'
            except EnvironmentError:
                pass
        assert ask(wires[0], b'y') == b'y'
        for wire in wires:
            wire.close()
        assert server.stop(SECONDS).status == verdict.PASS
        refused = server.process.errors.splitlines()
        if model == 'select':
            assert 1000 < served < 1024
            assert len(refused) == len(wires) - served
            assert all('is not below FD_SETSIZE, 1024' in line for line in refused)
        else:
            assert (served, refused) == (len(wires), [])


@pytest.mark.usefixtures('many_descriptors')
def test_ten_thousand(ours, model):
    """Each is answered, and each is answered again when all of them are there."""
    if model not in ('epoll', 'asyncio'):
        pytest.skip('select cannot, and poll looks at all of them for each')
    assert capacity.hold(ours, model, capacity.CONNECTIONS)[0] == capacity.CONNECTIONS


test_ten_thousand.connections = capacity.CONNECTIONS


def test_no_descriptors_left(ours, model):
    """The server says so once, does not spin, and accepts again when a connection has ended."""
    if model in ('iterative', 'fork'):
        pytest.skip('it never holds more than one connection')
    with closing(few_descriptors(ours, model)) as server:
        wires = [dial(server) for _ in range(40)]
        served = [wire for wire in wires if answers(wire)]
        assert 0 < len(served) < len(wires)
        before = proc.cpu_ticks(server.process.pid)
        assert not answers(wires[-1])
        assert proc.cpu_ticks(server.process.pid) - before < os.sysconf('SC_CLK_TCK') // 4
        for wire in served:
            wire.close()
        waiting = [wire for wire in wires if wire not in served]
        waiting[0].sock.settimeout(SECONDS)
        assert waiting[0].sock.recv(1) == b'x'
        for wire in waiting:
            wire.close()
        assert server.stop(SECONDS).status == verdict.PASS
        assert server.process.errors.count('server: cannot accept: Too many open files; trying again\n') == 1


def few_descriptors(peer, model):
    """Start a server that may open 40 descriptors, some of which it needs for itself."""
    wrapped = peers.Peer(peer.name, "sh -c 'ulimit -n 40; exec \"$@\"' sh " + peer.command)
    return Server(wrapped, 'echo', '-', 'unix', SECONDS, ['--model', model])


def answers(wire):
    """Send a byte and tell whether it comes back soon; the server answers those that it accepted."""
    wire.sock.settimeout(0.2)
    try:
        wire.sock.sendall(b'x')
        return wire.sock.recv(1) == b'x'
    except EnvironmentError:
        return False
