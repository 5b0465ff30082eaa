"""The vectors as checks: each of ``interop_tests/vectors`` is tried on every server and every client.

What comes from the wire comes whole, byte by byte, and cut in two behind each of its first and last bytes.
"""

from interop_tests import vectors, verdict
from interop_tests.checks.line import Wrong, show
from interop_tests.checks.registry import Check, add
from interop_tests.vectors import byte_string
from pyside.wire.errors import EXIT_STATUS
from pyside.wire.framing import DEFAULT_LIMIT

# These wait for an answer to each line; the others may send everything first.
ONE_AT_A_TIME = ['sizeok', 'greet']
# These say nothing before they have heard something.
GREETED = ['command']
PLACES = 6


def cuts(data):
    """Yield lists of pieces: whole, byte by byte near the ends, and cut in two near the ends."""
    if not data:
        yield []
        return
    yield [data]
    edge = 2 * PLACES
    yield [data[index:index + 1] for index in range(len(data))] if len(data) <= 2 * edge else (
        [data[index:index + 1] for index in range(edge)] + [data[edge:-edge]]
        + [data[index:index + 1] for index in range(len(data) - edge, len(data))])
    for place in sorted(set(list(range(1, PLACES + 1)) + list(range(len(data) - PLACES, len(data))))):
        if 0 < place < len(data):
            yield [data[:place], data[place:]]


def _limit(vector):
    return [] if vector['limit'] == DEFAULT_LIMIT else ['--max-frame', str(vector['limit'])]


def _describe(vector, received, sent):
    end = ', FIN' if vector.get('eof') else ''
    outcome = ', then the end of the connection' if vector.get('error') else ''
    return '%s%s' % (show(received), end), '%s%s' % (show(sent), outcome)


def _server_frames(vector):
    wire = byte_string(vector['wire'])

    def run(stand):
        whole = stand.dial()
        whole.send(wire)
        whole.end()
        whole.expect(wire)
        whole.expect_end()
        line = stand.dial()
        for pieces in cuts(wire):
            line.send_pieces(pieces)
            line.expect(wire)
    return run, show(wire) + ', FIN; over another connection again and again, cut at another place each time', (
        'the same, each time')


def _server_malformed(vector):
    wire = byte_string(vector['wire'])

    def run(stand):
        answered = b''.join(stand.frame(byte_string(payload)) for payload in vector['payloads'])
        for pieces in stand.ways(cuts(wire)):
            with stand.dial() as line:
                line.send_anyway(pieces, vector.get('eof'))
                line.expect(answered)
                line.expect_closed()
    return run, show(wire) + (', FIN' if vector.get('eof') else ''), (
        '%d replies, then the end of the connection (%s)' % (len(vector['payloads']), vector['error']))


def _client_frames(vector):
    wire = byte_string(vector['wire'])
    payloads = [byte_string(payload) for payload in vector['payloads']]

    def run(stand):
        stand.start(payloads * 2, end=True)
        line = stand.accept()
        for pieces in list(cuts(wire))[:2]:
            line.expect(wire)
            line.send_pieces(pieces)
        stand.ends(0, payloads * 2)
    return run, 'the client is given %d messages, twice; the server answers whole, then byte by byte' % (
        len(payloads)), 'on the wire %s; the replies, exit status 0' % show(wire)


def _client_malformed(vector):
    wire = byte_string(vector['wire'])
    payloads = [byte_string(payload) for payload in vector['payloads']]

    def run(stand):
        unanswered = b'' if vector['limit'] == 0 else b'x'
        for pieces in stand.ways(list(cuts(wire))[:2]):
            stand.start(payloads + [unanswered])
            with stand.accept() as line:
                line.expect(b''.join(stand.frame(payload) for payload in payloads + [unanswered]))
                line.send_anyway(pieces, vector.get('eof'))
                stand.ends(3, payloads)
    return run, 'the server answers %s%s' % (show(wire), ', FIN' if vector.get('eof') else ''), (
        '%d replies, then exit status 3 (%s)' % (len(payloads), vector['error']))


def _client_unsendable(vector):
    payload = byte_string(vector['payload'])

    def run(stand):
        first = b'x' if vector['limit'] else b''
        stand.start([first, payload])
        with stand.accept() as line:
            line.expect(stand.frame(first))
            line.send(stand.frame(first))
            stand.ends(2, [first])
    return run, 'the client is given a message, then one of %d bytes' % len(payload), (
        'the first reply, exit status 2')


def _server_protocol(vector):
    received, sent = byte_string(vector['receive']), byte_string(vector['send'])

    def run(stand):
        for pieces in stand.ways(cuts(received)):
            with stand.dial() as line:
                line.send_anyway(pieces, vector.get('eof'))
                line.expect(sent)
                if vector['error'] and not vector.get('timeout'):
                    line.expect_closed()
                elif vector.get('eof') or vector.get('timeout'):
                    line.expect_end()
    return (run,) + _describe(vector, received, sent)


def _client_protocol(vector):
    messages = [byte_string(message) for message in vector['messages']]
    replies = [byte_string(reply) for reply in vector['replies']]
    received, sent = byte_string(vector['receive']), byte_string(vector['send'])
    status = EXIT_STATUS[vector['error']] if vector['error'] else 0

    def run(stand):
        first = len(messages[0]) + 1 if stand.protocol in ONE_AT_A_TIME and messages else len(sent)
        first = 0 if stand.protocol in GREETED else first
        # A client that has all its replies closes; it sees what follows only if it comes with the last one.
        count = 1 if vector['error'] == 'malformed' and replies else 2
        for pieces in stand.ways(list(cuts(received))[:count]):
            stand.start(messages)
            with stand.accept() as line:
                line.expect(sent[:first])
                line.send_anyway(pieces, vector.get('eof'))
                stand.ends(status, replies, or_replies=_with_a_part(stand, vector, replies, received))
                rest = line.read_to_end()
                if rest != sent[first:] and not (rest == b'' and vector['error']):
                    raise Wrong(verdict.WRONG_ANSWER, show(rest), show(sent[first:]))
    wire, _ = _describe(vector, received, sent)
    return run, 'the client is given %d messages; the server answers %s' % (len(messages), wire), (
        'sent: %s; %d replies, exit status %d' % (show(sent), len(replies), status))


def _with_a_part(stand, vector, replies, received):
    """Return the replies with the part of a cut one behind them, which a client of a byte stream may print, or None."""
    if stand.protocol in ('echo', 'upper') and vector['error'] == 'truncated':
        rest = received[sum(len(reply) for reply in replies):]
        return replies + [rest] if rest else None
    return None


def _add(role, theme, name, demand, run, protocol, clause, formats=None, options=()):
    function, wire, expected = run
    add(Check(name, role, theme, demand, wire, expected, [protocol], formats, None, list(options), clause, None,
              False, function))


def _only_what_every_server_allows(vector):
    return all(byte_string(result['request']) in (b'true', b'false') for result in vector.get('results', []))


KINDS = [
    ('server', 'frames', _server_frames, 'framings', 'The frame is understood in any pieces, and the same comes back.'),
    ('server', 'malformed', _server_malformed, 'malformed',
     'What is no frame ends the connection, after what was complete has been answered.'),
    ('client', 'frames', _client_frames, 'framings', 'Messages are sent as these frames, and the replies understood.'),
    ('client', 'malformed', _client_malformed, 'status-3',
     'A reply that is no frame is an error, after what was complete has been printed.'),
    ('client', 'unsendable', _client_unsendable, 'status-2', 'A message that the framing cannot carry is refused.'),
]


def _framing_checks():
    for role, section, make, clause, demand in KINDS:
        for identity, name, vector in vectors.framing(section):
            _add(role, 'vectors of framings', '%s-%s' % (section, identity), demand, make(vector), 'frame', clause,
                 [name], _limit(vector))


def _protocol_checks():
    for protocol in ('command', 'count', 'echo', 'frame', 'greet', 'sizeok', 'upper'):
        for name, vector in vectors.protocol(protocol, 'server'):
            if _only_what_every_server_allows(vector):
                options = _limit(vector) + (['--timeout', '0.5'] if vector.get('timeout') else [])
                _add('server', 'vectors of protocols', 'receives-%s' % name if protocol == 'frame' else '%s-%s' % (
                    protocol, name), 'What the server receives has exactly this answer, in any pieces.',
                    _server_protocol(vector), protocol, protocol, [vector['format']] if protocol == 'frame' else None,
                    options)
        for name, vector in vectors.protocol(protocol, 'client'):
            if protocol == 'count' and vector['error'] == 'wrong':
                continue  # the client may try again: client_replies.py
            if protocol in ('sizeok', 'command') and len(vector['messages']) > 1:
                continue  # their second reply stands before its request, which a client may refuse
            options = _limit(vector)
            _add('client', 'vectors of protocols', 'receives-%s' % name if protocol == 'frame' else '%s-%s' % (
                protocol, name), 'These messages are sent so, and these answers understood so.',
                _client_protocol(vector), protocol, protocol, [vector['format']] if protocol == 'frame' else None,
                options)


_framing_checks()
_protocol_checks()
