"""Making scripts from a seed: what a client of the protocol would say, whole or damaged, cut anywhere, at any time."""

from binascii import hexlify

from interop_tests import vectors
from interop_tests.fuzz.script import FORMAT_NAMES, LIMITS, PROTOCOL_NAMES, ROLES
from interop_tests.vectors import byte_string
from pyside.wire.framing import FORMATS

LONGEST_STEP = 255
STEPS = 12
TROUBLE = 8  # one script in so many has its bytes damaged


def script(rng):
    """Make a script.

    :param rng: a :class:`random.Random`.
    """
    made = {
        'protocol': rng.choice(PROTOCOL_NAMES), 'format': rng.choice(FORMAT_NAMES), 'limit': rng.choice(LIMITS),
        'role': rng.choice(ROLES)}
    make = {'server': _server_steps, 'client': _client_steps}[made['role']]
    made['steps'] = make(rng, made)
    return made


def from_vectors():
    """Yield a script for each vector: the first things that a fuzzer tries."""
    for found in vectors.conversations():
        yield {key: found[key] for key in ('protocol', 'format', 'limit', 'role', 'steps')}
    for protocol in PROTOCOL_NAMES:
        for role in ROLES:
            for _, vector in vectors.protocol(protocol, role):
                limit = vector['limit'] if vector['limit'] in LIMITS else LIMITS[-1]
                steps = []
                for message in vector.get('messages', []):
                    steps += [['submit', 0, part] for part in _parts(byte_string(message))] + [['submit', 1, ['']]]
                if role == 'client':
                    steps.append(['submit_eof'])
                verb = 'feed' if role == 'server' else 'receive'
                steps += [[verb, part] for part in _parts(byte_string(vector['receive']))]
                steps += [['program_done', result['status'], 0, _hex(byte_string(result['output'])[:LONGEST_STEP])]
                          for result in vector.get('results', [])]
                if vector.get('eof'):
                    steps.append([verb + '_eof'])
                yield {'protocol': protocol, 'format': vector['format'], 'limit': limit, 'role': role, 'steps': steps}


def _server_steps(rng, made):
    steps = []
    wire = _wire(rng, made)
    for _ in range(rng.randrange(STEPS)):
        piece, wire = _cut(rng, wire)
        steps.append(rng.choice((
            ['feed', _hex(piece)], ['feed', _hex(piece)], ['feed', _hex(piece)],
            ['feed', [[_hex(_request(rng, made)[:LONGEST_STEP])[0], rng.choice((2, 100, 1025, 4000))]]],
            ['tick'], ['later', rng.choice((1, 4, 7, 8, 20, 21, 255))],
            ['sent', rng.randrange(256)], ['sent', 255], ['half_closed'],
            ['program_done', rng.randrange(256), rng.randrange(2), _hex(_bytes(rng, 40))])))
    steps.append(rng.choice((
        ['feed_eof'], ['feed_eof'], ['lost', rng.randrange(2)], ['stop'], ['later', 21])))
    return steps + [['sent', 255], ['program_done', 0, 0, ['']], ['tick'], ['sent', 255], ['later', 8], ['tick']]


def _client_steps(rng, made):
    steps = []
    wire = _wire(rng, made)
    for _ in range(rng.randrange(STEPS)):
        piece, wire = _cut(rng, wire)
        message = ['submit', rng.randrange(2), _hex(_message(rng))]
        steps.append(rng.choice((
            message, message, message, ['relay'], ['relay'], ['receive', _hex(piece)], ['submit_eof'],
            ['submit', 1, [[_hex(_message(rng))[0], rng.choice((2, 300))]]])))
    return steps + [['submit_eof'], ['relay'], rng.choice((['receive', _hex(wire[:9])], ['relay'])), ['receive_eof']]


def _wire(rng, made):
    """Return what a client sends in a few requests, sometimes damaged."""
    wire = bytearray(b''.join(_request(rng, made) for _ in range(rng.randrange(1, 6))))
    if rng.randrange(TROUBLE) == 0 and wire:
        for _ in range(rng.randrange(1, 4)):
            place = rng.randrange(len(wire))
            damage = rng.randrange(3)
            if damage == 0:
                wire[place] ^= 1 << rng.randrange(8)
            elif damage == 1:
                del wire[place:place + rng.randrange(1, 4)]
            else:
                wire[place:place] = rng.choice((b'\0', b'\xff' * 9, b'\x80' * 10, b':', b'0', b'\n', b'ok\n'))
            wire = wire or bytearray(b'\0')
    return bytes(wire)


def _request(rng, made):
    """Return the bytes of one request, in the way of its protocol most of the time."""
    message = _message(rng)
    if made['protocol'] in ('frame', 'command'):
        frame_format = FORMATS['u32be' if made['protocol'] == 'command' else made['format']]
        message = message[:frame_format.capacity]
        return frame_format.encode_header(len(message)) + message + frame_format.trailer
    if made['protocol'] in ('sizeok', 'greet'):
        return message.replace(b'\n', b'') + b'\n' + rng.choice((b'ok\n', b'ok\n', b'o', b''))
    return message


def _message(rng):
    return rng.choice((
        b'', b'1', b'true', b'false', b'hello', b'Hello, \xc3\xa9\n', b'\0' * 9, b'x' * 255, b'300\n', b'Welcome',
        _bytes(rng, 8), _bytes(rng, LONGEST_STEP)))


def _bytes(rng, most):
    return bytes(bytearray(rng.randrange(256) for _ in range(rng.randrange(most))))


def _cut(rng, wire):
    place = rng.choice((1, 2, rng.randrange(1, 20), len(wire)))
    place = min(place, LONGEST_STEP)
    return wire[:place], wire[place:]


def _parts(data):
    return [_hex(data[at:at + LONGEST_STEP]) for at in range(0, len(data), LONGEST_STEP)]


def _hex(data):
    return [hexlify(data).decode('ascii')]
