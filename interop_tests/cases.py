"""What the cells of the matrix send, and what has to come back.

``python -m interop_tests.cases PROTOCOL FORMAT CASE`` prints the lines that the
matrix writes to the client, so that a cell can be repeated by hand.
"""

import sys
from binascii import hexlify
from collections import OrderedDict, namedtuple

EDGES = [0, 1, 127, 128, 255, 256, 16383, 16384, 65535, 65536, 1024 * 1024]
CAPACITY = {'u8': 0xff, 'u16be': 0xffff, 'u16le': 0xffff}
PIPELINED = 2000

PROTOCOL_FORMATS = OrderedDict([
    ('echo', ['-']),
    ('frame', ['u8', 'u16be', 'u32be', 'u64be', 'u16le', 'u32le', 'varint', 'netstring']),
    ('count', ['-']),
])
FAMILIES = ['inet', 'inet6', 'unix']

# A count has no header, so that the edges of headers mean nothing to it.
COUNT_CASES = [
    'nothing', 'one-byte', 'every-byte', 'newlines-and-nuls', 'empty-messages', 'length-65536', 'length-1048576',
    'pipelined']

# messages: what the client is given; alone: whether it needs a client process of its own.
Case = namedtuple('Case', 'name messages alone')

EVERY_BYTE = bytes(bytearray(range(256)))
TEXT = u'na\xefve \u20ac \U0001f40d'.encode('utf-8')


def _pattern(length):
    """Bytes in which a lost, doubled or swapped piece shows: no period that a buffer size would divide."""
    block = bytes(bytearray(index * 7 % 251 for index in range(251)))
    return (block * (length // 251 + 1))[:length]


def _cases():
    yield Case('nothing', [], True)
    yield Case('one-byte', [b'x'], False)
    yield Case('every-byte', [EVERY_BYTE[:128], EVERY_BYTE[128:]], False)
    yield Case('newlines-and-nuls', [b'\n', b'\0', b'\r\n', b'\n\0\n', b'\0\0\0\0', b' ', b'\t'], False)
    yield Case('empty-messages', [b'', b'', b'x', b''], False)
    yield Case('split-character', [TEXT[:cut] for cut in (3, 9)] + [TEXT[3:], TEXT[9:]], False)
    for length in EDGES:
        yield Case('length-%d' % length, [_pattern(length)], False)
    yield Case('pipelined', [_pattern(index % 11) for index in range(PIPELINED)], False)
    yield Case('close', [], False)


CASES = OrderedDict((case.name, case) for case in _cases())


def cases_for(protocol, frame_format):
    """List the cases that tell something about a protocol and framing.

    Of the messages that a header cannot carry, the shortest is enough.
    """
    if protocol == 'count':
        return COUNT_CASES
    refused = [name for name, case in CASES.items() if refused_at(case, frame_format) is not None]
    return [name for name in CASES if name not in refused[1:]]


def runs_alone(case, protocol, frame_format):
    """Whether the case ends its client: then nothing can follow on the same connection."""
    return case.alone or protocol == 'count' or refused_at(case, frame_format) is not None


def refused_at(case, frame_format):
    """Return the index of the first message that the framing cannot carry, or None."""
    capacity = CAPACITY.get(frame_format)
    for index, message in enumerate(case.messages):
        if capacity is not None and len(message) > capacity:
            return index
    return None


def expected_replies(case, protocol, frame_format):
    """Return the payloads that the client has to print."""
    if protocol == 'count':
        return [str(sum(map(len, case.messages))).encode('ascii')]
    return case.messages[:refused_at(case, frame_format)]


def lines(messages):
    """Return messages as the client reads them with ``--hex``."""
    return b''.join(hexlify(message) + b'\n' for message in messages)


def main(protocol, frame_format, name):
    getattr(sys.stdout, 'buffer', sys.stdout).write(lines(CASES[name].messages))


if __name__ == '__main__':
    main(*sys.argv[1:])
