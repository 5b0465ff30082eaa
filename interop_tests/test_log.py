"""A server's log must not stop the server: standard error that is full, closed, or a pipe that nobody reads."""

import fcntl
import os
import re
import select
import socket
import tempfile
from contextlib import closing

import pytest

from interop_tests import verdict
from interop_tests.programs import Server
from interop_tests.wire import SECONDS, dial

GARBAGE = b'\xff\xff\xff\xff'
BAD_CLIENTS = 12
# PY2: the module does not have the name; the number is that of fcntl.h on Linux.
F_SETPIPE_SZ = 1031


def full_device():
    return os.open('/dev/full', os.O_WRONLY)


def closed_pipe():
    reader, writer = os.pipe()
    os.close(reader)
    return writer


LOGS = [full_device, closed_pipe]


def frame_server(ours, model, errors):
    return Server(ours, 'frame', 'u32be', 'unix', SECONDS, ['--model', model], errors=errors)


def be_bad(server):
    with closing(dial(server)) as wire:
        wire.sock.sendall(GARBAGE)
        assert wire.read_to_end() == b''


def be_good(server):
    with closing(dial(server)) as wire:
        wire.sock.sendall(b'\0\0\0\x02hi')
        assert wire.read_exactly(6) == b'\0\0\0\x02hi'


@pytest.mark.parametrize('log', LOGS, ids=[log.__name__ for log in LOGS])
def test_a_log_that_fails_costs_nobody_anything(ours, model, log):
    errors = log()
    with closing(frame_server(ours, model, errors)) as server:
        os.close(errors)
        be_bad(server)
        be_good(server)
        assert server.stop(SECONDS).status == verdict.PASS


def test_a_log_that_nobody_reads_loses_lines_and_counts_them(ours, model):
    reader, writer = os.pipe()
    # Room for one page, which one line fills as far as poll(2) can tell.
    fcntl.fcntl(writer, F_SETPIPE_SZ, 4096)
    with closing(frame_server(ours, model, writer)) as server:
        os.close(writer)
        for _ in range(BAD_CLIENTS):
            be_bad(server)
        be_good(server)
        found = read_some(reader)
        be_bad(server)
        assert server.stop(SECONDS).status == verdict.PASS
        found += read_some(reader)
    os.close(reader)
    written = len(re.findall(b'too-long', found))
    lost = sum(int(count) for count in re.findall(b'server: (\\d+) lines were lost', found))
    assert 0 < written <= BAD_CLIENTS
    if model != 'fork':  # each child counts its own, and ends with it
        assert lost > 0
        assert written + lost == BAD_CLIENTS + 1


def read_some(fd):
    """Return what waits in a pipe."""
    found = b''
    while select.select([fd], [], [], 0)[0]:
        data = os.read(fd, 65536)
        if not data:
            break
        found += data
    return found


def test_what_a_client_calls_itself_is_no_line_of_its_own(ours):
    """A unix client chooses its own address, and may put a newline and an escape into it."""
    folder = tempfile.mkdtemp(prefix='interop-')
    name = os.path.join(folder, 'x\nserver: forged \x1b[2J')
    try:
        with closing(frame_server(ours, 'thread', None)) as server:
            sock = socket.socket(socket.AF_UNIX)
            sock.settimeout(SECONDS)
            sock.bind(name)
            with closing(sock):
                sock.connect(server.where[1])
                sock.sendall(GARBAGE)
                assert sock.recv(1) == b''
            assert server.stop(SECONDS).status == verdict.PASS
            assert server.process.errors.count('\n') == 1
            assert '\\x0aserver: forged \\x1b[2J: too-long: ' in server.process.errors
    finally:
        os.unlink(name)
        os.rmdir(folder)
