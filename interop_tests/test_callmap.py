"""The map: this interpreter, and C, make the calls that the rows say; and the map can be read."""

import errno
import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import termios

import pytest

from interop_tests import peers
from interop_tests.process import ROOT
from pyside.calls.callmap import measure, pages, twins
from pyside.calls.callmap.exceptions import CLASSES, exception
from pyside.calls.callmap.outcomes import absent, differ
from pyside.calls.callmap.rows import called, examples, functions, interpreters, recorded, rows
from pyside.ledger.versions import expected, version

ROWS = rows()
EXAMPLES = examples()
RECORDED = recorded()

# What the tables of socket tutorials list, all of which has to be there.
NAMES = '''
socket getaddrinfo gethostbyname gethostbyaddr gethostname create_connection create_server socketpair
inet_aton inet_ntoa inet_pton inet_ntop htons htonl ntohs ntohl setdefaulttimeout select poll epoll hangup
bind listen accept connect connect_ex
recv MSG_PEEK recv_into recvfrom recvmsg send sendall sendto sendmsg sendfile makefile
getpeername getsockname getsockopt setsockopt keepalive settimeout gettimeout setblocking fileno
detach dup shutdown close
socketserver SOCK_RAW SOCK_RDM SOCKET closesocket SOCKET_ERROR INVALID_SOCKET
'''


@pytest.mark.parametrize('name', list(EXAMPLES))
def test_recorded_calls(name):
    found = measure.in_python(sys.executable, EXAMPLES[name])
    assert found == expected(RECORDED[name]['python'], peers.this_python()[0].name)


@pytest.fixture(scope='module')
def program(request, tmpdir_factory):
    if request.config.getoption('--without-c'):
        pytest.skip('the programs in C are run once')
    return twins.build(EXAMPLES.values(), str(tmpdir_factory.mktemp('examples')))


@pytest.mark.parametrize('name', list(EXAMPLES))
def test_recorded_calls_in_c(name, program):
    assert measure.in_c(program, EXAMPLES[name]) == RECORDED[name]['c']


@pytest.mark.parametrize('name', list(EXAMPLES))
def test_python_and_c_have_the_same_result(name):
    for outcome in RECORDED[name]['python'].values():
        assert absent(outcome) or outcome['shows'] == RECORDED[name]['c']['shows']
    assert RECORDED[name]['c']['shows'] and not all(map(absent, RECORDED[name]['python'].values()))


@pytest.mark.parametrize('row', ROWS.values(), ids=list(ROWS))
def test_a_row_says_what_was_recorded(row):
    """What it says is called is called, by some version at least; what it says is only C's is called by none."""
    by_python = set()
    for example in row.examples:
        for outcome in RECORDED[example.name]['python'].values():
            by_python |= set(called(outcome['calls']))
    assert set(functions(row.calls)) <= by_python
    assert not set(functions(row.c)) & by_python
    assert row.examples and row.python and row.adds and row.differs
    if any(differ(RECORDED[example.name]['python']) for example in row.examples):
        assert 'same on all' not in row.differs[0]


@pytest.mark.parametrize('row', ROWS.values(), ids=list(ROWS))
def test_a_row_says_since_when_there_is_the_name(row):
    """A signature that begins with a version, ``3.3+:``, is the first that there was."""
    first = re.match(r'(\d)\.(\d+)', row.python[0])
    since = (int(first.group(1)), int(first.group(2))) if first else (2, 7)
    for python in interpreters():
        if python != 'pypy3':
            for example in row.examples:
                assert absent(expected(RECORDED[example.name]['python'], python)) == (version(python) < since)


def test_every_call_has_a_row():
    assert sorted(ROWS) == sorted(NAMES.split())


@pytest.mark.parametrize('name', sorted({name for row in ROWS.values() if row.read for name in row.read[0].split()}))
def test_the_files_that_make_the_calls_point_at_the_map(name):
    files = pages.twin_files(name)
    assert files
    for path in files:
        with io.open(os.path.join(ROOT, path), encoding='utf-8') as file:
            assert 'python -m pyside map' in file.read(1500), path


ERRORS = sorted({name for row in ROWS.values() if row.errors for name in row.errors[0].split()})


@pytest.mark.parametrize('name', [name for name in ERRORS if not name.startswith('EAI_')])
def test_exception(name):
    found = type(OSError(getattr(errno, name), 'text')).__name__
    assert found == ('OSError' if sys.version_info[0] == 2 else exception(name))


def test_exceptions_that_were_raised():
    """Where an example ended with an errno, it was raised as the table says."""
    known = set(CLASSES) | {'OSError'}
    for found in RECORDED.values():
        for versions, outcome in found['python'].items():
            if outcome['raises'] in known and versions != '2.7' and outcome['shows'][-1] != 'timed out':
                assert exception(outcome['shows'][-1]) == outcome['raises']


def test_another_call_is_noticed():
    """The measurement itself can come out otherwise."""
    example = EXAMPLES['recv: what has arrived']
    right = measure.in_python(sys.executable, example)
    other = measure.in_python(sys.executable, example._replace(python=example.python.replace('100', '3')))
    assert right['calls'] != other['calls'] and right['shows'] != other['shows']
    with pytest.raises(measure.Failed):
        measure.in_python(sys.executable, example._replace(python='no_such_name\n---\n'))


@pytest.mark.parametrize('name', sorted(pages.pages()))
def test_page_is_up_to_date(name):
    with io.open(os.path.join(pages.DOCS, name), encoding='utf-8') as page:
        assert page.read() == pages.pages()[name], 'python -m pyside.calls.callmap pages regenerates it'


def shown_by_map(*words):
    process = subprocess.Popen(
        [sys.executable, '-m', 'pyside', 'map'] + list(words), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output, errors = process.communicate()
    return process.returncode, output.decode('utf-8'), errors.decode('utf-8')


def test_map_shows_a_row():
    status, output, errors = shown_by_map('sendall')
    assert (status, errors) == (0, '')
    assert output.startswith('sendall\n=======\n') and '\x1b' not in output
    assert '    poll({a: POLLOUT}, 3000) = 1 {a: POLLOUT}' in output
    assert max(len(line) for line in output.splitlines() if not line.startswith('    ')) <= 80


def test_map_takes_the_beginning_of_a_name():
    assert shown_by_map('sendal') == shown_by_map('sendall')


@pytest.mark.parametrize('word', ['socket.send', 'socket.socket.send', 'sock.send', 's.send(', 'sock.send(b"x.y")'])
def test_map_takes_a_name_as_it_stands_in_code(word):
    assert shown_by_map(word) == shown_by_map('send')


@pytest.mark.parametrize('word, text', [
    ('recvf', None), ('re', 're is the beginning of recv, recv_into, recvfrom, recvmsg'),
    ('listne', 'no row listne; did you mean listen?'), ('xyz', 'no row xyz; map --names lists those that there are')])
def test_map_of_a_word(word, text):
    status, output, errors = shown_by_map(word)
    assert (status, output == '') == ((2, True) if text else (0, False))
    assert errors == ('map: %s\n' % text if text else '')


def test_map_of_everything():
    output = shown_by_map('--all')[1]
    assert all('\n%s\n%s\n' % (name, '=' * len(name)) in '\n' + output for name in ROWS)
    assert shown_by_map('--names')[1].split() == list(ROWS)
    assert set(shown_by_map()[1].split()) >= set(ROWS)


@pytest.mark.parametrize('columns', [50, 90, 200])
def test_map_on_a_terminal(columns):
    """It has colour there, and the width of the window, between 40 and 100 columns."""
    near, far = pty.openpty()
    fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack('4H', 24, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name != 'COLUMNS'}
    process = subprocess.Popen(
        [sys.executable, '-m', 'pyside', 'map', 'recvfrom'], cwd=ROOT, stdout=far, close_fds=True, env=environment)
    os.close(far)
    output = _read_all(near)
    assert process.wait() == 0
    assert output.startswith(b'\x1b[1mrecvfrom\x1b[0m\r\n')
    widest = max(len(line) for line in output.decode('ascii').splitlines() if not line.startswith('    '))
    # PY2: the standard library cannot ask for the width; it is 80.
    limit = 80 if sys.version_info[0] == 2 else min(columns, 100)
    assert limit - 20 < widest <= limit


def _read_all(terminal):
    """Read until the other side is closed everywhere; Linux says EIO then."""
    output = b''
    try:
        while True:
            output += os.read(terminal, 4096)
    except OSError as error:
        assert error.errno == errno.EIO
    os.close(terminal)
    return output


def test_map_ends_with_its_reader():
    process = subprocess.Popen(
        [sys.executable, '-m', 'pyside', 'map', '--all'], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    assert process.stderr.read() == b''
    process.wait()


def test_bash_completes_names():
    script = (
        'eval "$(%s -m pyside map --completion)"; COMP_WORDS=(%s -m pyside map getsock); COMP_CWORD=4; _pyside; '
        'echo "${COMPREPLY[@]}"; COMP_WORDS=(%s other.py ma); COMP_CWORD=2; _pyside; echo "${#COMPREPLY[@]}"')
    said = subprocess.check_output(['bash', '-c', script % ((sys.executable,) * 3)], cwd=ROOT)
    assert said.decode('ascii').splitlines() == ['getsockname getsockopt', '0']
