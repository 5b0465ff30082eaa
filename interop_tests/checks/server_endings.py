"""How connections end, as a server sees it: in the middle, by reset, by silence, with more behind an error.

After each check of a server another client is served: that is a part of every one of them.
"""

from interop_tests import verdict
from interop_tests.checks.dialogues import PIPELINED, STREAM_PROTOCOLS, as_client, begin_as_client, dialogue
from interop_tests.checks.line import Wrong
from interop_tests.checks.registry import ONE, TCP, check

ALL = STREAM_PROTOCOLS
MESSAGES = [b'one', b'two', b'three']
# No protocol makes sense of it, and it holds every length.
GARBAGE = b''.join(bytes(bytearray([index * 89 % 256, 0xff, index % 256])) for index in range(4096))


def _wire(stand, messages):
    return [stand.frame(message) if stand.protocol == 'frame' else message for message in messages]


def _replies(stand, messages):
    return b''.join(_wire(stand, [m.upper() if stand.protocol == 'upper' else m for m in messages]))


@check('server', 'endings', ALL, 'serves-and-stops')
def one_conversation(stand):
    """A good client is answered, and the connection ends when both sides have said everything.

    wire: one conversation of the protocol
    expected: the reply, then FIN
    """
    as_client(stand, stand.dial())


@check('server', 'endings', PIPELINED, 'answered-first', lesson='empty-recv')
def replies_owed_at_half_close(stand):
    """What was complete is answered although the client has ended its side.

    wire: three messages and FIN, at once
    expected: three replies, then FIN
    """
    line = stand.dial()
    line.send(b''.join(_wire(stand, MESSAGES)))
    line.end()
    line.expect(_replies(stand, MESSAGES))
    line.expect_end()


@check('server', 'endings', ['frame'], 'truncated', lesson='empty-recv')
def end_inside_a_message(stand):
    """The end of input inside a frame is an error: what came before it is answered, the piece is not.

    wire: one frame, the half of another one, FIN
    expected: one reply, then the end
    """
    line = stand.dial()
    line.send(stand.frame(b'one') + stand.frame(b'second')[:-3])
    line.end()
    line.expect(stand.frame(b'one'))
    line.expect_closed()


@check('server', 'endings', ALL, 'costs-one-connection', lesson='reset', transports=TCP)
def reset_inside_a_message(stand):
    """A reset in the middle of a message costs that one connection.

    wire: the half of a message, RST; five times
    expected: the next client is served
    """
    for _ in range(5):
        line = stand.dial()
        begin_as_client(stand, line)
        line.reset()


@check('server', 'endings', ALL, 'costs-one-connection', lesson='reset', transports=TCP)
def reset_behind_a_message(stand):
    """A reset while replies are on their way costs that one connection: writing to it must not end the server.

    wire: messages, RST without reading; five times
    expected: the next client is served
    """
    first = [data for who, data in dialogue(stand).steps if who == 'client'][0]
    for _ in range(5):
        line = stand.dial()
        line.send_anyway([first * (2000 if stand.protocol in PIPELINED else 1)])
        line.reset()


@check('server', 'endings', PIPELINED, 'costs-one-connection', lesson='reset', transports=TCP)
def gone_before_the_replies(stand):
    """A client that has ended and closed costs that one connection: writing to it must not end the server by SIGPIPE.

    wire: 2,000 messages and FIN, then the socket is closed, so that the first reply is answered with RST; five times
    expected: the next client is served
    """
    first = [data for who, data in dialogue(stand).steps if who == 'client'][0]
    for _ in range(5):
        line = stand.dial()
        line.send_anyway([first * 2000], end=True, wait=False)
        line.close()


@check('server', 'endings', ALL, 'costs-one-connection', transports=TCP)
def connect_and_vanish(stand):
    """A client that connects and goes away without a word costs nothing.

    wire: FIN at once, twenty times; RST at once, twenty times
    expected: the next client is served
    """
    for _ in range(20):
        stand.dial().close()
    for _ in range(20):
        stand.dial().reset()


@check('server', 'endings', ALL, 'costs-one-connection')
def garbage(stand):
    """Bytes that are no message cost that one connection.

    wire: 12,288 bytes of every length and no sense, then FIN
    expected: whatever the protocol makes of them, within the time limit; the next client is served
    """
    line = stand.dial()
    line.send_anyway([GARBAGE], end=True)
    line.read_to_end()


@check('server', 'endings', ALL, 'costs-one-connection', options=['--timeout', '0.5'], lesson='nothing-to-say')
def silence(stand):
    """A client that says nothing for longer than the time limit is let go.

    wire: half a message, then silence; --timeout 0.5
    expected: the end of the connection (greet: the line `time out` before it)
    """
    line = stand.dial()
    if stand.protocol == 'greet':
        line.expect(b'time out\n')
        line.expect_closed()
        return
    begin_as_client(stand, line)
    line.read_to_end()


@check('server', 'endings', ONE, 'costs-one-connection', options=['--timeout', '0.5'], lesson='nothing-to-say')
def silence_from_the_first(stand):
    """A client that connects and never says anything is let go, too.

    wire: silence; --timeout 0.5
    expected: the end of the connection (greet: the line `time out` before it)
    """
    line = stand.dial()
    line.read_to_end()


@check('server', 'endings', ONE, 'option-timeout', options=['--timeout', '1'])
def bytes_that_move(stand):
    """The limit is one of silence: a client that is slow, but not silent, is served.

    wire: a message in six pieces, 0.3 s apart; --timeout 1
    expected: the reply
    """
    steps = dialogue(stand).steps
    line = stand.dial()
    for number, (who, data) in enumerate(steps):
        if who == 'server':
            line.expect(data)
        elif data is None:
            line.end()
        elif number > 1:
            line.send(data)
        else:
            _send_slowly(stand, line, data)


def _send_slowly(stand, line, data):
    """Send bytes one after another; only a byte stream may answer before the last of them."""
    echoes = b'' if stand.protocol not in ('echo', 'upper') else data.upper() if stand.protocol == 'upper' else data
    pieces = [data[index:index + 1] for index in range(5)] + [data[5:]]
    came = b''
    for piece in pieces[:-1]:
        line.send(piece)
        _nothing_but(line, echoes[len(came):], 0.3)
        came += piece if echoes else b''
    line.send(pieces[-1])
    if echoes:
        line.expect(echoes[len(came):])


def _nothing_but(line, allowed, seconds):
    """Wait for a while; of what comes, only the replies to what was sent are allowed."""
    came = line.within(seconds)
    if came is None or not allowed.startswith(came):
        raise Wrong(verdict.END_OF_INPUT if came is None else verdict.WRONG_ANSWER,
                    'the connection ended' if came is None else 'it answered early', 'a server that waits')


@check('server', 'endings', ['greet'], 'option-timeout', options=['--timeout', '0.6'])
def greet_is_not_held_by_single_bytes(stand):
    """The limit of greet is one for the whole line, which single bytes must not put off.

    wire: a byte every 0.1 s, without newline; --timeout 0.6
    expected: the line `time out`, then the end
    """
    line = stand.dial()
    came = b''
    for _ in range(int(stand.seconds / 0.1) + 10):
        line.send_anyway([b'1'])
        came = line.within(0.1)
        if came != b'':
            break
    if came != b'time out\n':
        raise Wrong(verdict.TIME_OUT if came == b'' else verdict.WRONG_ANSWER, repr(came), 'the line "time out"')


@check('server', 'endings', ['echo', 'frame'], 'costs-one-connection', options=['--timeout', '0.5'],
       lesson='slow-reader')
def a_client_that_never_reads(stand):
    """A client that never reads its replies is let go when nothing has moved for the time limit.

    wire: messages without end, nothing is read; --timeout 0.5
    expected: the server stops reading, and then ends the connection
    """
    line = stand.dial()
    line.fill(_wire(stand, [b'x' * 8])[0] * 8192, 256 * 1024 * 1024)


@check('server', 'endings', ['frame'], 'malformed', options=['--max-frame', '8'])
def sends_for_ever_behind_an_error(stand):
    """Bytes that come behind an error must not keep the connection.

    wire: the header of a frame over the limit, then bytes without end
    expected: the end of the connection
    """
    line = stand.dial()
    line.send_anyway([stand.header(9)])
    line.read_to_end(1)
    line.fill(b'x' * 65536, None)
