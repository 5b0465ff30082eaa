"""The codecs, Python and C, against the vectors: whole, byte by byte, cut in two at every place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interop_tests import vectors
from interop_tests.vectors import byte_string
from pyside.wire import cref, framing
from pyside.wire.errors import PeerError

CODECS = {'python': framing, 'cffi': cref}
LIMIT = 300


@pytest.fixture(params=sorted(CODECS))
def codec(request):
    if request.param == 'cffi':
        pytest.importorskip('cffi')
    return CODECS[request.param]


def decode(codec, name, limit, pieces, eof=True):
    """Return the payloads in the pieces, and the error or None."""
    decoder = codec.Decoder(name, limit)
    payloads = []
    try:
        for piece in pieces:
            decoder.feed(piece)
            payload = decoder.next_frame()
            while payload is not None:
                payloads.append(payload)
                payload = decoder.next_frame()
        if eof:
            decoder.feed_eof()
    except PeerError as error:
        with pytest.raises(PeerError) as again:
            decoder.next_frame()
        assert str(again.value) == str(error), 'the error is not sticky'
        return payloads, error
    return payloads, None


@vectors.framing_table('frames')
def test_frames_encode(codec, name, vector):
    frames = [codec.encode(name, byte_string(payload), vector['limit']) for payload in vector['payloads']]
    assert b''.join(frames) == byte_string(vector['wire'])


@vectors.framing_table('frames')
def test_frames_decode(codec, name, vector):
    expected = [byte_string(payload) for payload in vector['payloads']]
    for pieces in vectors.cuts(byte_string(vector['wire'])):
        assert decode(codec, name, vector['limit'], pieces) == (expected, None)


@vectors.framing_table('malformed')
def test_malformed(codec, name, vector):
    expected = [byte_string(payload) for payload in vector['payloads']]
    for pieces in vectors.cuts(byte_string(vector['wire'])):
        payloads, error = decode(codec, name, vector['limit'], pieces, eof=vector.get('eof', False))
        assert (payloads, error and error.kind) == (expected, vector['error'])


@vectors.framing_table('unsendable')
def test_unsendable(codec, name, vector):
    with pytest.raises(PeerError) as failure:
        codec.encode(name, byte_string(vector['payload']), vector['limit'])
    assert failure.value.kind == 'unsendable'


@vectors.framing_table('malformed')
def test_both_languages_say_the_same(name, vector):
    pytest.importorskip('cffi')
    wire = byte_string(vector['wire'])
    said = [str(decode(codec, name, vector['limit'], [wire], vector.get('eof', False))[1])
            for codec in (framing, cref)]
    assert said[0] == said[1]
    assert said[0].startswith(vector['error'] + ': ')


AS_TEXT = [
    ('u32be', b'hello', 'frame of 1751477356 bytes ("hell": does the peer speak this framing?), the limit is 300'),
    ('u32be', b'GET / HTTP', 'frame of 1195725856 bytes ("GET ": does the peer speak this framing?), the limit is 300'),
    ('u16le', b'~ ', 'frame of 8318 bytes ("~ ": does the peer speak this framing?), the limit is 300'),
    ('u64be', b'"quoted"', 'frame of 2481893991212475426 bytes (""quoted"": does the peer speak this framing?), '
                           'the limit is 300'),
    ('u16be', b'~\x7f', 'frame of 32383 bytes, the limit is 300'),
    ('u16be', b'\x1fx', 'frame of 8056 bytes, the limit is 300'),
    # One byte is a letter too often by chance, and the digits of a netstring are text in any case.
    ('u8', b'hello', None),
    ('netstring', b'301:', 'frame of 301 bytes, the limit is 300'),
]


@pytest.mark.parametrize('name, wire, text', AS_TEXT, ids=['%s-%d' % (row[0], i) for i, row in enumerate(AS_TEXT)])
def test_a_length_that_is_text_says_so(codec, name, wire, text):
    error = decode(codec, name, LIMIT, [wire], eof=False)[1]
    assert (error and error.text) == text


@given(name=st.sampled_from(sorted(framing.FORMATS)), stream=st.binary(max_size=64), data=st.data())
@settings(max_examples=300, deadline=None)
def test_any_bytes_mean_the_same_to_both(name, stream, data):
    """Garbage too: the same payloads and the same words, however it is cut."""
    pytest.importorskip('cffi')
    places = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=4)))
    pieces = [stream[begin:end] for begin, end in zip([0] + places, places + [len(stream)])]
    ours = decode(framing, name, LIMIT, pieces)
    theirs = decode(cref, name, LIMIT, pieces)
    whole = decode(framing, name, LIMIT, [stream])
    assert (ours[0], str(ours[1])) == (theirs[0], str(theirs[1])) == (whole[0], str(whole[1]))


@given(name=st.sampled_from(sorted(framing.FORMATS)), payloads=st.lists(st.binary(max_size=255), max_size=5))
@settings(max_examples=200, deadline=None)
def test_what_one_encodes_the_other_decodes(name, payloads):
    pytest.importorskip('cffi')
    for one, other in ((framing, cref), (cref, framing)):
        stream = b''.join(one.encode(name, payload, LIMIT) for payload in payloads)
        assert decode(other, name, LIMIT, [stream]) == (payloads, None)
