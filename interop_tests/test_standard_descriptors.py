"""Standard input, output and error, closed, full, limited or non-blocking: one line says so, and exit status 2."""

import fcntl
import os
import socket
import subprocess
from contextlib import closing

import pytest

from interop_tests import peers
from interop_tests.process import ROOT, Process, environment
from interop_tests.programs import Server
from interop_tests.wire import SECONDS, Listener, Wire

CLOSED = 'Bad file descriptor'
FULL = 'No space left on device'
LARGE = 'File too large'
UNREAD = 'client: unsendable: cannot read the input: %s\n'
UNWRITTEN = 'client: unsendable: cannot write the replies: %s\n'
UNKEPT = 'client: unsendable: cannot keep the input: %s\n'


def through_shell(redirection, words):
    """Return the words that start a program with its descriptors changed."""
    return ['/bin/sh', '-c', 'exec "$@" ' + redirection, 'sh'] + words


def under_limit(words):
    """Return the words that start a program whose files, compiled modules too, cannot be longer than 512 bytes."""
    return ['/bin/sh', '-c', 'ulimit -f 1; PYTHONDONTWRITEBYTECODE=1 exec "$@" >"$0"', '/dev/stdout'] + words


def client(peer, where, extra=()):
    return peers.command(peer, 'client') + where.options + where.where + list(extra)


@pytest.mark.parametrize('redirection, errors', [
    ('<&-', UNREAD % CLOSED), ('>&-', UNWRITTEN % CLOSED), ('<&- >&-', UNREAD % CLOSED),
    ('>/dev/full', UNWRITTEN % FULL), ('2>&-', ''), ('<&- 2>&-', '')])
@pytest.mark.parametrize('transport', ['unix', 'unix-dgram'])
def test_client(ours, transport, redirection, errors):
    status = 0 if redirection == '2>&-' else 2
    with closing(Server(ours, 'echo', '-', transport, SECONDS)) as server:
        with closing(Process(through_shell(redirection, client(ours, server)))) as process:
            process.feed(b'hello\n', True)
            said = process.read_to_end(SECONDS)
            assert (process.wait(SECONDS), process.errors) == (status, errors)
            assert said == (b'hello\n' if status == 0 else b'')


def test_no_socket_becomes_a_standard_descriptor(ours):
    """Neither are the server's bytes read as messages, nor the replies written to the server."""
    for redirection, answer, sent in (('<&-', b'', b''), ('>&-', b'hello', b'hello')):
        with closing(Listener('echo')) as listener:
            with closing(Process(through_shell(redirection, client(ours, listener)))) as process:
                process.feed(b'hello\n', True)
                with closing(listener.accept()) as wire:
                    if answer:
                        wire.sock.sendall(answer)
                    assert wire.read_to_end() == sent
                assert process.wait(SECONDS) == 2


@pytest.mark.parametrize('role, words, redirection, errors', [
    ('server', ['echo'], '>&-', 'server: cannot announce: ' + CLOSED),
    ('server', ['echo'], '>/dev/full', 'server: cannot announce: ' + FULL),
    ('server', ['list'], '>/dev/full', 'server: cannot write: ' + FULL),
    ('client', ['list'], '>&-', 'client: cannot write: ' + CLOSED),
    ('client', ['--help'], '>/dev/full', 'client: cannot write: ' + FULL),
    ('server', ['--version'], '>&-', 'server: cannot write: ' + CLOSED),
], ids=lambda value: value if isinstance(value, str) else value[0])
def test_what_is_printed(ours, role, words, redirection, errors):
    if words == ['list'] and ours.name.endswith('-cffi'):
        pytest.skip('list takes no option')
    with closing(Process(through_shell(redirection, peers.command(ours, role) + words))) as process:
        assert process.wait(SECONDS) == 2
        assert process.errors == errors + '\n'


@pytest.mark.parametrize('words', [['list'], ['--help'], ['map', 'send'], ['map', '--all'], ['calls', '--help']],
                         ids=' '.join)
def test_what_the_tools_print(words):
    python = peers.this_python()[0].command.split()[0]
    with closing(Process(through_shell('>/dev/full', [python, '-m', 'pyside'] + words))) as process:
        assert process.wait(SECONDS) == 2
        assert process.errors == 'pyside: cannot write: %s\n' % FULL


def test_a_server_needs_neither_input_nor_errors(ours, model):
    words = peers.command(ours, 'server') + ['frame', '--format', 'u8', '--max-frame', '8', '--model', model]
    with closing(Process(through_shell('<&- 2>&-', words))) as process:
        _, host, port = process.exchange(b'', 1, SECONDS)[0].decode('ascii').split()
        for sent, answer in ((b'\xff', b''), (b'\x02hi', b'\x02hi')):
            with closing(Wire(socket.create_connection((host, int(port)), SECONDS))) as wire:
                wire.sock.sendall(sent)
                wire.half_close()
                assert wire.read_to_end() == answer
        assert process.poll() is None


def test_an_input_that_cannot_be_kept(ours):
    """``count`` keeps what it sends in a file, for another attempt."""
    with closing(Server(ours, 'count', '-', 'unix', SECONDS)) as server:
        with closing(Process(under_limit(client(ours, server)))) as process:
            process.feed(b'x' * 10000, True)
            assert process.wait(SECONDS) == 2
            assert process.errors == UNKEPT % LARGE


def test_replies_beyond_the_size_of_a_file(ours, tmpdir):
    with closing(Server(ours, 'echo', '-', 'unix', SECONDS)) as server:
        words = under_limit(client(ours, server))
        words[3] = str(tmpdir.join('replies'))
        with closing(Process(words)) as process:
            process.feed(b'x' * 10000 + b'\n', True)
            assert process.wait(SECONDS) == 2
            assert process.errors == UNWRITTEN % LARGE
    assert tmpdir.join('replies').size() == 512


def nonblocking_pipe():
    ends = os.pipe()
    for end in ends:
        fcntl.fcntl(end, fcntl.F_SETFL, fcntl.fcntl(end, fcntl.F_GETFL) | os.O_NONBLOCK)
    return ends


@pytest.mark.parametrize('transport', ['unix', 'unix-dgram'])
def test_non_blocking(ours, transport, tmpdir):
    """More than the pipes hold."""
    lines = (b'x' * 50000 + b'\n') * 10
    tmpdir.join('lines').write(lines, 'wb')
    in_reader, in_writer = nonblocking_pipe()
    out_reader, out_writer = nonblocking_pipe()
    with closing(Server(ours, 'echo', '-', transport, SECONDS)) as server:
        process = subprocess.Popen(
            client(ours, server), cwd=ROOT, env=environment(), stdin=in_reader, stdout=out_writer,
            stderr=subprocess.PIPE, close_fds=True)
        os.close(in_reader)
        os.close(out_writer)
        for end in (in_writer, out_reader):
            fcntl.fcntl(end, fcntl.F_SETFL, fcntl.fcntl(end, fcntl.F_GETFL) & ~os.O_NONBLOCK)
        with os.fdopen(in_writer, 'wb') as stream:
            feeder = subprocess.Popen(['/bin/cat', str(tmpdir.join('lines'))], stdout=stream, close_fds=True)
        with os.fdopen(out_reader, 'rb') as stream:
            said = stream.read()
        feeder.wait()
        assert process.communicate()[1] == b''
        assert process.returncode == 0
        assert said == lines
