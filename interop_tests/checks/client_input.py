"""What a client makes of its standard input, and how much of it it can carry."""

import hashlib

from interop_tests.checks.dialogues import PIPELINED
from interop_tests.checks.registry import check
from pyside.wire.framing import DEFAULT_LIMIT, FORMATS

MIB = 1024 * 1024
FOREIGN_LIMITS = [99999, 100000, MIB - 1, MIB, MIB + 1, 16384000]


def _echo(stand, text, messages, status=0, replies=None, is_hex=True):
    """Give the client some text; the server echoes the messages that it has to make of it."""
    stand.start(text=text, options=['--hex'] if is_hex else [])
    line = stand.accept()
    data = b''.join(stand.frame(message) if stand.protocol == 'frame' else message for message in messages)
    line.exchange(b'', data)
    line.send_anyway([data])
    stand.ends(status, messages if replies is None else replies)


@check('client', 'input', ['echo', 'frame'], 'lines')
def a_last_line_without_newline(stand):
    """A last line without newline is a message too.

    wire: two messages, the second from a line without newline
    expected: both replies, exit status 0
    """
    _echo(stand, b'6f6e65\n74776f', [b'one', b'two'])


@check('client', 'input', ['frame'], 'hex', lesson='empty-line')
def empty_lines(stand):
    """An empty line is an empty message, each of them.

    wire: five messages, four of them empty
    expected: five replies, exit status 0
    """
    _echo(stand, b'\n\n61\n\n\n', [b'', b'', b'a', b'', b''])


@check('client', 'input', ['echo', 'frame'], 'hex')
def hex_in_upper_case(stand):
    """Hex digits may be in upper or lower case; replies are printed in lower case.

    wire: ab cd ef from the line ABcdEF
    expected: the reply abcdef, exit status 0
    """
    _echo(stand, b'ABcdEF\n', [b'\xab\xcd\xef'])


@check('client', 'input', ['echo', 'frame'], 'lines', lesson='bytes-and-text')
def lines_that_are_no_text(stand):
    """Without --hex a line is a message, whatever its bytes: no encoding, no carriage return, no NUL means anything.

    wire: the bytes of two lines with ff, NUL, a carriage return and half a character
    expected: the same lines, exit status 0
    """
    lines = [b'na\xefve\xff\r', b'\0 \xe2\x82']
    stand.start(text=b'\n'.join(lines) + b'\n')
    line = stand.accept()
    data = b''.join(stand.frame(one) if stand.protocol == 'frame' else one for one in lines)
    line.expect(data)
    line.send(data)
    stand.prints_raw(b'\n'.join(lines) + b'\n')


NOT_HEX = [('one-digit', b'6'), ('three-digits', b'616'), ('another-letter', b'6x'), ('a-sign', b'+1'),
           ('a-tab', b'61\t62'), ('a-carriage-return', b'61\r')]


def _not_hex(name, text):
    def refuses(stand):
        stand.start(text=b'6161\n' + text + b'\n6262\n', options=['--hex'])
        line = stand.accept()
        data = stand.frame(b'aa') if stand.protocol == 'frame' else b'aa'
        line.expect(data)
        line.send_anyway([data])
        line.expect_no_more()
        stand.ends(2, [b'aa'])
    refuses.__name__ = str('hex_with_' + name.replace('-', '_'))
    refuses.__doc__ = (
        'A line that is not hex cannot be sent: the messages before it are, and their replies are printed.\n\n'
        'wire: the message of the first line; the second line is %r\nexpected: one reply, exit status 2\n' % (
            text.decode('ascii'),))
    check('client', 'input', ['echo', 'frame'], 'status-2')(refuses)


for _row in NOT_HEX:
    _not_hex(*_row)


@check('client', 'input', ['frame'], 'status-2', formats=list(FORMATS), options=['--max-frame', '8'])
def a_message_over_the_limit(stand):
    """A message over the limit cannot be sent: the ones before it are, and their replies are printed.

    wire: a frame of 8 bytes; the next message has 9; --max-frame 8
    expected: one reply, exit status 2
    """
    stand.start([b'12345678', b'123456789', b'x'])
    line = stand.accept()
    line.expect(stand.frame(b'12345678'))
    line.send_anyway([stand.frame(b'12345678')])
    line.expect_no_more()
    stand.ends(2, [b'12345678'])


@check('client', 'input', ['sizeok', 'greet'], 'status-2')
def a_newline_where_none_can_be(stand):
    """A request of a line protocol cannot hold a newline.

    wire: none, or no byte; the message is 61 0a 62
    expected: no reply, exit status 2
    """
    stand.start([b'a\nb'])
    stand.ends(2, [])


@check('client', 'input', ['frame'], 'option-max-frame', formats=list(FORMATS), options=['--max-frame', '8'])
def a_message_of_the_limit(stand):
    """A message as long as the limit is sent, and so long a reply accepted.

    wire: a frame of 8 bytes both ways; --max-frame 8
    expected: the reply, exit status 0
    """
    stand.start([b'12345678'])
    line = stand.accept()
    line.expect(stand.frame(b'12345678'))
    line.send(stand.frame(b'12345678'))
    stand.ends(0, [b'12345678'])


@check('client', 'input', ['echo', 'frame', 'upper', 'sizeok', 'command'], 'finishes')
def no_message_at_all(stand):
    """Without a message the client connects, closes, and has nothing to print.

    wire: the end of input
    expected: no reply, exit status 0
    """
    stand.start([])
    line = stand.accept()
    if stand.protocol == 'command':
        line.send_anyway([b'\0\0\0\x07Welcome'])
    line.expect_end()
    stand.ends(0, [])


@check('client', 'input', ['frame'], 'limit')
def foreign_limits(stand):
    """Sizes at which other systems have their limits are sent and accepted.

    wire: frames of 99,999, 100,000, 1 MiB - 1, 1 MiB, 1 MiB + 1 and 16,384,000 bytes
    expected: the same payloads, exit status 0
    """
    block = b'0123456789abcdef' * MIB
    messages = [block[:size] for size in FOREIGN_LIMITS if size <= FORMATS[stand.format].capacity]
    _lines_there_and_back(stand, messages, b''.join(stand.frame(message) for message in messages))


@check('client', 'input', ['frame'], 'limit')
def largest_payload(stand):
    """A payload of 16 MiB, the default limit itself, is sent and accepted.

    wire: a frame of 16,777,216 bytes, or as many as the header can say, both ways
    expected: the same payload, exit status 0
    """
    message = b'0123456789abcdef' * (min(DEFAULT_LIMIT, FORMATS[stand.format].capacity) // 16)
    _lines_there_and_back(stand, [message], stand.frame(message))


@check('client', 'input', ['echo'], 'no-deadlock', lesson='partial-send')
def sixty_four_mebibytes(stand):
    """A client receives while it sends, so that 64 MiB go there and back.

    wire: 1,024 messages of 64 KiB; the server sends back what it has read before it reads more
    expected: the same messages, exit status 0
    """
    message = b'0123456789abcde ' * 4096
    _lines_there_and_back(stand, [message] * 1024, None)


def _lines_there_and_back(stand, messages, data):
    """Give the client lines of text; echo everything; compare what it prints without keeping it all."""
    stand.start(end=False, text=b'')
    line = stand.accept()
    expected = hashlib.sha256()
    for message in messages:
        expected.update(message + b'\n')
    stand.echoes_while_it_is_told(line, (message + b'\n' for message in messages), data, expected.hexdigest(),
                                  sum(len(message) + 1 for message in messages))


@check('client', 'input', PIPELINED, 'finishes')
def waits_for_every_reply_at_the_end(stand):
    """At the end of its input the client waits for the replies that are missing.

    wire: three messages and nothing back, until the client's input has ended; then three replies
    expected: three replies, exit status 0
    """
    messages = [b'one', b'two', b'three']
    stand.start(messages)
    line = stand.accept()
    data = b''.join(stand.frame(m) if stand.protocol == 'frame' else m for m in messages)
    line.expect(data)
    line.within(0.1)
    replies = [m.upper() if stand.protocol == 'upper' else m for m in messages]
    line.send(b''.join(stand.frame(m) if stand.protocol == 'frame' else m for m in replies))
    stand.ends(0, replies)
