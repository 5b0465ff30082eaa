"""Many clients, and much data: nobody waits for anybody else, and nothing is lost."""

from interop_tests import proc, verdict
from interop_tests.checks.dialogues import STREAM_PROTOCOLS, as_client, begin_as_client
from interop_tests.checks.line import Wrong
from interop_tests.checks.registry import ONE, TCP, check

CROWD = 200
MIB = 1024 * 1024


@check('server', 'crowd', STREAM_PROTOCOLS, 'serves-and-stops')
def one_client_waits_and_another_is_served(stand):
    """A client in the middle of a message holds up nobody.

    wire: half a message on one connection, a whole conversation on another
    expected: the reply on the second
    """
    begin_as_client(stand, stand.dial())
    as_client(stand, stand.dial())


@check('server', 'crowd', ONE, 'serves-and-stops', lesson='zombies')
def two_hundred_at_a_time(stand):
    """Two hundred clients are served at the same time.

    wire: 200 connections, all open before the last of them is the first to be answered
    expected: 200 conversations
    """
    lines = [stand.dial() for _ in range(CROWD)]
    for line in reversed(lines):
        as_client(stand, line)


@check('server', 'crowd', ONE, 'serves-and-stops', program=True, transports=TCP)
def no_descriptor_is_left_behind(stand):
    """Connections that have ended, well or badly, leave no descriptor behind.

    wire: forty connections, half of them good, half of them reset; then forty more
    expected: no more open descriptors after the second forty than after the first
    """
    counts = []
    for _ in range(2):
        for _ in range(20):
            with stand.dial() as line:
                begin_as_client(stand, line)
                line.reset()
            with stand.dial() as line:
                as_client(stand, line)
        counts.append(proc.descriptors(stand.server.process.pid))
    if counts[1] > counts[0] + 5:
        raise Wrong(verdict.WRONG_ANSWER, '%d open descriptors, and %d after forty more connections' % tuple(counts),
                    'as many')


@check('server', 'crowd', ['echo', 'frame', 'upper'], 'answered-first', lesson='slow-reader')
def a_slow_reader_gets_everything(stand):
    """A client that reads slowly and in small pieces gets every byte.

    wire: 4 MiB of messages; the replies are read only when no more can be sent, 1,000 bytes at a time first
    expected: every reply
    """
    message = stand.frame(b'x' * 250) if stand.protocol == 'frame' else b'X' * 256
    line = stand.dial()
    line.exchange_late(message * (4 * MIB // len(message)))


@check('server', 'crowd', ['echo'], 'echo', lesson='partial-send')
def sixty_four_mebibytes(stand):
    """64 MiB go there and back, without a deadlock and unchanged.

    wire: 64 MiB in both directions at a time
    expected: the same bytes
    """
    line = stand.dial()
    block = bytes(bytearray(index * 7 % 251 for index in range(251))) * 4096
    for _ in range(64 * MIB // len(block) + 1):
        line.exchange(block, block)
