"""What goes wrong with the first programs: each experiment says what happens, line by line.

``transcripts.json`` holds what is said, which is the same in every Python and in C: ``{experiment: lines}``.
"""

import io
import json
import os
import socket
from contextlib import closing

from interop_tests.first.programs import Server, start
from interop_tests.lessons.stage import AWAY_SECONDS, Datagrams, Stage
from interop_tests.process import ROOT
from interop_tests.wire import SECONDS, Wire

RECORDED = os.path.join(ROOT, 'interop_tests', 'first', 'transcripts.json')
# How long a connect takes that the kernel does not answer.
QUEUE_SECONDS = 2


def a_second_client(stage, server):
    with closing(_dial(server.port)) as first, closing(_dial(server.port)) as second:
        _echo(stage, first, 'first client')
        stage.say('first client says nothing more, and does not close')
        second.sock.sendall(b'hello\n')
        stage.say('second client is connected, sends %r and receives %r', 'hello\n', stage.text(stage.soon(second)))
        first.close()
        stage.say('first client closes')
        stage.say('second client receives %r', stage.text(second.read_exactly(6)))


def many_clients(stage, server):
    wires = [_dial(server.port)]
    _echo(stage, wires[0], 'first client')
    try:
        while len(wires) < 100:
            wires.append(_dial(server.port, QUEUE_SECONDS))
        stage.say('%d clients are connected', len(wires))
    except socket.timeout:
        stage.say('%d more clients connect, and wait', len(wires) - 1)
        stage.say('one more client: connect is not answered')
    for wire in wires:
        wire.close()


def a_slow_reader(stage, server):
    with closing(_dial(server.port)) as first, closing(_dial(server.port)) as second:
        first.sock.settimeout(AWAY_SECONDS)
        try:
            while True:
                first.sock.send(b'x' * 65536)
        except socket.timeout:
            stage.say('first client reads nothing, and sends until it can send no more')
        second.sock.sendall(b'hello\n')
        stage.say('second client sends %r and receives %r', 'hello\n', stage.text(stage.soon(second)))


def cut_and_joined(stage, server):
    with closing(_dial(server.port)) as first, closing(_dial(server.port)) as second:
        for piece in (b'hel', b'lo\n'):
            first.sock.sendall(piece)
            stage.say('first client sends %r and receives %r', stage.text(piece), stage.text(stage.soon(first)))
        for line in (b'one\n', b'two\n'):
            second.sock.sendall(line)
            stage.say('second client sends %r', stage.text(line))
        first.close()
        stage.say('second client receives %r', stage.text(stage.soon(second)))


def a_client_dies(stage, server):
    first = _dial(server.port)
    _echo(stage, first, 'first client')
    first.reset()
    stage.say('first client dies: its system sends RST')
    with closing(_dial(server.port)) as second:
        _echo(stage, second, 'second client')
    stage.say('the server says: %s', stage.last_error(server.process))


def the_server_dies(stage, server):
    with closing(start('tcp_client', stage.language, server.port)) as client:
        stage.say('the user types %r, the client prints %r', 'hello', _typed(stage, client, b'hello\n'))
        server.close()
        stage.say('the server dies')
        stage.say('the client prints %r', stage.text(client.read_until(b'\n', AWAY_SECONDS)))
        stage.say('the user types %r, the client prints %r', 'world', _typed(stage, client, b'world\n'))
        stage.say('the client ends with status %d: %s', client.wait(SECONDS), stage.last_error(client))


def lost_and_doubled(stage, _):
    with closing(Datagrams()) as server:
        with closing(start('udp_client', stage.language, server.port)) as client:
            stage.say('the user types %r, and the datagram is lost', 'one')
            client.exchange(b'one\n', 0, SECONDS)
            stage.say('the client ends with status %d: %s', client.wait(SECONDS), stage.last_error(client))
        server.sock.recv(100)
        with closing(start('udp_client', stage.language, server.port)) as client:
            client.exchange(b'one\n', 0, SECONDS)
            data, address = server.sock.recvfrom(100)
            for _ in range(2):
                server.sock.sendto(data, address)
            stage.say('the user types %r, and the answer comes twice', 'one')
            stage.say('the client prints %r', stage.text(client.read_until(b'\n', AWAY_SECONDS)))
            stage.say('the user types %r', 'two')
            stage.say('the client prints %r', _typed(stage, client, b'two\n'))


EXPERIMENTS = [a_second_client, many_clients, a_slow_reader, cut_and_joined, a_client_dies, the_server_dies,
               lost_and_doubled]


def play(experiment, language):
    """Return what an experiment says."""
    kind = 'udp' if experiment is lost_and_doubled else 'tcp'
    with closing(Stage(None, language)) as stage, closing(Server(kind, language)) as server:
        experiment(stage, server)
        return stage.lines


def recorded():
    """Return ``{experiment: lines}``."""
    with io.open(RECORDED, encoding='utf-8') as file:
        return json.load(file)


def record_all():
    """Play everything in C, and note what is said."""
    found = {experiment.__name__: play(experiment, 'c') for experiment in EXPERIMENTS}
    with io.open(RECORDED, 'w', encoding='utf-8') as file:
        text = json.dumps(found, indent=1, sort_keys=True, separators=(',', ': '))
        file.write(u'%s\n' % text)


def _dial(port, seconds=SECONDS):
    sock = socket.create_connection(('127.0.0.1', port), seconds)
    return Wire(sock)


def _echo(stage, wire, name):
    wire.sock.sendall(b'hello\n')
    stage.say('%s sends %r and receives %r', name, 'hello\n', stage.text(wire.read_exactly(6)))


def _typed(stage, client, line):
    """Type a line; return what the client prints."""
    client.exchange(line, 0, SECONDS)
    return stage.text(client.read_until(b'\n', AWAY_SECONDS))
