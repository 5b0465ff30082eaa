"""The path of a unix socket: a dead server's is taken over, by one server only; nobody removes what is another's."""

import fcntl
import os
import shutil
import signal
import socket
import tempfile
from contextlib import closing

import pytest

from interop_tests import peers, verdict
from interop_tests.process import Process
from interop_tests.programs import Server
from interop_tests.wire import SECONDS, dial

KINDS = {'unix': socket.SOCK_STREAM, 'unix-dgram': socket.SOCK_DGRAM, 'unix-seqpacket': socket.SOCK_SEQPACKET}


@pytest.fixture
def path():
    folder = tempfile.mkdtemp(prefix='interop-')
    yield os.path.join(folder, 's')
    shutil.rmtree(folder)


def starting(peer, path):
    return Process(peers.command(peer, 'server') + ['echo', '--family', 'unix', '--path', path])


def listener(path, backlog=5):
    sock = socket.socket(socket.AF_UNIX)
    sock.bind(path)
    sock.listen(backlog)
    return sock


def leave_stale(path):
    listener(path).close()


def refused(process, path):
    """Tell whether the path was taken for another server's."""
    assert process.wait(SECONDS) == 5
    return process.errors == 'server: unreachable: cannot listen on %s: Address already in use\n' % path


def test_a_socket_left_behind_is_replaced(ours, path):
    leave_stale(path)
    with closing(Server(ours, 'echo', '-', 'unix', SECONDS, path=path)) as server, closing(dial(server)) as wire:
        wire.sock.sendall(b'x')
        assert wire.read_exactly(1) == b'x'


@pytest.mark.parametrize('kind', sorted(KINDS))
def test_a_path_that_is_gone(ours, path, kind):
    with closing(Server(ours, 'echo', '-', kind, SECONDS, path=path)) as server:
        os.unlink(path)
        assert server.stop(SECONDS).status == verdict.PASS
        assert server.process.errors == ''


def plain_file(path):
    with open(path, 'w'):
        pass


@pytest.mark.parametrize('make', [leave_stale, plain_file, os.mkdir], ids=['socket', 'file', 'folder'])
def test_what_another_put_there_is_left(ours, path, make):
    with closing(Server(ours, 'echo', '-', 'unix', SECONDS, path=path)) as server:
        os.unlink(path)
        make(path)
        assert server.stop(SECONDS).status == verdict.PASS
        assert os.path.exists(path)


def test_its_own_is_removed(ours, path):
    with closing(Server(ours, 'echo', '-', 'unix', SECONDS, path=path)) as server:
        assert server.stop(SECONDS).status == verdict.PASS
    assert os.listdir(os.path.dirname(path)) == []


def test_a_full_backlog_is_no_dead_server(ours, path):
    with closing(listener(path, 0)), closing(socket.socket(socket.AF_UNIX)) as waiting:
        waiting.connect(path)
        with closing(starting(ours, path)) as process:
            assert refused(process, path)
    assert os.path.exists(path)


def test_a_link_is_not_replaced(ours, path):
    leave_stale(path + '.stale')
    os.symlink(path + '.stale', path)
    with closing(starting(ours, path)) as process:
        assert refused(process, path)
    assert os.path.islink(path)


@pytest.fixture
def lock(path):
    """Return the lock of the folder, held."""
    fd = os.open(os.path.dirname(path), os.O_RDONLY)
    fcntl.flock(fd, fcntl.LOCK_EX)
    yield fd
    os.close(fd)


def test_a_look_and_what_follows_from_it_are_one_step(ours, path, lock):
    """While another server holds the folder, nothing is taken over; and afterwards it is looked at anew."""
    leave_stale(path)
    with closing(starting(ours, path)) as process:
        assert not process.ends_within(0.3)
        os.unlink(path)
        with closing(listener(path)):
            fcntl.flock(lock, fcntl.LOCK_UN)
            assert refused(process, path)


def test_one_of_many_takes_over(ours, path, lock):
    """Servers of both languages, started over one dead server's socket."""
    leave_stale(path)
    processes = [starting(peer, path) for peer in [ours, peers.this_python()[0]] * 2]
    try:
        fcntl.flock(lock, fcntl.LOCK_UN)
        said = [process.exchange(b'', 1, SECONDS)[0] for process in processes]
        assert sorted(filter(None, said)) == [b'LISTENING ' + path.encode('ascii')]
        for process, line in zip(processes, said):
            if line:
                process.signal(signal.SIGTERM)
                assert process.wait(SECONDS) == 0
            else:
                assert refused(process, path)
    finally:
        for process in processes:
            process.close()
