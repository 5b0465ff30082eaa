"""The command lines of both languages: the same options, the same limits, the same exit status."""

from contextlib import closing

import pytest

from interop_tests import peers
from interop_tests.process import Process
from interop_tests.wire import SECONDS

USAGE = 2
UNSUPPORTED = 127

BAD = [
    ('server', '', USAGE, 'one PROTOCOL is expected, not 0'),
    ('server', 'echo frame', USAGE, 'one PROTOCOL is expected, not 2'),
    ('server', 'telnet', UNSUPPORTED, 'protocol telnet'),
    ('client', 'telnet --port 7', UNSUPPORTED, 'protocol telnet'),
    ('server', 'frame --format u24be', UNSUPPORTED, 'format u24be'),
    ('server', 'echo --model fibre', UNSUPPORTED, 'model fibre'),
    ('server', 'echo --family ipx', UNSUPPORTED, 'family ipx'),
    ('server', 'echo --type raw', UNSUPPORTED, 'type raw'),
    ('server', 'frame --type dgram', UNSUPPORTED, 'protocol frame over dgram'),
    ('client', 'greet --type seqpacket --family unix --path p', UNSUPPORTED, 'protocol greet over seqpacket'),
    ('server', 'echo --type seqpacket', UNSUPPORTED, 'family inet over seqpacket'),
    ('server', 'echo --type seqpacket --family unix --path p --model epoll', UNSUPPORTED, 'model epoll over seqpacket'),
    ('client', 'echo --port 7 --unconnected', USAGE, '--unconnected needs --type dgram'),
    ('server', 'echo --type dgram --unconnected', USAGE, 'option --unconnected not recognized'),
    ('server', 'echo --verbosely', USAGE, 'option --verbosely not recognized'),
    ('server', 'echo --port', USAGE, 'option --port requires argument'),
    ('server', 'echo --hex', USAGE, 'option --hex not recognized'),
    ('client', 'echo --port 7 --model thread', USAGE, 'option --model not recognized'),
    ('server', 'echo --port 65536', USAGE, '--port takes a number from 0 to 65535, not 65536'),
    ('server', 'echo --port -1', USAGE, '--port takes a number from 0 to 65535, not -1'),
    ('server', 'echo --port 7x', USAGE, '--port takes a number from 0 to 65535, not 7x'),
    ('server', 'echo --port 99999999999999999999', USAGE,
     '--port takes a number from 0 to 65535, not 99999999999999999999'),
    ('client', 'echo', USAGE, 'the client needs --port'),
    ('client', 'echo --family unix', USAGE, '--family unix needs --path'),
    ('server', 'echo --family unix --path ' + 'p' * 108, USAGE, '--path is longer than 107 bytes'),
    ('server', 'echo --timeout 0', USAGE, '--timeout takes seconds above 0 and up to 1000000, not 0'),
    ('server', 'echo --timeout 1e3', USAGE, '--timeout takes seconds above 0 and up to 1000000, not 1e3'),
    ('server', 'echo --timeout 5.', USAGE, '--timeout takes seconds above 0 and up to 1000000, not 5.'),
    ('server', 'echo --timeout nan', USAGE, '--timeout takes seconds above 0 and up to 1000000, not nan'),
    ('server', 'echo --max-frame -5', USAGE, '--max-frame takes a number from 0 to 4611686018427387904, not -5'),
    ('server', 'echo --max-connections 0', USAGE, '--max-connections takes a number from 1 to 1048576, not 0'),
    ('client', 'count --port 7 --retries many', USAGE, '--retries takes a number from 0 to 1048576, not many'),
    ('server', 'command --max-runtime 0', USAGE, '--max-runtime takes seconds above 0 and up to 1000000, not 0'),
    ('server', 'command --max-output 2147483648', USAGE,
     '--max-output takes a number from 0 to 2147483647, not 2147483648'),
    ('server', 'command --allow date', USAGE,
     '--allow takes NAME=PROGRAM,ARGUMENT,... with the whole path of PROGRAM, not date'),
    ('server', 'command --allow date=bin/date', USAGE,
     '--allow takes NAME=PROGRAM,ARGUMENT,... with the whole path of PROGRAM, not date=bin/date'),
    ('server', 'command --allow da/te=/bin/date', USAGE,
     '--allow takes NAME=PROGRAM,ARGUMENT,... with the whole path of PROGRAM, not da/te=/bin/date'),
    ('server', 'command --allow a=/bin/true --allow b=/bin/true --allow a=/bin/false', USAGE, '--allow has a twice'),
    ('server', 'command --allow a=/no/such/program,x', USAGE,
     '--allow a: /no/such/program is no program that can be run'),
    ('server', 'echo --own-user', USAGE, '--own-user needs --family unix'),
    ('client', 'echo --host no-such-host.invalid --port 7', 5, None),
    ('server', 'echo --family unix --path /no/such/folder/socket', 5,
     'unreachable: cannot listen on /no/such/folder/socket: No such file or directory'),
    ('client', 'echo --family unix --path /no/such/folder/socket', 5,
     'unreachable: cannot connect to /no/such/folder/socket: No such file or directory'),
]


def run(peer, role, arguments):
    """Return the exit status and what was said on both outputs."""
    with closing(Process(peers.command(peer, role) + arguments)) as process:
        process.close_input()
        said = process.read_to_end(SECONDS).decode('ascii')
        return process.wait(SECONDS), said, process.errors


@pytest.mark.parametrize(
    'role, line, status, text', BAD, ids=['%s %s' % (row[0], row[1][:40]) for row in BAD])
def test_bad(ours, role, line, status, text):
    found, said, errors = run(ours, role, line.split())
    assert (found, said) == (status, '')
    assert errors.count('\n') == 1 and errors.endswith('\n')
    if text is not None:
        assert errors == ('unsupported: ' if status == UNSUPPORTED else role + ': ') + text + '\n'


@pytest.mark.parametrize('role', ['server', 'client'])
def test_help_is_the_same_but_for_via(role):
    rows = peers.PEERS[:1] + peers.this_python()[:1]
    texts = [run(peer, role, ['--help'])[:2] for peer in rows]
    python_only = '  --via V             whose sessions: python, or cffi for those in C (python)\n'
    assert texts[0] == (0, texts[1][1].replace(python_only, ''))


def test_lists_are_the_same_but_for_what_only_python_has():
    """In both programs of C too."""
    c, python = peers.PEERS[0], peers.this_python()[0]
    server, client, in_python = [
        set(run(peer, role, ['list'])[1].splitlines())
        for peer, role in ((c, 'server'), (c, 'client'), (python, 'server'))]
    assert server == client
    assert 'protocol frame' in server
    assert in_python - server <= {'model asyncio', 'model socketserver'}
    assert not server - in_python
