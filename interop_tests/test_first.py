"""The first programs: every client with every server, ours too; what goes wrong; and that the twins are twins."""

import ast
import errno
import io
import os
import re
import signal
import socket
import subprocess
from contextlib import closing
from itertools import product

import pytest

from interop_tests import proc, verdict
from interop_tests.first.programs import (
    CALL,
    LANGUAGES,
    TRANSPORTS,
    Server,
    command,
    finish,
    run_client,
    source,
    start,
)
from interop_tests.lessons.stage import Datagrams
from interop_tests.process import ROOT
from interop_tests.programs import Client
from interop_tests.programs import Server as OurServer
from interop_tests.wire import SECONDS, Listener, Wire, dial, wait_until
from pyside.net.compat import clock

KINDS = ['tcp', 'udp']
PROGRAMS = ['tcp_server', 'tcp_client', 'udp_server', 'udp_client']
EVERY_BYTE = bytes(bytearray(range(256)))
LARGEST_DATAGRAM = 65535 - 20 - 8

# What goes in at the client's standard input, and comes out at its standard output.
INPUTS = [
    ('nothing', b''),
    ('a line', b'hello\n'),
    ('two lines', b'hello\nworld\n'),
    ('empty lines', b'\n\na\n\n'),
    ('a last line without newline', b'hello\nworld'),
    ('carriage returns', b'a\r\nb\rc\r\n'),
    ('every byte', EVERY_BYTE),
    ('a NUL at the end', b'a\0\n\0'),
    ('the largest datagram', b'x' * (LARGEST_DATAGRAM - 1) + b'\n'),
]
LONG_INPUTS = [
    ('a line of 4096 bytes', b'x' * 4095 + b'\n'),
    ('a line of 4097 bytes', b'x' * 4096 + b'\n'),
    ('a line of 1 MiB', b'x' * 2 ** 20 + b'\n'),
    ('16 MB between two lines', b'a\n' + b'x' * 16000000 + b'\nb'),
]


@pytest.fixture(params=LANGUAGES)
def language(request):
    if request.param == 'c':
        _skip_c(request)
    return request.param


@pytest.fixture(params=list(product(LANGUAGES, LANGUAGES)), ids='-'.join)
def pair(request):
    if request.param == ('c', 'c'):
        _skip_c(request)
    return request.param


def _skip_c(request):
    if request.config.getoption('--without-c'):
        pytest.skip('the programs in C are run once')


def _inputs(kind):
    return INPUTS + (LONG_INPUTS if kind == 'tcp' else [])


@pytest.mark.parametrize('kind', KINDS)
def test_client_and_server(kind, pair):
    """One server, and one client after another."""
    with closing(Server(kind, pair[1])) as server:
        for name, data in _inputs(kind):
            assert run_client(kind, pair[0], server.port, data) == (0, data, ''), name
        assert server.process.errors == ''


@pytest.mark.parametrize('first', LANGUAGES)
@pytest.mark.parametrize('kind', KINDS)
def test_our_client_and_first_server(ours, kind, first):
    """An empty datagram comes back as one, and is not EOF."""
    messages = [b'hello', b'', b'world', EVERY_BYTE, b'', b'x' * 60000]
    with closing(Server(kind, first)) as server:
        for _ in range(2):
            with closing(Client(ours, server)) as client:
                found = client.run(messages, messages, SECONDS)
                assert found.status == verdict.PASS, found.text
        assert server.process.errors == ''


@pytest.mark.parametrize('first', LANGUAGES)
@pytest.mark.parametrize('kind', KINDS)
def test_first_client_and_our_server(ours, kind, first):
    with closing(OurServer(ours, 'echo', '-', TRANSPORTS[kind], SECONDS)) as server:
        for name, data in _inputs(kind):
            assert run_client(kind, first, server.address[1], data) == (0, data, ''), name
        assert server.process.errors == ''


@pytest.mark.parametrize('kind', KINDS)
def test_the_echo_is_there_before_the_next_line(kind, language):
    with closing(Server(kind, language)) as server:
        with closing(start('%s_client' % kind, language, server.port)) as client:
            for line in (b'hello', b'', b'world'):
                assert client.exchange(line + b'\n', 1, SECONDS) == [line]
            assert finish(client, b'') == (0, b'', '')


def test_all_that_was_sent_before_a_half_close_comes_back(language):
    data = b'hello' * 1000
    with closing(Server('tcp', language)) as server, closing(dial(server)) as wire:
        wire.sock.sendall(data)
        wire.half_close()
        assert wire.read_to_end() == data


def _reset_at_rest(wire):
    wire.sock.sendall(b'hello')
    assert wire.read_exactly(5) == b'hello'
    wire.reset()


def _reset_while_the_server_sends(wire):
    _send_until_full(wire)
    wire.reset()


def _send_until_full(wire):
    """Send until the server can send no more, and so reads no more; return how much."""
    sent = 0
    wire.sock.settimeout(1)
    try:
        while True:
            sent += wire.sock.send(b'x' * 65536)
    except socket.timeout:
        return sent


@pytest.mark.parametrize('reset', [_reset_at_rest, _reset_while_the_server_sends])
def test_a_client_that_resets_costs_one_line(language, reset):
    with closing(Server('tcp', language)) as server:
        reset(dial(server))
        assert run_client('tcp', language, server.port, b'hello\n') == (0, b'hello\n', '')
        assert server.process.errors in (
            'tcp_server: client: Connection reset by peer\n', 'tcp_server: client: Broken pipe\n')


def test_an_echo_byte_by_byte(language):
    with closing(Listener('echo', family='inet')) as listener:
        with closing(start('tcp_client', language, listener.where[1])) as client:
            client.exchange(b'hello\nworld\n', 0, SECONDS)
            client.close_input()
            with closing(listener.accept()) as wire:
                wire.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for line in (b'hello\n', b'world\n'):
                    assert wire.read_exactly(6) == line
                    for index in range(6):
                        wire.sock.sendall(line[index:index + 1])
                assert wire.read_to_end() == b''
            assert finish(client, b'') == (0, b'hello\nworld\n', '')


def test_it_prints_as_many_bytes_as_it_sent(language):
    with closing(Listener('echo', family='inet')) as listener:
        with closing(start('tcp_client', language, listener.where[1])) as client:
            client.exchange(b'hello\n', 0, SECONDS)
            with closing(listener.accept()) as wire:
                wire.sock.sendall(wire.read_exactly(6) + b'more\n')
                assert finish(client, b'') == (0, b'hello\n', '')


# What a server does after half of the echo, and what the client says.
ENDS = [
    (Wire.close, 'the server closed the connection before the end of the echo'),
    (Wire.reset, 'Connection reset by peer'),
]


@pytest.mark.parametrize('end, said', ENDS, ids=['close', 'reset'])
def test_a_server_that_ends_early(language, end, said):
    with closing(Listener('echo', family='inet')) as listener:
        with closing(start('tcp_client', language, listener.where[1])) as client:
            client.exchange(b'hello\n', 0, SECONDS)
            wire = listener.accept()
            assert wire.read_exactly(6) == b'hello\n'
            wire.sock.sendall(b'hel')
            assert client.read_until(b'hel', SECONDS) == b'hel'
            end(wire)
            assert finish(client, b'') == (1, b'', 'tcp_client: %s\n' % said)


def test_a_server_that_has_gone_between_two_lines(language):
    """The client notices it with its next line, and no signal kills it."""
    with closing(Listener('echo', family='inet')) as listener:
        with closing(start('tcp_client', language, listener.where[1])) as client:
            client.exchange(b'hello\n', 0, SECONDS)
            wire = listener.accept()
            wire.sock.sendall(wire.read_exactly(6))
            assert client.exchange(b'', 1, SECONDS) == [b'hello']
            wire.reset()
            status, output, errors = finish(client, b'world\n')
    assert (status, output) == (1, b'')
    assert errors in ('tcp_client: Connection reset by peer\n', 'tcp_client: Broken pipe\n')


@pytest.mark.parametrize('kind', KINDS)
def test_a_dead_port(kind, language):
    port = _free_port(kind)
    assert run_client(kind, language, port, b'hello\n') == (1, b'', '%s_client: Connection refused\n' % kind)


def _free_port(kind):
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM if kind == 'tcp' else socket.SOCK_DGRAM)) as sock:
        sock.bind(('127.0.0.1', 0))
        return sock.getsockname()[1]


@pytest.mark.parametrize('kind', KINDS)
def test_a_port_that_is_taken(kind, pair):
    with closing(Server(kind, pair[0])) as server:
        found = finish(start('%s_server' % kind, pair[1], server.port), b'')
    assert found == (1, b'', '%s_server: Address already in use\n' % kind)


def test_a_server_starts_again_on_its_port(language):
    """Its old connection is in TIME_WAIT, because it ended first; SO_REUSEADDR allows the port all the same."""
    with closing(Server('tcp', language)) as server, closing(dial(server)) as wire:
        wire.sock.sendall(b'hello')
        assert wire.read_exactly(5) == b'hello'
        server.process.signal(signal.SIGTERM)
        assert wire.read_to_end() == b''
    with closing(Server('tcp', language, server.port)) as again:
        assert run_client('tcp', language, again.port, b'hello\n') == (0, b'hello\n', '')


def test_silence_over_udp(language):
    with closing(Datagrams()) as listener:
        began = clock()
        assert run_client('udp', language, listener.port, b'a\nb\n') == (1, b'', 'udp_client: no answer within 2 s\n')
        assert clock() - began > 1.9
        assert listener.sock.recv(100) == b'a\n'


def test_an_answer_that_takes_a_second(language):
    with closing(Datagrams()) as listener, closing(start('udp_client', language, listener.port)) as client:
        client.exchange(b'hello\n', 0, SECONDS)
        data, address = listener.sock.recvfrom(100)
        assert client.read_until(b'\n', 1) == b''
        listener.sock.sendto(data, address)
        assert finish(client, b'') == (0, b'hello\n', '')


def test_a_line_that_no_datagram_holds(language):
    with closing(Server('udp', language)) as server:
        data = b'x' * (LARGEST_DATAGRAM + 1)
        assert run_client('udp', language, server.port, data) == (1, b'', 'udp_client: Message too long\n')


WORDS = [[], [''], ['x'], ['7000', '7001'], ['65536'], ['-1'], ['7000x'], ['70000000'], ['99999999999999999999']]


@pytest.mark.parametrize('words', WORDS, ids=' '.join)
@pytest.mark.parametrize('name', PROGRAMS)
def test_usage(name, language, words):
    process = subprocess.Popen(command(name, language) + words, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    assert process.communicate() == (b'', ('usage: %s PORT\n' % name).encode('ascii'))
    assert process.returncode == 2


def _started(name, language):
    """Start a program and wait until it waits; return it, and what else has to be closed."""
    kind, _, role = name.partition('_')
    server = Server(kind, language)
    if role == 'server':
        return server.process, server
    client = start(name, language, server.port)
    assert client.exchange(b'hello\n', 1, SECONDS) == [b'hello']
    return client, server


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM], ids=['SIGINT', 'SIGTERM'])
@pytest.mark.parametrize('name', PROGRAMS)
def test_a_signal_ends_it_without_a_word(name, language, number):
    process, server = _started(name, language)
    with closing(server), closing(process):
        process.signal(number)
        assert process.wait(SECONDS) == -number
        assert process.errors == ''


def _stop_and_continue(process):
    """Ctrl-Z and fg."""
    process.signal(signal.SIGSTOP)
    wait_until(lambda: proc.processes()[process.pid][0] == 'T')
    process.signal(signal.SIGCONT)


@pytest.mark.parametrize('kind', KINDS)
def test_stopped_and_continued(kind, language):
    """Some calls are not resumed by the kernel but fail with EINTR: not those here, signal(7)."""
    with closing(Server(kind, language)) as server:
        with closing(start('%s_client' % kind, language, server.port)) as client:
            for line in (b'hello', b'world'):
                assert client.exchange(line + b'\n', 1, SECONDS) == [line]
                _stop_and_continue(server.process)
                _stop_and_continue(client)
            assert finish(client, b'end') == (0, b'end', '')


def test_stopped_and_continued_while_the_server_sends(language):
    """send takes a part of the bytes then, and only its return value says so."""
    with closing(Server('tcp', language)) as server, closing(dial(server)) as wire:
        sent = _send_until_full(wire)
        _stop_and_continue(server.process)
        wire.sock.settimeout(SECONDS)
        assert wire.read_exactly(sent) == b'x' * sent
    assert server.process.errors == ''


def test_stopped_and_continued_while_an_answer_is_awaited(language):
    with closing(Datagrams()) as listener, closing(start('udp_client', language, listener.port)) as client:
        client.exchange(b'hello\n', 0, SECONDS)
        data, address = listener.sock.recvfrom(100)
        _stop_and_continue(client)
        listener.sock.sendto(data, address)
        assert finish(client, b'') == (0, b'hello\n', '')


@pytest.mark.parametrize('kind', KINDS)
def test_nobody_reads_what_it_prints(kind, language):
    reading, writing = os.pipe()
    os.close(reading)
    with closing(Server(kind, language)) as server:
        client = subprocess.Popen(command('%s_client' % kind, language) + [str(server.port)], stdin=subprocess.PIPE,
                                  stdout=writing, stderr=subprocess.PIPE)
        os.close(writing)
        errors = client.communicate(b'hello\n')[1]
    assert (client.returncode, errors) == (1, ('%s_client: Broken pipe\n' % kind).encode('ascii'))


@pytest.mark.parametrize('kind', KINDS)
def test_an_input_that_cannot_be_read(kind, language):
    unreadable = os.open(os.devnull, os.O_WRONLY)
    with closing(Server(kind, language)) as server:
        client = subprocess.Popen(command('%s_client' % kind, language) + [str(server.port)], stdin=unreadable,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd='/')
        os.close(unreadable)
        output, errors = client.communicate()
    said = '%s_client: %s\n' % (kind, os.strerror(errno.EBADF))
    assert (client.returncode, output, errors.decode('ascii')) == (1, b'', said)


# The twins.

# sendall is a loop of send, which C spells out.
SAME = {'sendall': 'send'}
# Python's recv polls when there is a time limit; in C the program does.
ALONE = {'udp_client': ['poll', 'settimeout']}
FILES = list(product(PROGRAMS, LANGUAGES))


def _text(name, language):
    with io.open(os.path.join(ROOT, source(name, language)), encoding='utf-8') as file:
        return file.read()


@pytest.mark.parametrize('name', PROGRAMS)
def test_the_twins_make_the_same_calls_on_the_same_lines(name):
    of_python, of_c = [
        [(number, SAME.get(call, call)) for number, line in enumerate(_text(name, language).splitlines(), 1)
         for call in CALL.findall(line) if call not in ALONE.get(name, [])] for language in LANGUAGES]
    assert of_python == of_c
    assert len(of_python) >= 5


@pytest.mark.parametrize('name, language', FILES)
def test_it_fits_on_a_screen(name, language):
    lines = _text(name, language).splitlines()
    assert len(lines) <= 45
    assert max(map(len, lines)) <= 120


def test_what_they_import():
    """Nothing of ours, and nothing that has to be installed: these are older than Python 2.7."""
    for name in PROGRAMS:
        tree = ast.parse(_text(name, 'python').encode('utf-8'))
        nodes = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
        assert {alias.name for node in nodes for alias in node.names} <= {'io', 'os', 'signal', 'socket', 'sys'}
        assert not re.search(r'#include\s+"', _text(name, 'c'))


@pytest.mark.parametrize('name, language', FILES)
def test_the_last_line_names_files_that_are_there(name, language):
    folder = 'pyside/' if language == 'python' else 'c_ref/'
    named = re.findall(r'[a-z_]+/[a-z_/]+\.(?:py|c)\b', _text(name, language).splitlines()[-1])
    assert named
    for path in named:
        assert path.startswith(folder)
        assert os.path.isfile(os.path.join(ROOT, path)), path
