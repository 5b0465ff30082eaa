"""The sentences of the contract that checks hold peers to: where each stands, and its words.

A test looks every quotation up in its page.
"""

from collections import namedtuple

Clause = namedtuple('Clause', 'page quote')

SERVER = 'docs/peer-contract.md#server'
CLIENT = 'docs/peer-contract.md#client'
STATUS = 'docs/peer-contract.md#exit-status'
COMMAND = 'docs/peer-contract.md'
FORMATS = 'docs/wire-formats.md'

CLAUSES = {
    # The server
    'announces': Clause(SERVER, 'Once it accepts connections, standard output gets one line, flushed'),
    'says-nothing-else': Clause(SERVER, 'Nothing else ever goes to standard output.'),
    'serves-and-stops': Clause(
        SERVER, 'It serves any number of connections until SIGTERM or SIGINT, then exits with 0.'),
    'costs-one-connection': Clause(
        SERVER, 'Whatever a client does (reset, garbage, a frame over the limit, the end of input inside a frame, '
        'silence for longer than the time limit) costs that one connection.'),
    'answered-first': Clause(SERVER, 'What was complete before the error is answered first.'),
    # The client
    'lines': Clause(CLIENT, 'Each line of standard input is one message, without its newline; a last line without '
                            'newline is a message too.'),
    'hex': Clause(CLIENT, 'With `--hex` a line is hex digits, two a byte, in lower or upper case, and an empty line '
                          'is an empty message.'),
    'sends-at-once': Clause(CLIENT, 'It sends a message when its line is complete, and does not wait for the end of '
                                    'its input'),
    'prints-at-once': Clause(CLIENT, 'Each reply is one line of standard output, flushed when it arrives'),
    'finishes': Clause(CLIENT, 'At the end of input it finishes what it sent, waits for every reply, then closes.'),
    'half-close': Clause(CLIENT, 'Only `count` half-closes before its reply.'),
    'no-deadlock': Clause(CLIENT, 'It receives while it sends, so no amount of data deadlocks.'),
    'compares': Clause(CLIENT, 'A client compares each reply with what the protocol demands for its message'),
    'datagram-reply': Clause(CLIENT, 'each message is one datagram, and its reply is one'),
    'late-replies': Clause(CLIENT, 'Replies that come late or twice are dropped.'),
    'datagram-again': Clause(CLIENT, 'the client sends it again, a bounded number of times within the time limit'),
    'datagram-unsendable': Clause(
        CLIENT, 'A datagram that is longer than the kernel sends is a message that cannot be sent'),
    'datagram-too-long': Clause(
        CLIENT, 'one that is longer than `--max-frame` is not answered by the server, and *too-long* to the client'),
    'dead-port': Clause(
        CLIENT, 'Nobody listens at the port: a client that connects its socket reports that at once (5).'),
    'greet-nothing': Clause(
        CLIENT, '`greet` without any message: the client sends nothing, closes its sending side, and prints no reply.'),
    # Exit statuses
    'status-1': Clause(STATUS, 'the answer was wrong'),
    'status-2': Clause(STATUS, 'usage: the command line, or a message that cannot be sent'),
    'status-3': Clause(STATUS, 'the peer broke the protocol'),
    'status-4': Clause(STATUS, 'timed out'),
    'status-5': Clause(STATUS, 'could not connect, or the connection was reset'),
    'status-127': Clause(STATUS, 'not supported'),
    'replies-before-errors': Clause(STATUS, 'Replies that came before an error are on standard output all the same.'),
    # Options
    'option-timeout': Clause(COMMAND, 'seconds of silence allowed, in either direction, and for the server of '
                                      '`greet` its whole wait'),
    'option-max-frame': Clause(COMMAND, 'the longest payload, in bytes'),
    'option-port': Clause(COMMAND, 'server: 0, any free one; client: required'),
    # Wire formats
    'echo': Clause(FORMATS + '#echo-stream-datagram', 'Every byte comes back'),
    'echo-closes': Clause(FORMATS + '#echo-stream-datagram', 'The server closes after the client has closed or '
                                                             'half-closed and everything has been sent back.'),
    'echo-datagrams': Clause(FORMATS + '#echo-stream-datagram', 'Over datagrams each is answered with one of the '
                                                                'same bytes, to where it came from'),
    'frame': Clause(FORMATS + '#frame-stream', 'the server sends each payload back as a frame in the same framing, '
                                               'in the same order'),
    'frame-pipelined': Clause(FORMATS + '#frame-stream', 'Frames may follow each other without waiting for replies.'),
    'count': Clause(FORMATS + '#count-stream', 'The server then answers how many there were, in ASCII decimal digits '
                                               'followed by one newline, and closes.'),
    'count-client': Clause(FORMATS + '#count-stream', 'A client understands an answer without the newline too, when '
                                                      'the server closes after the digits; it takes at most 20 '
                                                      'digits.'),
    'count-again': Clause(FORMATS + '#count-stream', 'When they differ, it sends the same bytes again on a new '
                                                     'connection, a bounded number of times.'),
    'upper': Clause(FORMATS + '#upper-stream-datagram', 'All other bytes are untouched, whatever they mean in '
                                                        'whatever encoding.'),
    'sizeok': Clause(FORMATS + '#sizeok-stream', 'the server sends the size of its reply in ASCII decimal digits and '
                                                 'a newline, waits for the line `ok`, then sends the reply'),
    'greet': Clause(FORMATS + '#greet-stream', 'The line `1` is answered with `welcome to server!`, any other with '
                                               '`please go out!`, and no line in time with `time out`'),
    'command': Clause(FORMATS + '#command-stream', 'The answer is one `u32be` frame: the exit status as one byte, '
                                                   'then the output'),
    'framings': Clause(FORMATS + '#framings', 'A length counts the payload only, not itself.'),
    'limit': Clause(FORMATS + '#the-limit', 'Both sides refuse a payload over a limit, 16 MiB = 16777216 bytes by '
                                            'default.'),
    'limit-first': Clause(FORMATS + '#the-limit', 'A receiver does so as soon as the length is there, before it '
                                                  'allocates or reads anything of that length.'),
    'malformed': Clause(FORMATS + '#errors', 'What was complete before the error is answered, then the connection '
                                             'ends; other connections go on.'),
    'truncated': Clause(FORMATS + '#errors', 'the end of input inside a frame, header included'),
    'any-pieces': Clause('interop_tests/vectors/README.md', 'Whatever comes from the wire may come in any pieces '
                                                            'with the same outcome'),
}
