"""The command lines of both languages: the same options, the same limits, the same exit status."""

import io
import os
import subprocess
import sys
from contextlib import closing

import pytest

from interop_tests import peers
from interop_tests.process import ROOT, Process
from interop_tests.wire import SECONDS
from pyside.iomodels.table import MODELS
from pyside.programs import choices
from pyside.programs.version import CONTRACT, VERSION
from pyside.protocols.table import PROTOCOLS
from pyside.wire.framing import FORMATS

USAGE = 2
UNSUPPORTED = 127
PYTHON_ONLY = [['asyncio'], ['socketserver'], ['--via']]

BAD = [
    ('server', '', USAGE, 'one PROTOCOL is expected, not 0'),
    ('server', 'echo frame', USAGE, 'one PROTOCOL is expected, not 2'),
    ('client', 'frame 7000', USAGE, 'one PROTOCOL is expected, not 2; the port is --port 7000'),
    ('server', '7000 frame x', USAGE, 'one PROTOCOL is expected, not 3; the port is --port 7000'),
    ('server', 'telnet', UNSUPPORTED, 'protocol telnet (there are: PROTOCOLS)'),
    ('client', 'telnet --port 7', UNSUPPORTED, 'protocol telnet (there are: PROTOCOLS)'),
    ('client', 'ecoh', UNSUPPORTED, 'protocol ecoh (did you mean echo? there are: PROTOCOLS)'),
    ('server', 'frame --format dns', UNSUPPORTED, 'format dns (there are: FORMATS)'),
    ('server', 'frame --format u32eb', UNSUPPORTED, 'format u32eb (did you mean u32be? there are: FORMATS)'),
    ('client', 'frame --format nestring', UNSUPPORTED, 'format nestring (did you mean netstring? there are: FORMATS)'),
    ('server', 'echo --model fibre', UNSUPPORTED, 'model fibre (there are: MODELS)'),
    ('server', 'echo --model treads', UNSUPPORTED, 'model treads (did you mean thread? there are: MODELS)'),
    ('server', 'echo --family ipx', UNSUPPORTED, 'family ipx (there are: inet, inet6, unix)'),
    ('client', 'echo --family inet7', UNSUPPORTED, 'family inet7 (did you mean inet? there are: inet, inet6, unix)'),
    ('server', 'echo --type raw', UNSUPPORTED, 'type raw (there are: stream, dgram, seqpacket)'),
    ('server', 'echo --type ' + 'x' * 90, UNSUPPORTED, 'type ' + 'x' * 80 + ' (there are: stream, dgram, seqpacket)'),
    ('server', 'echo --host ::1', USAGE, '--host ::1 needs --family inet6'),
    ('client', 'echo --port 7 --host fe80::1%1', USAGE, '--host fe80::1%1 needs --family inet6'),
    ('client', 'echo --port 7 --family inet6 --host 127.0.0.1', USAGE, '--host 127.0.0.1 needs --family inet'),
    ('server', 'echo --family unix --path README.md', 5,
     'unreachable: cannot listen on README.md: Address already in use (a plain file, not a socket)'),
    ('client', 'echo --family unix --path README.md', 5,
     'unreachable: cannot connect to README.md: Connection refused (a plain file, not a socket)'),
    ('client', 'echo --family unix --path docs', 5,
     'unreachable: cannot connect to docs: Connection refused (a directory, not a socket)'),
    ('server', 'command --host 0.0.0.0', USAGE, 'command on 0.0.0.0:0, beyond loopback, needs --beyond-loopback'),
    ('server', 'frame --type dgram', UNSUPPORTED, 'protocol frame over dgram'),
    ('client', 'greet --type seqpacket --family unix --path p', UNSUPPORTED, 'protocol greet over seqpacket'),
    ('server', 'echo --type seqpacket', UNSUPPORTED, 'family inet over seqpacket'),
    ('server', 'echo --type seqpacket --family unix --path p --model epoll', UNSUPPORTED, 'model epoll over seqpacket'),
    ('client', 'echo --port 7 --unconnected', USAGE, '--unconnected needs --type dgram'),
    ('server', 'echo --type dgram --unconnected', USAGE, 'option --unconnected not recognized'),
    ('server', 'echo --verbosely', USAGE, 'option --verbosely not recognized'),
    ('server', 'echo -x7', USAGE, 'option -x not recognized'),
    ('server', 'echo -v=1', USAGE, 'option -= not recognized'),
    ('server', 'echo --own-user=1', USAGE, 'option --own-user must not have an argument'),
    ('client', 'echo --hex=3', USAGE, 'option --hex must not have an argument'),
    ('client', 'echo --h', USAGE, 'option --h not a unique prefix'),
    ('server', 'list extra', USAGE, 'one PROTOCOL is expected, not 2'),
    ('server', 'echo --port=', USAGE, '--port takes a number from 0 to 65535, not '),
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
    ('server', 'echo --path p', USAGE, '--path needs --family unix'),
    ('client', 'echo --port 7 --family inet6 --path p', USAGE, '--path needs --family unix'),
    ('server', 'echo --family unix --path ' + 'p' * 108, USAGE, '--path is longer than 107 bytes'),
    ('server', 'echo --timeout 0', USAGE, '--timeout takes seconds such as 2.5, above 0 and up to 1000000, not 0'),
    ('server', 'echo --timeout 1e3', USAGE, '--timeout takes seconds such as 2.5, above 0 and up to 1000000, not 1e3'),
    ('server', 'echo --timeout 1e-9', USAGE,
     '--timeout takes seconds such as 2.5, above 0 and up to 1000000, not 1e-9'),
    ('server', 'echo --timeout 5.', USAGE, '--timeout takes seconds such as 2.5, above 0 and up to 1000000, not 5.'),
    ('server', 'echo --timeout nan', USAGE, '--timeout takes seconds such as 2.5, above 0 and up to 1000000, not nan'),
    ('server', 'echo --max-frame -5', USAGE, '--max-frame takes a number from 0 to 4611686018427387904, not -5'),
    ('server', 'echo --max-connections 0', USAGE, '--max-connections takes a number from 1 to 1048576, not 0'),
    ('client', 'count --port 7 --retries many', USAGE, '--retries takes a number from 0 to 1048576, not many'),
    ('server', 'command --max-runtime 0', USAGE,
     '--max-runtime takes seconds such as 2.5, above 0 and up to 1000000, not 0'),
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
        # Only Python has all the models.
        for kind, names in (('PROTOCOLS', PROTOCOLS), ('FORMATS', FORMATS), ('MODELS', peers.models(ours))):
            text = text.replace(kind, ', '.join(names))
        assert errors == ('unsupported: ' if status == UNSUPPORTED else role + ': ') + text + '\n'


SLIPS = [
    ('u32be', 'u32be', 0), ('u32eb', 'u32be', 1), ('u32e', 'u32be', 1), ('u332be', 'u32be', 1), ('u16be', 'u32be', 2),
    ('eb', 'be', 1), ('ceho', 'echo', 1), ('', 'echo', 4), ('echo', '', 4), ('ca', 'abc', 3),
]


@pytest.mark.parametrize('one, other, slips', SLIPS)
def test_slips_of_the_fingers(one, other, slips):
    assert choices.slips_between(one, other) == slips


@pytest.mark.parametrize('role', ['server', 'client'])
def test_help_is_the_same_but_for_what_only_python_has(role):
    texts = [run(peer, role, ['--help'])[:2] for peer in (peers.PEERS[0], peers.this_python()[0])]
    python_only = [line for line in texts[1][1].splitlines(True) if line.split()[:1] in PYTHON_ONLY]
    assert len(python_only) <= len(PYTHON_ONLY)
    assert texts[0] == (0, ''.join(line for line in texts[1][1].splitlines(True) if line not in python_only))


@pytest.mark.parametrize('role', ['server', 'client'])
def test_help_has_a_line_for_each_protocol_and_model(ours, role):
    rows = list(PROTOCOLS.values()) + [MODELS[name] for name in peers.models(ours) if role == 'server']
    lines = run(ours, role, ['--help'])[1].splitlines()
    assert [row.name for row in rows if '  %-19s %s' % (row.name, row.summary) not in lines] == []


@pytest.mark.parametrize('role', ['server', 'client'])
def test_version(ours, role):
    """One for both languages, and the number of the contract that its page has."""
    said = '%s %s, peer contract %d\n' % (role, VERSION, CONTRACT)
    assert run(ours, role, ['--version']) == (0, said, '')
    with io.open(os.path.join(ROOT, 'docs', 'peer-contract.md'), encoding='utf-8') as page:
        assert 'version %d' % CONTRACT in page.readline() + page.readline() + page.readline()


def test_lists_are_the_same_but_for_what_only_python_has():
    """In both programs of C too."""
    c, python = peers.PEERS[0], peers.this_python()[0]
    server, client, in_python = [
        run(peer, role, ['list'])[1].splitlines()
        for peer, role in ((c, 'server'), (c, 'client'), (python, 'server'))]
    assert server == client
    assert 'protocol frame' in server
    assert server == [line for line in in_python if line not in ('model asyncio', 'model socketserver')]


OVERVIEW = ['server', 'client', 'list', 'map', 'calls', 'ledger']


@pytest.mark.parametrize('words, status', [([], USAGE), (['--help'], 0), (['-h'], 0), (['sever'], USAGE)])
def test_python_says_what_there_is(words, status):
    """On standard output for those who asked, on standard error for those who did not."""
    found = run_python(words)
    text = found[1] if status == 0 else found[2]
    assert found[0] == status and '' in found[1:]
    assert [name for name in OVERVIEW if '\n  %-8s ' % name not in text] == []
    assert ('pyside: sever is none of these\n' in text) == (words == ['sever'])


def test_python_names_its_version():
    assert run_python(['--version']) == (0, 'pyside %s, peer contract %d\n' % (VERSION, CONTRACT), '')


def run_python(words):
    process = subprocess.Popen(
        [sys.executable, '-m', 'pyside'] + words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, errors = process.communicate()
    return process.returncode, out.decode('ascii'), errors.decode('ascii')
