"""TCP carries bytes, not messages: whatever comes may come in any pieces, as a server sees them."""

from interop_tests.checks.dialogues import STREAM_PROTOCOLS, dialogue
from interop_tests.checks.registry import check
from pyside.wire.framing import FORMATS

EVERY = list(FORMATS)


@check('server', 'pieces', STREAM_PROTOCOLS, 'any-pieces', lesson='one-recv')
def a_byte_at_a_time(stand):
    """Messages that come a byte at a time are the same messages.

    wire: each byte is sent when the one before it has been read
    expected: the same reply as at once
    """
    line = stand.dial()
    for who, data in dialogue(stand).steps:
        if who == 'server':
            line.expect(data)
        elif data is None:
            line.end()
        else:
            line.send_pieces([data[index:index + 1] for index in range(len(data))])


@check('server', 'pieces', ['frame'], 'any-pieces', formats=EVERY, lesson='one-recv')
def a_header_in_pieces(stand):
    """A header that is cut between any two of its bytes is the same header.

    wire: a frame whose header has several bytes where the framing allows it, cut at every place of the header
    expected: the same frame
    """
    payload = b'x' * 200
    frame = stand.frame(payload)
    line = stand.dial()
    for place in range(1, len(frame) - len(payload) + 1):
        line.send_pieces([frame[:place], frame[place:]])
        line.expect(frame)


@check('server', 'pieces', ['frame'], 'frame-pipelined', formats=EVERY, lesson='one-recv')
def many_frames_in_a_segment(stand):
    """Frames that come together are as many frames.

    wire: 500 frames of 0 to 10 bytes, at once
    expected: 500 replies, in the same order
    """
    frames = b''.join(stand.frame(b'0123456789'[:index % 11]) for index in range(500))
    stand.dial().exchange(frames, frames)


@check('server', 'pieces', ['echo', 'upper'], 'any-pieces', lesson='bytes-and-text')
def every_byte(stand):
    """All 256 bytes are data: nothing is text, a terminator or an escape.

    wire: 00 01 02 ... ff, whole; then two bytes at a time
    expected: the same (upper: with 61 to 7a as 41 to 5a)
    """
    data = bytes(bytearray(range(256)))
    reply = data if stand.protocol == 'echo' else data.replace(
        b'abcdefghijklmnopqrstuvwxyz', b'ABCDEFGHIJKLMNOPQRSTUVWXYZ')
    line = stand.dial()
    line.send(data)
    line.expect(reply)
    for index in range(0, 256, 2):
        line.send(data[index:index + 2])
        line.expect(reply[index:index + 2])


@check('server', 'pieces', ['count'], 'count', lesson='size-without-end')
def count_waits_for_the_end(stand):
    """The number is that of all bytes up to the end, however they come.

    wire: three pieces, each read before the next is sent, and FIN after the last has been read
    expected: the number of all bytes, a newline, FIN; nothing before
    """
    line = stand.dial()
    line.send_pieces([b'a', b'bc', b'\n\0\xff'])
    line.end()
    line.expect(b'6\n')
    line.expect_end()
