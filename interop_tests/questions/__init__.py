"""Questions that learners ask, each answered by two programs that show it, drawn.

A question is a folder::

    answer.md                                       the question, its answer, and where to read more
    server.c or server.py, client.c or client.py    what is drawn; program.c or program.py where one end is enough

Its picture, ``docs/questions/NAME.svg``, is of one run; the table says what has to be seen in every run.  ``python -m
interop_tests.questions`` makes ``docs/questions.md``; with ``record``, after it has drawn the pictures again.  Read
next: ``drawing.py``.
"""

from collections import namedtuple

# shows: regular expressions for the words of the picture: a call, an error, a remark.
# segments: whether what the kernel sent is part of the answer.
Question = namedtuple('Question', 'name shows segments')


def _question(name, *shows, **how):
    return Question(name, shows, how.get('segments', False))


# In the order in which learners meet them.
QUESTIONS = [
    _question('bytes_or_str', r'\(no call of the C library\)', 'raises TypeError',
              r'send\(\d+, "na\\xc3\\xafve", 6, 0\) = 6', r'recv\(\d+, 100, 0\) = 6'),
    _question('glued_messages', '"one"', '"two"', '"three"', '= 8 "onetwoth"', '= 3 "ree"', 'EOF'),
    _question('loop_on_recv', r'recv\(\d+, 13, 0\) = 7 "hello, "', r'recv\(\d+, 6, 0\) = 6 "world\\n"'),
    _question('send_or_sendall', r'a part: \d+ of 16000000 bytes', r'server\.sendall\(data\[sent:\]\)',
              r'recv\(\d+, 16000000.*= 16000000'),
    _question('recv_hangs', r'recv\(\d+, 100, 0\) = \?', r'recv\(\d+, 94, 0\) = \?', 'the program was ended in it'),
    _question('sigpipe', r'send\(\d+, "one", 3, 0\) = 3', 'POLLERR', r'send\(\d+, "two", 3, 0\) = \?',
              'the program was ended in it'),
    _question('first_send', 'EOF: the peer sends no more', r'send\(\d+, "one", 3, 0\) = 3', 'POLLERR',
              r'send\(\d+, "two", 3, 0\) = -1 EPIPE', 'raises BrokenPipeError', segments=True),
    _question('address_in_use', r'bind\(\d+, 127\.0\.0\.1:\d+\) = -1 EADDRINUSE', 'raises OSError',
              r'(?s)EADDRINUSE.*SO_REUSEADDR.*bind\(\d+, 127\.0\.0\.1:\d+\) = 0'),
    _question('recv_nothing', '= 3 "bye"', r'shutdown\(\d+, SHUT_WR\) = 0', r'recv\(\d+, 100, 0\) = 0 ""',
              '= 6 "thanks"'),
    _question('no_such_name', r'getaddrinfo\("no-such-host\.invalid"', r'getaddrinfo\(.* = EAI_',
              r'getaddrinfo\(.* = 0 \{127\.0\.0\.1:1\}', r'connect\(\d+, 127\.0\.0\.1:1\) = -1 ECONNREFUSED'),
    _question('ctrl_c', r'accept4?\(.*\) = -1 EINTR', 'raises KeyboardInterrupt', r'server\.close\(\)'),
    _question('forty_ms', r'recv\(\d+, 2, 0\) = 2 "bo"\n *waited [3-9]\d(\.\d+)? ms',
              r'setsockopt\(\d+, IPPROTO_TCP, TCP_NODELAY', segments=True),
    _question('reset_or_pipe', '5 bytes unread: they are lost, and TCP sends RST', '-1 ECONNRESET',
              'raises ConnectionResetError', '-1 EPIPE', 'raises BrokenPipeError', segments=True),
]
