"""The programs against the vectors of the protocols, over a unix socket, in pieces."""

from contextlib import closing

import pytest

from interop_tests import peers, vectors, verdict
from interop_tests.cases import lines
from interop_tests.programs import Client, Server
from interop_tests.vectors import byte_string
from interop_tests.wire import SECONDS, Listener, dial
from pyside.wire.errors import EXIT_STATUS

# These wait for an answer to each line; the others may send everything first.
ONE_AT_A_TIME = ['sizeok', 'greet']
# These say nothing before they have heard something.
GREETED = ['command']
# What gives the results of the vectors.
ALLOWED = ['--allow', 'hello=/bin/echo,hello', '--allow', 'true=/bin/true', '--allow', 'false=/bin/false']


def table(role):
    rows = [
        ('%s-%s' % (protocol, name), vector)
        for protocol in ('command', 'count', 'echo', 'frame', 'greet', 'sizeok', 'upper')
        for name, vector in vectors.protocol(protocol, role)]
    return pytest.mark.parametrize('vector', [row[1] for row in rows], ids=[row[0] for row in rows])


def chosen_cuts(peer, data):
    """All cuts for C; for an interpreter, which takes its time to start, whole and byte by byte."""
    found = list(vectors.cuts(data))
    return found if peer == peers.PEERS[0] else found[:2]


def client_cuts(peer, vector):
    """As above; but a client that has all its replies closes, and sees what follows only if it comes with the last."""
    found = chosen_cuts(peer, byte_string(vector['receive']))
    return found[:1] if vector['error'] == 'malformed' and vector['replies'] else found


def options(vector):
    return ['--format', vector['format'], '--max-frame', str(vector['limit']), '--timeout', '0.5']


@table('server')
def test_server(ours, vector):
    extra = options(vector)
    if not vector.get('timeout'):
        extra[-1] = str(SECONDS)
    if vector['protocol'] == 'command':
        extra += ALLOWED
    expected = byte_string(vector['send'])
    with closing(Server(ours, vector['protocol'], '-', 'unix', SECONDS, extra)) as server:
        for pieces in chosen_cuts(ours, byte_string(vector['receive'])):
            with closing(dial(server)) as wire:
                wire.send_to_the_last(pieces, vector.get('eof'))
                if vector.get('eof') or vector.get('timeout') or vector['error']:
                    assert wire.read_to_end() == expected
                else:
                    assert wire.read_exactly(len(expected)) == expected


@table('client')
def test_client(ours, vector):
    extra = options(vector)[:-2] + ['--timeout', str(SECONDS)]
    if vector['protocol'] == 'count':
        extra += ['--retries', '0']
    messages = [byte_string(message) for message in vector['messages']]
    replies = [byte_string(reply) for reply in vector['replies']]
    sent = byte_string(vector['send'])
    first = len(messages[0]) + 1 if vector['protocol'] in ONE_AT_A_TIME and messages else len(sent)
    if vector['protocol'] in GREETED:
        first = 0
    with closing(Listener(vector['protocol'], extra)) as listener:
        for pieces in client_cuts(ours, vector):
            with closing(Client(ours, listener)) as client:
                client.process.exchange(lines(messages), 0, SECONDS)
                client.process.close_input()
                with closing(listener.accept()) as wire:
                    asked = wire.read_exactly(first)
                    wire.send_to_the_last(pieces, vector.get('eof'))
                    found = client.finish(whole_replies(vector, replies), SECONDS, status_of(vector['error']))
                    assert found.status == verdict.PASS, found.text
                    assert asked + rest_of(wire) in possibly_sent(vector, sent)


def possibly_sent(vector, sent):
    """What comes with the greeting may end the client before it has answered the greeting."""
    return [sent, b''] if vector['protocol'] in GREETED and vector['error'] else [sent]


def rest_of(wire):
    try:
        return wire.read_to_end()
    except EnvironmentError:
        return b''  # a client that has seen an error closes with the rest unread, which is a reset


def status_of(error):
    return EXIT_STATUS[error] if error else 0


def whole_replies(vector, replies):
    """What the client prints; where the stream was cut inside a reply, echo and upper print the part that came."""
    if vector['protocol'] in ('echo', 'upper') and vector['error'] == 'truncated':
        received = byte_string(vector['receive'])
        rest = received[sum(len(reply) for reply in replies):]
        return replies + ([rest] if rest else [])
    return replies
