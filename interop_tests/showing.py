"""What the report shows of a failure: the bytes with their frames, what was said on stderr, how to repeat it."""

from binascii import hexlify

from interop_tests.cases import CASES, expected_replies
from interop_tests.checks.line import KEPT, first_difference, show
from pyside.wire.errors import PeerError
from pyside.wire.framing import DEFAULT_LIMIT, FORMATS, encode

MOST_MARKS = 64
MOST_STDERR = 4000


def detail(expected, actual, log, stderr, commands, frame_format):
    """Return the ``detail`` of a cell, see docs/results.md.

    :param log: a :class:`checks.line.Log`, or None where the wire was not recorded.
    :param commands: a list of ``(what, command)``.
    """
    return {
        'expected': expected,
        'actual': actual,
        'wire': [_entry(entry, frame_format) for entry in log.entries] if log else [],
        'stderr': {who: text[-MOST_STDERR:] for who, text in stderr.items() if text},
        'commands': [{'what': what, 'command': command} for what, command in commands],
    }


def _entry(entry, frame_format):
    who, data, size, event = entry
    found = {'from': who, 'bytes': hexlify(bytes(data)).decode('ascii'), 'of': size}
    if event:
        found['event'] = event
    elif frame_format in FORMATS:
        found['marks'] = marks(bytes(data), frame_format)
    return found


def marks(data, frame_format):
    """Return ``[offset, what begins there]`` for the frames in some bytes, as far as they are frames."""
    found, place = [], 0
    the_format = FORMATS[frame_format]
    while place < len(data) and len(found) < MOST_MARKS:
        try:
            header = the_format.decode_header(bytes(data[place:place + 32]))
        except PeerError as error:
            return found + [[place, 'no header: %s' % error.text]]
        if header is None:
            return found + [[place, 'an incomplete header']]
        size, length = header
        found += [[place, 'header: %d' % length]] + ([[place + size, 'payload']] if length else [])
        place += size + length + len(the_format.trailer)
    return found


def first_difference_on_the_wire(cell, log):
    """Return in words where the server's bytes first differ from what a right server sends, or None."""
    route, case = cell.route, CASES[cell.case]
    if route.protocol not in ('echo', 'upper', 'frame') or not case.messages:
        return None
    replies = expected_replies(case, route.protocol, route.format)
    if route.protocol == 'frame':
        replies = [encode(route.format, reply, DEFAULT_LIMIT) for reply in replies]
    wanted = b''.join(replies)[:KEPT]
    came = b''.join(bytes(entry[1]) for entry in log.entries if entry[0] == 'server')[:len(wanted)]
    sent = b''.join(bytes(entry[1]) for entry in log.entries if entry[0] == 'client')
    place = first_difference(wanted, came)
    if place is None:
        if len(came) == len(wanted):
            return None
        return 'the client sent %s, the server %s' % (show(sent), show(came))
    return 'the client sent %s; byte %d from the server differs: expected %s, came %s' % (
        show(sent), place + 1, show(wanted[place:], 8), show(came[place:], 8))
