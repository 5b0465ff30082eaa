"""Datagrams: each is a message, none is cut, and nobody says that one was lost."""

import socket

from interop_tests import verdict
from interop_tests.cases import DATAGRAMS
from interop_tests.checks.line import Wrong
from interop_tests.checks.registry import check
from interop_tests.checks.stands import largest_datagram

NAMED = ['echo', 'upper']
MAY_LOSE = ['inet-dgram', 'inet6-dgram', 'unix-dgram']


def _reply(stand, data):
    return data.upper() if stand.protocol == 'upper' else data


@check('server', 'datagrams', NAMED, 'echo-datagrams', transports=DATAGRAMS)
def each_datagram_is_answered(stand):
    """Each datagram is answered with one; an empty one with an empty one.

    wire: three empty datagrams, one of 256 different bytes, one of 16,384
    expected: as many datagrams of as many bytes
    """
    line = stand.dial()
    for data in (b'', b'', b'', bytes(bytearray(range(256))), b'x' * 16384, b''):
        line.send(data)
        line.expect(_upper(data) if stand.protocol == 'upper' else data)


def _upper(data):
    return data.replace(b'abcdefghijklmnopqrstuvwxyz', b'ABCDEFGHIJKLMNOPQRSTUVWXYZ').replace(b'x', b'X') \
        if len(data) == 256 else data.upper()


@check('server', 'datagrams', NAMED, 'echo-datagrams', transports=DATAGRAMS)
def the_largest_datagram(stand):
    """The longest datagram that the kernel sends is answered whole.

    wire: 65,507 bytes over IPv4, 65,527 over IPv6, the send buffer less 32 bytes over unix sockets
    expected: a datagram of the same length
    """
    data = b'x' * largest_datagram(stand.transport)
    line = stand.dial()
    line.send(data)
    line.expect(_reply(stand, data))


@check('server', 'datagrams', NAMED, 'datagram-too-long', transports=DATAGRAMS, options=['--max-frame', '5'])
def a_datagram_over_the_limit(stand):
    """A datagram over the limit is neither answered nor cut; the next one is answered.

    wire: 6 bytes, then 5; --max-frame 5
    expected: one datagram, of the 5 bytes (a connection of seqpacket ends instead)
    """
    line = stand.dial()
    line.send(b'abcdef')
    if stand.transport == 'unix-seqpacket':
        line.expect_end()
        line = stand.dial()
    line.send(b'12345')
    line.expect(b'12345')


@check('server', 'datagrams', NAMED, 'echo-datagrams', transports=DATAGRAMS)
def two_clients_in_turns(stand):
    """Answers go to where the datagram came from.

    wire: two clients, in turns
    expected: each gets its own
    """
    one, other = stand.dial(), stand.dial()
    for number in range(3):
        for line, name in ((one, b'ONE'), (other, b'OTHER')):
            line.send(name + b'%d'[:0] + str(number).encode('ascii'))
        for line, name in ((other, b'OTHER'), (one, b'ONE')):
            line.expect(name + str(number).encode('ascii'))


@check('client', 'datagrams', NAMED, 'datagram-reply', transports=DATAGRAMS)
def one_datagram_after_another(stand):
    """Each message is one datagram, empty ones too, and the next is sent when the reply is there.

    wire: three datagrams, each answered
    expected: three replies, exit status 0
    """
    messages = [b'one', b'', b'x' * 1000]
    stand.start(messages)
    line = stand.accept()
    for message in messages:
        line.expect(message)
        line.send(_reply(stand, message))
    stand.ends(0, [_reply(stand, message) for message in messages])


@check('client', 'datagrams', NAMED, 'late-replies', transports=DATAGRAMS)
def late_and_doubled_replies(stand):
    """Replies that come late or twice are dropped.

    wire: the reply to the first message comes again before the one to the second
    expected: both replies, once each, exit status 0
    """
    messages = [b'one', b'two', b'three']
    stand.start(messages)
    line = stand.accept()
    for index, message in enumerate(messages):
        line.expect(message)
        for earlier in messages[:index + 1]:
            line.send(_reply(stand, earlier))
    stand.ends(0, [_reply(stand, message) for message in messages])


@check('client', 'datagrams', NAMED, 'compares', transports=DATAGRAMS)
def a_wrong_datagram(stand):
    """A client compares: a wrong answer is its exit status.

    wire: an answer of the right length with one wrong byte
    expected: the answer as it came, exit status 1
    """
    stand.start([b'abc'])
    line = stand.accept()
    line.expect(b'abc')
    line.send(_reply(stand, b'abd'))
    stand.ends(1, [_reply(stand, b'abd')])


@check('client', 'datagrams', NAMED, 'datagram-again', transports=MAY_LOSE,
       options=['--timeout', '5'])
def a_datagram_that_is_lost(stand):
    """A datagram that is not answered is sent again.

    wire: the first one is not answered, the second one is
    expected: the same datagram twice; the reply, exit status 0
    """
    stand.start([b'hello'])
    line = stand.accept()
    line.expect(b'hello')
    line.expect(b'hello')
    line.send(_reply(stand, b'hello'))
    stand.ends(0, [_reply(stand, b'hello')])


@check('client', 'datagrams', NAMED, 'datagram-again', transports=DATAGRAMS, options=['--timeout', '0.6'])
def nobody_answers(stand):
    """The client gives up within its time limit.

    wire: nothing is answered; --timeout 0.6
    expected: at most 100 datagrams, no reply, exit status 4
    """
    stand.start([b'hello'])
    line = stand.accept()
    line.expect(b'hello')
    stand.ends(4, [])


@check('client', 'datagrams', NAMED, 'datagram-too-long', transports=DATAGRAMS, options=['--max-frame', '5'])
def an_answer_over_the_limit(stand):
    """An answer over the limit is too long, and not cut.

    wire: an answer of 6 bytes; --max-frame 5
    expected: no reply, exit status 3
    """
    stand.start([b'abcde'])
    line = stand.accept()
    line.expect(b'abcde')
    line.send(b'abcdef')
    stand.ends(3, [])


@check('client', 'datagrams', NAMED, 'datagram-unsendable', transports=DATAGRAMS)
def a_datagram_that_cannot_be_sent(stand):
    """A message that is longer than the kernel sends is refused, and nothing is lost that came before.

    wire: the longest datagram; the next message is a byte longer
    expected: one reply, exit status 2
    """
    data = b'x' * largest_datagram(stand.transport)
    stand.start([data, data + b'x'])
    line = stand.accept()
    line.expect(data)
    line.send(_reply(stand, data))
    stand.ends(2, [_reply(stand, data)])


@check('client', 'datagrams', NAMED, 'datagram-reply', transports=['inet-dgram', 'inet6-dgram'])
def a_stranger(stand):
    """What comes from somebody else is no answer.

    wire: a wrong datagram from another port, then the answer
    expected: the reply, exit status 0
    """
    stand.start([b'hello'])
    line = stand.accept()
    line.expect(b'hello')
    family = socket.AF_INET6 if stand.transport.startswith('inet6') else socket.AF_INET
    stranger = stand.keep(socket.socket(family, socket.SOCK_DGRAM))
    stranger.sendto(b'HELL?', line.address)
    line.send(_reply(stand, b'hello'))
    stand.ends(0, [_reply(stand, b'hello')])


@check('client', 'datagrams', NAMED, 'dead-port', transports=['inet-dgram', 'inet6-dgram'])
def a_dead_port(stand):
    """A client that connects its socket is told that nobody listens; one that does not hears nothing (4).

    wire: none; the port was closed before
    expected: no reply, exit status 5, or 4
    """
    stand.close_listener()
    stand.start([b'hello'], options=['--timeout', '1'])
    try:
        stand.ends(5, [])
    except Wrong as wrong:
        if wrong.status != verdict.TIME_OUT or stand.client.process.poll() != 4:
            raise
