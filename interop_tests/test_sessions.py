"""The sessions, Python and C, against the vectors: whole, byte by byte, cut in two at every place."""

import pytest

from interop_tests import vectors
from interop_tests.vectors import byte_string
from pyside.programs.options import Options
from pyside.protocols import table as protocols
from pyside.wire import cref
from pyside.wire.errors import PeerError

IMPLEMENTATIONS = {'python': protocols, 'cffi': cref}


def table(role):
    rows = [
        ('%s-%s' % (protocol, name), vector)
        for protocol in sorted(protocols.PROTOCOLS)
        for name, vector in vectors.protocol(protocol, role)]
    return pytest.mark.parametrize('vector', [row[1] for row in rows], ids=[row[0] for row in rows])


@pytest.fixture(params=sorted(IMPLEMENTATIONS))
def implementation(request):
    if request.param == 'cffi':
        pytest.importorskip('cffi')
    return IMPLEMENTATIONS[request.param]


def options(vector, role):
    made = Options(role)
    made.protocol = vector['protocol']
    made.format = vector['format']
    made.max_frame = vector['limit']
    return made


def joined(pieces):
    """Put the pieces of replies together; a reply that did not end is left out."""
    replies, reply = [], b''
    for data, last in pieces:
        reply += data
        if last:
            replies.append(reply)
            reply = b''
    return replies


def run_server(implementation, vector, pieces):
    session = implementation.server_session(options(vector, 'server'))
    results = list(vector.get('results', []))
    sent = session.start()
    for piece in pieces:
        sent += session.receive(piece)
        while session.wanted_program is not None:
            result = results.pop(0)
            assert session.wanted_program == byte_string(result['request'])
            sent += session.receive_result(result['status'], byte_string(result['output']))
    assert not results
    if vector.get('eof'):
        sent += session.receive_eof()
        assert session.finished
    if vector.get('timeout'):
        sent += session.receive_timeout(5)
        assert session.finished
    return sent, session.error


@table('server')
def test_server(implementation, vector):
    for pieces in vectors.cuts(byte_string(vector['receive'])):
        sent, error = run_server(implementation, vector, pieces)
        assert sent == byte_string(vector['send'])
        assert (error and error.kind) == vector['error']


@table('server')
def test_server_says_the_same_in_both_languages(vector):
    pytest.importorskip('cffi')
    wire = byte_string(vector['receive'])
    assert str(run_server(protocols, vector, [wire])[1]) == str(run_server(cref, vector, [wire])[1])


def run_client(implementation, vector, pieces, message_pieces):
    session = implementation.client_session(options(vector, 'client'))
    sent = session.start()
    assert session.wanted_program is None
    for message in vector['messages']:
        for data, last in message_pieces(byte_string(message)):
            sent += session.submit(data, last)
    sent += session.submit_eof()
    for piece in pieces:
        sent += session.receive(piece)
    if vector.get('eof'):
        sent += session.receive_eof()
        assert session.finished
    return sent, joined(session.replies), session


def whole(message):
    return [(message, True)]


def byte_by_byte(message):
    """The last piece is empty: its message ended a moment later than its bytes."""
    return [(message[index:index + 1], False) for index in range(len(message))] + [(b'', True)]


@pytest.mark.parametrize('message_pieces', [whole, byte_by_byte], ids=['whole', 'byte-by-byte'])
@table('client')
def test_client(implementation, vector, message_pieces):
    for pieces in vectors.cuts(byte_string(vector['receive'])):
        sent, replies, session = run_client(implementation, vector, pieces, message_pieces)
        assert sent == byte_string(vector['send'])
        assert replies == [byte_string(reply) for reply in vector['replies']]
        assert (session.error and session.error.kind) == vector['error']
        if vector['error'] is None:
            assert session.finished
            assert session.in_flight == 0


@table('client')
def test_client_says_the_same_in_both_languages(vector):
    pytest.importorskip('cffi')
    wire = byte_string(vector['receive'])
    said = [str(run_client(made, vector, [wire], whole)[2].error) for made in (protocols, cref)]
    assert said[0] == said[1]


@pytest.mark.parametrize('protocol', sorted(protocols.PROTOCOLS))
def test_unknown_protocol(implementation, protocol):
    made = Options('server')
    made.protocol = 'no-' + protocol
    with pytest.raises(Exception) as failure:
        implementation.server_session(made)
    assert str(failure.value) == 'unsupported: protocol no-' + protocol


def test_unsendable_message_leaves_the_others_alone(implementation):
    made = Options('client')
    made.protocol, made.format = 'frame', 'u8'
    session = implementation.client_session(made)
    assert session.submit(b'a') == b'\x01a'
    with pytest.raises(PeerError) as failure:
        session.submit(b'b' * 256)
    assert failure.value.kind == 'unsendable'
    assert session.submit_eof() == b''
    session.receive(b'\x01a')
    assert joined(session.replies) == [b'a']
    assert session.finished and session.error is None
