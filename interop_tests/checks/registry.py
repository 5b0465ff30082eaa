"""What a check is, and the list of all of them.

A check is a function of a stand.  Its docstring begins with the demand, in one
sentence; two paragraphs follow, which begin with ``wire:`` and ``expected:``::

    @check('server', 'endings', protocols=['frame'], clause='answered-first', lesson='half_close')
    def replies_owed_at_half_close(stand):
        \"\"\"What was complete is answered although the client has ended its side.

        wire: two frames and FIN in one segment
        expected: both replies, then FIN
        \"\"\"

Read next: ``stands.py``.
"""

from collections import OrderedDict, namedtuple

from interop_tests.cases import STREAMS

# role: server or client, what is under test.  theme: the heading in the documentation.
# protocols: those it is tried with, ONE for the first one that the peer lists.
# formats: the framings, None for the first one that the peer lists.
# transports: all that it is tried over, None for the first stream that the peer lists.
# options: words for the command line of the peer.  clause: a key of clauses.CLAUSES.
# program: whether it needs more than the wire, such as signals or memory.
Check = namedtuple(
    'Check', 'name role theme demand wire expected protocols formats transports options clause lesson program run')

CHECKS = OrderedDict()

# Which stream a check takes where any will do: over unix sockets a sender sees when a piece has been read.
PREFERRED_STREAMS = sorted(STREAMS, key=lambda family: family != 'unix')


# Which framing a check takes where any will do: one that can say every length.
PREFERRED_FORMATS = ['u32be', 'netstring', 'varint', 'u64be', 'u32le', 'u24be', 'u16be', 'u16le', 'u8']
# The protocols of a check that is tried with one of them, the first that the peer lists.
ONE = None
PREFERRED_PROTOCOLS = ['frame', 'echo', 'upper', 'count', 'sizeok', 'greet', 'command']


# The transport of a check that needs a connection which can be reset: RST is TCP's.
TCP = 'tcp'
PREFERRED_TCP = ['inet', 'inet6']


def check(role, theme, protocols, clause, formats=None, transports=None, options=(), lesson=None, program=False):
    """Register a function as a check; see the head of this file."""
    def register(function):
        demand, wire, expected = sentences(function.__doc__)
        add(Check(
            function.__name__.replace('_', '-'), role, theme, demand, wire, expected, protocols, formats,
            transports, list(options), clause, lesson, program, function))
        return function
    return register


def add(found):
    """Put one check in the list; its name must be new within its role."""
    key = (found.role, found.name)
    assert key not in CHECKS, 'two checks of the %s are called %s' % key
    CHECKS[key] = found


def sentences(text):
    """Split a docstring into the demand, what is done on the wire, and what is expected."""
    paragraphs = [' '.join(paragraph.split()) for paragraph in text.split('\n\n')]
    lines = [line.strip() for line in text.split('\n')]
    found = {'wire': '', 'expected': ''}
    key = None
    for line in lines:
        for word in found:
            if line.startswith(word + ':'):
                key = word
                line = line[len(word) + 1:]
        if key:
            found[key] = (found[key] + ' ' + line).strip()
    return paragraphs[0], found['wire'], found['expected']
