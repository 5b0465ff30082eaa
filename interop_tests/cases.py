"""What the cells of the matrix send, and what has to come back.

``python -m interop_tests.cases PROTOCOL FORMAT CASE`` prints the lines that the
matrix writes to the client, so that a cell can be repeated by hand.
"""

import sys
from binascii import hexlify
from collections import OrderedDict, namedtuple

from pyside.protocols.table import PROTOCOLS
from pyside.wire.framing import FORMATS

EDGES = [0, 1, 127, 128, 255, 256, 16383, 16384, 65535, 65536, 1024 * 1024]
PIPELINED = 2000
ONE_AT_A_TIME = 100

# Only frame has a choice of framings.
PROTOCOL_FORMATS = OrderedDict((name, list(FORMATS) if name == 'frame' else ['-']) for name in PROTOCOLS)
# A transport is an address family and, behind a dash, a socket type, where that is no stream.
STREAMS = ['inet', 'inet6', 'unix']
DATAGRAMS = ['inet-dgram', 'inet6-dgram', 'unix-dgram', 'unix-seqpacket']
TRANSPORTS = {name: STREAMS + (DATAGRAMS if row.over_datagrams else []) for name, row in PROTOCOLS.items()}

# Whatever any system takes for one datagram; test_datagrams.py looks for the limits.
DATAGRAM_CASES = ['nothing', 'one-byte', 'every-byte', 'newlines-and-nuls', 'empty-messages', 'split-character',
                  'length-255', 'length-16384', 'close']

# messages: what the client is given; alone: whether it needs a client process of its own.
Case = namedtuple('Case', 'name messages alone')

EVERY_BYTE = bytes(bytearray(range(256)))
A_TO_Z = EVERY_BYTE.replace(b'abcdefghijklmnopqrstuvwxyz', b'ABCDEFGHIJKLMNOPQRSTUVWXYZ')
COMMANDS = {b'true': b'\0Done.\n', b'false': b'\1Done.\n'}
TEXT = u'na\xefve \u20ac \U0001f40d'.encode('utf-8')


def _pattern(length):
    """Bytes in which a lost, doubled or swapped piece shows: no period that a buffer size would divide.

    Without newlines, which have a case of their own, because some protocols cannot carry them.
    """
    block = bytes(bytearray(index * 7 % 251 for index in range(251))).replace(b'\n', b'\xff')
    return (block * (length // 251 + 1))[:length]


def _cases():
    yield Case('nothing', [], True)
    yield Case('one-byte', [b'x'], False)
    yield Case('one', [b'1'], False)
    yield Case('every-byte', [EVERY_BYTE[:128], EVERY_BYTE[128:]], False)
    yield Case('newlines-and-nuls', [b'\n', b'\0', b'\r\n', b'\n\0\n', b'\0\0\0\0', b' ', b'\t'], False)
    yield Case('empty-messages', [b'', b'', b'x', b''], False)
    yield Case('split-character', [TEXT[:cut] for cut in (3, 9)] + [TEXT[3:], TEXT[9:]], False)
    for length in EDGES:
        yield Case('length-%d' % length, [_pattern(length)], False)
    yield Case('pipelined', [_pattern(index % 11) for index in range(PIPELINED)], False)
    yield Case('commands', [b'true', b'false', b'false', b'true'], False)
    yield Case('close', [], False)


CASES = OrderedDict((case.name, case) for case in _cases())


def _upper(messages):
    return [message.translate(A_TO_Z) for message in messages]


def _greetings(messages):
    return [b'welcome to server!' if first == b'1' else b'please go out!' for first in messages[:1]]


def _number(messages):
    return [str(sum(map(len, messages))).encode('ascii')]


# What the suite knows of each protocol.
# replies: from messages to what the client has to print.  many: one connection carries many messages, so that one
# client process can carry many cases.  newlines: whether a message can hold one.  cases: None for all.
Known = namedtuple('Known', 'replies many newlines cases')

KNOWN = {
    'command': Known(lambda names: [COMMANDS[name] for name in names], False, True, [
        'nothing', 'commands']),  # what every server's allow-list has
    'count': Known(_number, False, True, [  # a count has no header, whose edges would mean something
        'nothing', 'one-byte', 'every-byte', 'newlines-and-nuls', 'empty-messages', 'length-65536', 'length-1048576',
        'pipelined']),
    'echo': Known(list, True, True, None),
    'frame': Known(list, True, True, None),
    'greet': Known(_greetings, False, False, ['nothing', 'one', 'one-byte', 'empty-messages', 'length-65536']),
    'sizeok': Known(_upper, True, False, None),
    'upper': Known(_upper, True, True, None),
}


def messages_of(case, protocol):
    """Return the messages of a case; a protocol that waits for each reply needs fewer to show the same."""
    return case.messages if protocol in ('echo', 'frame', 'upper', 'count') else case.messages[:ONE_AT_A_TIME]


def transport_options(transport):
    """Return the words of the command line that choose a transport."""
    family, _, kind = transport.partition('-')
    return ['--family', family] + (['--type', kind] if kind else [])


def cases_for(protocol, frame_format, transport):
    """List the cases that tell something about a protocol, framing and transport.

    Of the messages that a header cannot carry, the shortest is enough.
    """
    if transport in DATAGRAMS:
        return DATAGRAM_CASES
    if KNOWN[protocol].cases is not None:
        return KNOWN[protocol].cases
    refused = [name for name, case in CASES.items() if refused_at(case, protocol, frame_format) is not None]
    return [name for name in CASES if name not in refused[1:] and name != 'commands']


def runs_alone(case, protocol, frame_format):
    """Whether the case ends its client: then nothing can follow on the same connection."""
    return case.alone or not KNOWN[protocol].many or refused_at(case, protocol, frame_format) is not None


def refused_at(case, protocol, frame_format):
    """Return the index of the first message that the protocol or the framing cannot carry, or None."""
    capacity = FORMATS[frame_format].capacity if frame_format in FORMATS else None
    for index, message in enumerate(messages_of(case, protocol)):
        if capacity is not None and len(message) > capacity:
            return index
        if not KNOWN[protocol].newlines and b'\n' in message:
            return index
    return None


def expected_replies(case, protocol, frame_format):
    """Return the payloads that the client has to print."""
    messages = messages_of(case, protocol)[:refused_at(case, protocol, frame_format)]
    return KNOWN[protocol].replies(messages)


def lines(messages):
    """Return messages as the client reads them with ``--hex``."""
    return b''.join(hexlify(message) + b'\n' for message in messages)


def main(protocol, frame_format, name):
    getattr(sys.stdout, 'buffer', sys.stdout).write(lines(messages_of(CASES[name], protocol)))


if __name__ == '__main__':
    main(*sys.argv[1:])
