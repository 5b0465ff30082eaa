"""The limit of a payload, as a server keeps it: exactly, at once, and before it allocates."""

from interop_tests import proc, verdict
from interop_tests.checks.line import Wrong
from interop_tests.checks.registry import check
from pyside.wire.framing import DEFAULT_LIMIT, FORMATS

MIB = 1024 * 1024
EVERY = list(FORMATS)
LARGE = [name for name in EVERY if FORMATS[name].capacity > DEFAULT_LIMIT]
# Where other systems have theirs: DJB's qmail and python netstring 99,999; Thrift 16,384,000; many 1 MiB.
FOREIGN_LIMITS = [99999, 100000, MIB - 1, MIB, MIB + 1, 16384000]


@check('server', 'limits', ['frame'], 'option-max-frame', formats=EVERY, options=['--max-frame', '8'])
def payload_of_the_limit(stand):
    """A payload as long as the limit is accepted.

    wire: a frame of 8 bytes; --max-frame 8
    expected: the same frame
    """
    line = stand.dial()
    line.send(stand.frame(b'12345678'))
    line.expect(stand.frame(b'12345678'))
    line.end()
    line.expect_end()


@check('server', 'limits', ['frame'], 'limit-first', formats=EVERY, options=['--max-frame', '8'])
def payload_over_the_limit(stand):
    """A length over the limit ends the connection as soon as it is there, without waiting for the payload.

    wire: a frame, then the header of a frame of 9 bytes and not one of them; --max-frame 8
    expected: one reply, then the end of the connection
    """
    line = stand.dial()
    line.send(stand.frame(b'one') + stand.header(9))
    line.expect(stand.frame(b'one'))
    line.expect_closed()


@check('server', 'limits', ['frame'], 'answered-first', formats=EVERY, options=['--max-frame', '8'])
def frames_with_an_error_behind_them(stand):
    """Frames that come in one segment with an error behind them are answered, all of them.

    wire: three frames, the header of a frame of 9 bytes, nine bytes, one more frame, at once; --max-frame 8
    expected: three replies, then the end of the connection
    """
    frames = [stand.frame(text) for text in (b'one', b'', b'three')]
    line = stand.dial()
    line.send(b''.join(frames) + stand.header(9) + b'123456789' + stand.frame(b'four'))
    line.expect(b''.join(frames))
    line.expect_closed()


@check('server', 'limits', ['frame'], 'limit', formats=LARGE)
def default_limit(stand):
    """Without --max-frame the limit is 16 MiB.

    wire: the header of a frame of 16 MiB and one byte
    expected: the end of the connection
    """
    line = stand.dial()
    line.send(stand.header(DEFAULT_LIMIT + 1))
    line.expect_closed()


@check('server', 'limits', ['frame'], 'limit', formats=None)
def foreign_limits(stand):
    """Sizes at which other systems have their limits are accepted.

    wire: frames of 99,999, 100,000, 1 MiB - 1, 1 MiB, 1 MiB + 1 and 16,384,000 bytes
    expected: the same frames
    """
    line = stand.dial()
    for size in FOREIGN_LIMITS:
        if size <= FORMATS[stand.format].capacity:
            _there_and_back(stand, line, size)


@check('server', 'limits', ['frame'], 'limit', formats=None)
def largest_payload(stand):
    """A payload of 16 MiB, the default limit itself, is accepted.

    wire: a frame of 16,777,216 bytes, or as many as the header can say
    expected: the same frame
    """
    _there_and_back(stand, stand.dial(), min(DEFAULT_LIMIT, FORMATS[stand.format].capacity))


def _there_and_back(stand, line, size):
    frame = stand.frame(b'0123456789abcdef' * (size // 16) + b'0123456789abcdef'[:size % 16])
    line.exchange(frame, frame)


@check('server', 'limits', ['frame'], 'limit-first', formats=None, program=True)
def memory_does_not_follow_a_length(stand):
    """A length that is only announced costs no memory.

    wire: the headers of eight frames of 16 MiB on eight connections, and no payload
    expected: the server needs less than half of what was announced
    """
    most = min(DEFAULT_LIMIT, FORMATS[stand.format].capacity)
    _memory_of_connections(stand, 1)  # threads and their stacks, which stay for the next ones
    before = _memory_of_connections(stand, 1)
    after = _memory_of_connections(stand, most)
    if after > before + 8 * most // 2:
        raise Wrong(verdict.WRONG_ANSWER, '%d MiB more than for eight frames of one byte' % ((after - before) // MIB),
                    'less than %d MiB for eight announced frames' % (8 * most // 2 // MIB))


def _memory_of_connections(stand, length):
    """Return the writable memory of the server while eight frames of a length are only announced."""
    lines = [stand.dial() for _ in range(8)]
    for line in lines:
        line.send_pieces([stand.header(length)])
        # What is answered to it shows that it has been looked at: nothing, and the connection stays.
        if line.within(0.02) is None:
            raise Wrong(verdict.END_OF_INPUT, 'the end of the connection', 'patience')
    found = proc.data_of_session(stand.server.process.pid)
    for line in lines:
        line.close()
    return found
