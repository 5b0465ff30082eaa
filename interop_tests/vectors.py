"""Reading the vectors (``vectors/README.md`` describes the files), and cutting bytes into hostile pieces."""

import io
import json
import os
from binascii import unhexlify

import pytest

from pyside.wire.framing import DEFAULT_LIMIT, FORMATS

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'vectors')
CUT_EVERYWHERE_UP_TO = 512
EDGE = 24


def byte_string(parts):
    """Turn the parts of a byte string into bytes."""
    return b''.join(
        unhexlify(part.replace(' ', '')) if not isinstance(part, list) else unhexlify(part[0]) * part[1]
        for part in parts)


def _read(kind, name):
    with io.open(os.path.join(FOLDER, kind, name + '.json'), encoding='utf-8') as vectors:
        return json.load(vectors)


def framing(section):
    """List ``(id, format, vector)`` for ``frames``, ``malformed`` or ``unsendable`` of all framings."""
    return [
        ('%s-%s' % (name, vector['name']), name, dict(vector, limit=vector.get('limit', DEFAULT_LIMIT)))
        for name in sorted(FORMATS)
        for vector in _read('framing', name)[section]]


def framing_table(section):
    """Parametrize a test with ``name, vector`` for each vector of a section."""
    rows = framing(section)
    return pytest.mark.parametrize('name, vector', [row[1:] for row in rows], ids=[row[0] for row in rows])


def protocol(name, role):
    """List ``(id, vector)`` of one role of one protocol."""
    return [
        (vector['name'], dict(
            vector, protocol=name, format=str(vector.get('format', 'u32be')),
            limit=vector.get('limit', DEFAULT_LIMIT)))
        for vector in _read('protocol', name)[role]]


def conversations():
    """List the conversations that a fuzzer found; see ``fuzz/script.py``."""
    return _read('conversation', 'found')


def cuts(data):
    """Yield lists of pieces: whole, byte by byte, and cut in two at every place.

    Long data is cut near its ends and byte by byte only there.
    """
    yield [data] if data else []
    if len(data) <= CUT_EVERYWHERE_UP_TO:
        yield [data[index:index + 1] for index in range(len(data))]
        places = range(1, len(data))
    else:
        yield ([data[index:index + 1] for index in range(EDGE)] + [data[EDGE:-EDGE]] +
               [data[index:index + 1] for index in range(len(data) - EDGE, len(data))])
        places = list(range(1, EDGE)) + list(range(len(data) - EDGE, len(data)))
    for place in places:
        yield [data[:place], data[place:]]
