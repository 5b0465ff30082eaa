"""What a client makes of what comes back: the answer, its exit status, and nothing lost that came before."""

from interop_tests import verdict
from interop_tests.checks.dialogues import MANY, PIPELINED, STREAM_PROTOCOLS, as_server_up_to_the_reply, dialogue
from interop_tests.checks.line import Wrong
from interop_tests.checks.registry import ONE, TCP, check
from pyside.wire.framing import FORMATS

ALL = STREAM_PROTOCOLS
COMPARED = ['echo', 'frame', 'upper', 'sizeok', 'greet']
EVERY = list(FORMATS)
MOST_ATTEMPTS = 100


def _begin(stand, end=True):
    """Start the client with one message; return the line and the reply that is missing."""
    stand.start([dialogue(stand).message], end)
    line = stand.accept()
    return line, as_server_up_to_the_reply(stand, line)


@check('client', 'replies', ALL, 'finishes')
def one_conversation(stand):
    """A client that is answered prints the reply and ends with 0.

    wire: one conversation of the protocol
    expected: the reply, exit status 0
    """
    line, reply = _begin(stand)
    line.send(reply)
    stand.ends(0, [dialogue(stand).reply])


@check('client', 'replies', ALL, 'any-pieces', lesson='one-recv')
def a_reply_a_byte_at_a_time(stand):
    """A reply that comes a byte at a time is the same reply.

    wire: each byte of the reply is sent when the one before it has been read
    expected: the reply, exit status 0
    """
    line, reply = _begin(stand)
    line.send_anyway([reply[index:index + 1] for index in range(len(reply))])
    stand.ends(0, [dialogue(stand).reply])


@check('client', 'replies', COMPARED, 'compares')
def a_wrong_reply(stand):
    """A client compares, and a wrong answer is its exit status.

    wire: a reply in which one byte is another one
    expected: the reply as it came, exit status 1
    """
    line, _ = _begin(stand)
    wrong = dialogue(stand).wrong
    line.send(wrong)
    payload = {'frame': b'hellO', 'greet': b'please go out!'}.get(stand.protocol, wrong)
    stand.ends(1, [payload])


@check('client', 'replies', ['count'], 'count-again')
def count_tries_again(stand):
    """A client that is told a wrong number sends the same bytes again on a new connection.

    wire: a number that is one too small; on the next connection the right one
    expected: the bytes of the message on both; the right number, exit status 0
    """
    line, _ = _begin(stand)
    with line:
        line.send(b'4\n')
    if stand.somebody_dials():
        line = stand.accept()
        line.send(as_server_up_to_the_reply(stand, line))
    stand.ends(0, [b'5'])


@check('client', 'replies', ['count'], 'count-again')
def count_gives_up(stand):
    """A client that is told a wrong number each time gives up after a bounded number of attempts.

    wire: on each connection a number that is one too small
    expected: the wrong number, exit status 1
    """
    line, _ = _begin(stand)
    for _ in range(MOST_ATTEMPTS):
        line.send(b'4\n')
        line.close()
        if stand.client.process.ends_within(0) or not stand.somebody_dials():
            break
        line = stand.accept()
        as_server_up_to_the_reply(stand, line)
    else:
        raise Wrong(verdict.TIME_OUT, '%d attempts' % MOST_ATTEMPTS, 'a bounded number')
    stand.ends(1, [b'4'])


@check('client', 'replies', ALL, 'status-3', lesson='size-without-end')
def the_end_instead_of_a_reply(stand):
    """A server that ends the connection before its reply has broken the protocol.

    wire: FIN where the reply should be
    expected: no reply, exit status 3
    """
    line, _ = _begin(stand)
    line.close()
    stand.ends(3, [])


@check('client', 'replies', ALL, 'status-3', lesson='size-without-end')
def the_end_inside_a_reply(stand):
    """A reply that is cut short is not a reply.

    wire: the first half of the reply, FIN
    expected: exit status 3
    """
    line, reply = _begin(stand)
    # Of a number in digits any part is a number: there the end comes before the first of them.
    half = reply[:0] if stand.protocol == 'count' else reply[:len(reply) // 2]
    line.send(half)
    line.end()
    stand.ends(3, [], or_replies=[half] if stand.protocol in ('echo', 'upper') else None)


@check('client', 'replies', ALL, 'status-5', lesson='reset', transports=TCP)
def a_reset_instead_of_a_reply(stand):
    """A reset is not the end of input, and never a success.

    wire: RST where the reply should be
    expected: no reply, exit status 5
    """
    line, _ = _begin(stand)
    line.reset()
    stand.ends(5, [])


@check('client', 'replies', ALL, 'status-4', options=['--timeout', '0.5'], lesson='nothing-to-say')
def silence_instead_of_a_reply(stand):
    """A client does not wait for ever.

    wire: nothing where the reply should be; --timeout 0.5
    expected: no reply, exit status 4
    """
    _begin(stand)
    stand.ends(4, [])


@check('client', 'replies', PIPELINED, 'replies-before-errors', lesson='reset', transports=TCP)
def replies_before_a_reset(stand):
    """Replies that came before a reset are printed all the same.

    wire: one reply, and when the client has printed it, RST
    expected: one reply, exit status 5
    """
    stand.start([b'one', b'two'], end=False)
    line = stand.accept()
    replies = [b'ONE' if stand.protocol == 'upper' else b'one', b'two']
    line.expect(b''.join(stand.frame(m) if stand.protocol == 'frame' else m for m in (b'one', b'two')))
    line.send(stand.frame(replies[0]) if stand.protocol == 'frame' else replies[0])
    stand.prints(replies[:1])
    line.reset()
    stand.ends(5, [])


@check('client', 'replies', ['echo', 'frame', 'upper'], 'status-3')
def more_than_was_asked_for(stand):
    """A reply that nobody asked for breaks the protocol, although the ones before it are right.

    wire: the reply twice, at once
    expected: the first reply, exit status 3
    """
    line, reply = _begin(stand)
    line.send(reply * 2)
    stand.ends(3, [dialogue(stand).reply])


@check('client', 'replies', ['echo', 'frame', 'upper'], 'status-3')
def replies_before_the_message(stand):
    """A server that answers before it was asked gets no further than one that answers too often.

    wire: the reply twice as soon as the client has connected; its message is not read
    expected: the first reply or none, exit status 3
    """
    stand.start([dialogue(stand).message])
    line = stand.accept()
    line.send_anyway([dialogue(stand).steps[-1][1] * 2], wait=False)
    stand.ends(3, [dialogue(stand).reply], or_replies=[])


@check('client', 'replies', ['frame'], 'limit', formats=EVERY, options=['--max-frame', '8'])
def a_reply_over_the_limit(stand):
    """A client refuses a reply over the limit as soon as the length is there.

    wire: a reply, then the header of a frame of 9 bytes and not one of them; --max-frame 8
    expected: the first reply, exit status 3
    """
    stand.start([b'one', b'two'])
    line = stand.accept()
    line.expect(stand.frame(b'one') + stand.frame(b'two'))
    line.send(stand.frame(b'one') + stand.header(9))
    stand.ends(3, [b'one'])


@check('client', 'replies', ALL, 'finishes')
def the_server_never_closes(stand):
    """A client that has every reply ends, whether the server closes its side or not.

    wire: the reply, then neither a byte nor FIN
    expected: the reply, exit status 0
    """
    line, reply = _begin(stand)
    line.send(reply)
    stand.ends(0, [dialogue(stand).reply])


@check('client', 'replies', [name for name in ALL if name != 'count'], 'half-close')
def no_end_before_the_reply(stand):
    """A client that waits for a reply has not closed its sending side, although its input has ended.

    wire: the message, and for a moment nothing back; then the reply
    expected: no FIN before the reply; the reply, exit status 0
    """
    line, reply = _begin(stand)
    if line.within(0.1) is None:
        raise Wrong(verdict.WRONG_ANSWER, 'FIN before the reply', 'FIN behind the reply')
    line.send(reply)
    stand.ends(0, [dialogue(stand).reply])


@check('client', 'replies', ONE, 'option-timeout', options=['--timeout', '1'])
def a_slow_reply(stand):
    """The limit is one of silence: a reply that comes slowly, but comes, is a reply.

    wire: the reply in pieces, 0.3 s apart; --timeout 1
    expected: the reply, exit status 0
    """
    line, reply = _begin(stand)
    pieces = [reply[index:index + 1] for index in range(min(5, len(reply) - 1))]
    for piece in pieces + [reply[len(pieces):]]:
        line.send(piece)
        if line.within(0.3) is None:
            break
    stand.ends(0, [dialogue(stand).reply])


@check('client', 'replies', MANY, 'prints-at-once', lesson='sticky-reads')
def prints_each_reply_when_it_arrives(stand):
    """A reply is printed when it arrives, while the input is open.

    wire: two messages, each answered; the second is given to the client when it has printed the first reply
    expected: each reply on standard output before the next message is given
    """
    answers = dialogue(stand)
    stand.start([answers.message], end=False)
    line = stand.accept()
    line.send(as_server_up_to_the_reply(stand, line))
    stand.prints([answers.reply])
    stand.tell([answers.message], end=True)
    if stand.protocol == 'command':
        line.expect(answers.steps[1][1])
        line.send(answers.steps[2][1])
    else:
        line.send(as_server_up_to_the_reply(stand, line))
    stand.ends(0, [answers.reply])


@check('client', 'replies', MANY, 'sends-at-once')
def sends_each_line_when_it_is_complete(stand):
    """A message is sent when its line is complete, not at the end of the input.

    wire: one message, while the input is open
    expected: its bytes
    """
    stand.start([dialogue(stand).message], end=False)
    line = stand.accept()
    line.send(as_server_up_to_the_reply(stand, line))
    stand.ends(0, [dialogue(stand).reply])


@check('client', 'replies', ['greet'], 'greet-nothing')
def greet_without_a_message(stand):
    """Without any message the client of greet sends nothing, closes its sending side and prints no reply.

    wire: FIN from the client, `please go out!` to it
    expected: not one byte, FIN; nothing is printed
    """
    stand.start([])
    line = stand.accept()
    line.expect_end()
    line.send_anyway([b'please go out!\n'], end=True)
    stand.ends(0, [])


@check('client', 'replies', ALL, 'status-5', transports=['inet', 'unix'])
def nobody_listens(stand):
    """Where nobody listens, the client says so at once.

    wire: none; the port was closed before, the path is gone
    expected: no reply, exit status 5
    """
    stand.close_listener()
    stand.start([dialogue(stand).message])
    stand.ends(5, [])
