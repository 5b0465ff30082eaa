"""A server as a program: what it announces, what it says, how it stops, what it refuses."""

import re
import signal
import socket

from interop_tests import verdict
from interop_tests.checks.dialogues import as_client, begin_as_client
from interop_tests.checks.line import Wrong, show
from interop_tests.checks.registry import ONE, check
from interop_tests.process import Overdue


@check('server', 'program', ONE, 'announces', program=True)
def announces_where_it_listens(stand):
    """The first line of standard output says where the server listens, as soon as it does.

    wire: the address is dialled when the line is there
    expected: `LISTENING HOST PORT` with a numeric address, or `LISTENING PATH` with the path it was given
    """
    address = stand.server.address
    if stand.transport.startswith('unix'):
        if address != [stand.server.where[1]]:
            raise Wrong(verdict.MALFORMED, ' '.join(address), stand.server.where[1])
    elif not re.match(r'\A[0-9a-fA-F.:]+(%\w+)?\Z', address[0]) or not address[1].isdigit():
        raise Wrong(verdict.MALFORMED, ' '.join(address), 'a numeric address and a port')
    as_client(stand, stand.dial())


@check('server', 'program', ONE, 'option-port', transports=['inet'], program=True)
def listens_where_it_is_told_to(stand):
    """With --host and --port the server listens there, and nowhere else.

    wire: a conversation at the port that it was given
    expected: the reply
    """
    probe = socket.socket()
    probe.bind(('127.0.0.1', 0))
    port = probe.getsockname()[1]
    probe.close()
    server = stand.another(['--host', '127.0.0.1', '--port', str(port)])
    if server.address != ['127.0.0.1', str(port)]:
        raise Wrong(verdict.MALFORMED, 'LISTENING ' + ' '.join(server.address), 'LISTENING 127.0.0.1 %d' % port)
    as_client(stand, stand.dial())


@check('server', 'program', ONE, 'says-nothing-else', program=True)
def says_nothing_else_on_standard_output(stand):
    """Standard output has one line, whatever clients do.

    wire: a good client, one that is reset, one that sends half a message; then SIGTERM
    expected: nothing behind the first line of standard output, exit status 0
    """
    stand.another()
    as_client(stand, stand.dial())
    line = stand.dial()
    begin_as_client(stand, line)
    line.reset()
    begin_as_client(stand, stand.dial())
    _stops(stand, signal.SIGTERM)


@check('server', 'program', ONE, 'serves-and-stops', program=True)
def stops_at_sigterm(stand):
    """SIGTERM ends the server, with connections open, and its exit status is 0.

    wire: three connections, one of them in the middle of a message; SIGTERM
    expected: exit status 0; the port is closed
    """
    _stops_with_connections_open(stand, signal.SIGTERM)


@check('server', 'program', ONE, 'serves-and-stops', program=True)
def stops_at_sigint(stand):
    """SIGINT does what SIGTERM does.

    wire: three connections, one of them in the middle of a message; SIGINT
    expected: exit status 0; the port is closed
    """
    _stops_with_connections_open(stand, signal.SIGINT)


def _stops_with_connections_open(stand, number):
    stand.another()
    for _ in range(3):
        line = stand.dial()
    begin_as_client(stand, line)
    _stops(stand, number)
    try:
        stand.dial()
    except Wrong:
        return
    raise Wrong(verdict.WRONG_ANSWER, 'it has ended, and something still accepts connections', 'a closed port')


def _stops(stand, number):
    process = stand.server.process
    process.signal(number)
    try:
        process.read_until(b'\0never', 0) if process.ended else None
        rest = process.read_to_end(stand.seconds)
        process.wait(stand.seconds)
    except Overdue:
        raise Wrong(verdict.TIME_OUT, 'it still runs %g s after the signal %d' % (stand.seconds, number),
                    'exit status 0')
    found = verdict.of_exit(process.poll(), process.errors)
    if found.status != verdict.PASS:
        raise Wrong(found.status, found.text, 'exit status 0')
    if rest:
        raise Wrong(verdict.MALFORMED, 'it wrote on standard output: %s' % show(rest), 'nothing behind the first line')


REFUSED = [
    ('unknown-protocol', 127, 'status-127', lambda words: ['nosuch'] + words[1:]),
    ('unknown-format', 127, 'status-127', lambda words: ['frame', '--format', 'nosuch']),
    ('unknown-option', 2, 'status-2', lambda words: words + ['--nosuch', '1']),
]


def _refuses(role, name, status, clause, change):
    def refuses(stand):
        stand.refuses(change, status)
    refuses.__name__ = str('refuses_an_' + name.replace('-', '_'))
    refuses.__doc__ = (
        'A command line that cannot be carried out is refused with the exit status %d.\n\n'
        'wire: none; the command line has an %s\nexpected: exit status %d, within the limit\n' % (
            status, name.replace('-', ' '), status))
    check(role, 'program', ONE if name != 'unknown-format' else ['frame'], clause, program=True)(refuses)


for _role in ('server', 'client'):
    for _row in REFUSED:
        _refuses(_role, *_row)
