"""The troubles that ``why`` knows: what is said of each, what to write instead, and where it is explained.

Read next: ``detecting.py``, which recognises them.
"""

from collections import OrderedDict, namedtuple

# title and instead are sentences; pages are paths from the root of the project.
Kind = namedtuple('Kind', 'title instead pages')
# events: the calls that show it.  text: what is special to this time.  entry: of the ledger, or ''.
Finding = namedtuple('Finding', 'kind events text file line')

LESSONS = 'docs/lessons/'

KINDS = OrderedDict([
    ('spinning', Kind(
        'It calls recv again and again after the peer has said that nothing more comes.',
        'An empty recv is EOF: leave the loop (if not data: break; in C, got == 0).',
        [LESSONS + '02-empty-recv.md', 'docs/map/transferring.md#recv'])),
    ('one-recv', Kind(
        'It takes what one recv brought for a whole message.',
        'Call recv until the message is complete: up to its end mark, its length, or EOF.',
        [LESSONS + '01-one-recv.md', 'docs/wire-formats.md'])),
    ('left-behind', Kind(
        'It goes on to the next request while a part of the answer still waits: the next recv gets that.',
        'Let each answer say where it ends, and call recv until it has all come.',
        [LESSONS + '05-sticky-reads.md', 'docs/wire-formats.md'])),
    ('misread', Kind(
        'It ends because the bytes of a recv are not what it takes them for: a message was cut, or glued to the next.',
        'Call recv until the message is complete, and keep what is left over for the next one.',
        [LESSONS + '06-size-without-end.md', LESSONS + '01-one-recv.md'])),
    ('unanswered', Kind(
        'It sends, waits for an answer, and gets EOF: the answer may have come before, glued to another message.',
        'Call recv until the message is complete, and keep what is left over for the next one.',
        [LESSONS + '06-size-without-end.md'])),
    ('speaks-first', Kind(
        'It sends before it has received anything: a client that does not expect it takes it for the first answer.',
        'Say so in the protocol, or send nothing that was not asked for.',
        [LESSONS + '07-unexpected-greeting.md'])),
    ('empty-send', Kind(
        'It sends nothing: on a stream that is no message, and whoever waits for one waits on.',
        'Give each message a header or an end mark, so that an empty one can be seen.',
        [LESSONS + '08-nothing-to-say.md', LESSONS + '13-empty-line.md'])),
    ('part-lost', Kind(
        'send took a part of the bytes, and the rest was never sent.',
        'Call sendall, or call send with the rest until nothing is left.',
        [LESSONS + '09-partial-send.md', 'docs/map/transferring.md#send'])),
    ('no-answer', Kind(
        'It waits for a datagram without a time limit: one that is lost never comes.',
        'Set a time limit (settimeout, SO_RCVTIMEO, poll), and send again or give up.',
        [LESSONS + '10-lost-datagram.md', 'docs/map/waiting.md#settimeout'])),
    ('slow-reader', Kind(
        'One client that does not read holds up all others: send waits in a loop that serves many.',
        'Make the sockets non-blocking, keep what send did not take, and wait for POLLOUT.',
        [LESSONS + '11-slow-reader.md', 'docs/models.md'])),
    ('zombies', Kind(
        'Children have ended, and nobody has waited for them.',
        'Call waitpid when SIGCHLD comes, or let the kernel do it: signal(SIGCHLD, SIG_IGN).',
        [LESSONS + '12-zombies.md'])),
    ('kept-open', Kind(
        'A connection that a child serves stays open in its parent: the client never sees its end.',
        'Close the connection in the parent behind fork.',
        [LESSONS + '12-zombies.md'])),
    ('died-of-reset', Kind(
        'A client that went away took the whole server with it.',
        'Catch the error around what is done for one client, and serve the next.',
        [LESSONS + '03-reset.md', 'docs/ledger/errors.md'])),
    ('sigpipe', Kind(
        'SIGPIPE ended it: it sent to a peer that was gone.',
        'Ignore SIGPIPE, or send with MSG_NOSIGNAL, and look at EPIPE.',
        ['docs/claims.md#claim-20', 'docs/ledger/systems.md#sigpipe'])),
    ('unread', Kind(
        'It closes a connection with unread bytes: TCP sends RST, and the peer may lose what was sent last.',
        'Read to EOF before close.',
        ['docs/claims.md#claim-11', LESSONS + '01-one-recv.md'])),
    ('address-in-use', Kind(
        'Its address is still in use: another socket listens there, or the last run left connections in TIME_WAIT.',
        'Set SO_REUSEADDR before bind, and see whether another program has the port.',
        ['docs/claims.md#claim-4', 'docs/map/serving.md#bind'])),
    ('text', Kind(
        'Text and bytes meet.',
        'Bytes on the wire; decode and encode where text is wanted.',
        [LESSONS + '04-bytes-and-text.md', 'docs/ledger/README.md'])),
    ('deadlock', Kind(
        'Both ends wait for each other: each is in recv, and nothing is on its way.',
        'Let the protocol say whose turn it is, and where a message ends.',
        [LESSONS + '08-nothing-to-say.md', LESSONS + '13-empty-line.md'])),
    ('waits', Kind(
        'It waits in recv for bytes that did not come.',
        'Set a time limit; see whether the peer knows that it is its turn.',
        [LESSONS + '13-empty-line.md', 'docs/map/waiting.md#settimeout'])),
    ('not-accepted', Kind(
        'A client was connected and never accepted: the server was busy with another.',
        'Serve many at once: threads, processes, or one loop around poll.',
        ['docs/models.md', LESSONS + '11-slow-reader.md'])),
])
