"""The programs against the vectors, over a real socket: whole, byte by byte, cut in two at every place.

The socket is a unix socket, because there the sender can see when a piece has
been read: so every cut really is one between two reads of the program.
"""

from contextlib import closing

from interop_tests import vectors, verdict
from interop_tests.cases import lines
from interop_tests.programs import Client, Server
from interop_tests.vectors import byte_string
from interop_tests.wire import SECONDS, Listener, dial
from pyside.wire import framing


def limit_options(vector):
    return ['--max-frame', str(vector['limit'])]


def start_server(peer, name, vector):
    return Server(peer, 'frame', name, 'unix', SECONDS, limit_options(vector))


def chosen_cuts(peer, data):
    """All cuts; but only two for C sessions under Python's I/O, which test_sessions.py cuts everywhere on their own."""
    found = list(vectors.cuts(data))
    return found[:2] if peer.name.endswith('-cffi') else found


@vectors.framing_table('frames')
def test_server_frames(ours, name, vector):
    wire = byte_string(vector['wire'])
    with closing(start_server(ours, name, vector)) as server:
        for pieces in chosen_cuts(ours, wire):
            with closing(dial(server)) as peer:
                peer.send_pieces(pieces)
                peer.half_close()
                assert peer.read_to_end() == wire
        assert server.stop(SECONDS).status == verdict.PASS
        assert server.process.errors == ''


@vectors.framing_table('malformed')
def test_server_malformed(ours, name, vector):
    wire = byte_string(vector['wire'])
    answered = b''.join(
        framing.encode(name, byte_string(payload), vector['limit']) for payload in vector['payloads'])
    with closing(start_server(ours, name, vector)) as server:
        tries = 0
        for pieces in vectors.cuts(wire):
            tries += 1
            with closing(dial(server)) as peer:
                peer.send_to_the_last(pieces, vector.get('eof'))
                assert peer.read_to_end() == answered
        assert server.stop(SECONDS).status == verdict.PASS
        said = server.process.errors.splitlines()
        assert len(said) == tries, 'one line for each connection'
        assert all(line.split(': ')[2] == vector['error'] for line in said)


@vectors.framing_table('frames')
def test_client_frames(ours, name, vector):
    wire = byte_string(vector['wire'])
    payloads = [byte_string(payload) for payload in vector['payloads']]
    options = ['--format', name] + limit_options(vector)
    with closing(Listener('frame', options)) as listener, closing(Client(ours, listener)) as client:
        peer = None
        for pieces in chosen_cuts(ours, wire):
            client.process.exchange(lines(payloads), 0, SECONDS)
            peer = peer or listener.accept()
            assert peer.read_exactly(len(wire)) == wire
            peer.send_pieces(pieces)
            assert client.ask([], payloads, SECONDS).status == verdict.PASS
        assert client.finish([], SECONDS).status == verdict.PASS
        peer.close()


@vectors.framing_table('malformed')
def test_client_malformed(ours, name, vector):
    payloads = [byte_string(payload) for payload in vector['payloads']]
    options = ['--format', name] + limit_options(vector)
    unanswered = b'' if vector['limit'] == 0 else b'x'
    with closing(Listener('frame', options)) as listener:
        for pieces in chosen_cuts(ours, byte_string(vector['wire'])):
            with closing(Client(ours, listener)) as client:
                client.process.exchange(lines(payloads + [unanswered]), 0, SECONDS)
                with closing(listener.accept()) as peer:
                    peer.send_to_the_last(pieces, vector.get('eof'))
                    found = client.finish(payloads, SECONDS, status=3)
                assert found.status == verdict.PASS, found.text
                assert client.process.errors.startswith('client: %s: ' % vector['error'])

