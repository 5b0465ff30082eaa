"""The recorder: the same calls, order and results as strace sees, and what survives."""

import os
import re
import signal
import subprocess
import sys

import pytest

from interop_tests.compiling import build, forget_builds
from interop_tests.process import ROOT
from interop_tests.recorder import strace
from pyside.calls import normal, preloading, recording, running

SCENARIOS = os.path.join(ROOT, 'interop_tests', 'recorder', 'scenarios')
SECONDS = 30
PYTHON = [
    'blocking', 'timeouts', 'asynchronous', 'socketserving', 'threads', 'forking', 'reset', 'megabytes', 'datagrams',
    'multiplexing', 'interrupted', 'killed', 'another_program']
# How a C program is compiled.
C = {'plain': [], 'fortified': ['-O2', '-D_FORTIFY_SOURCE=2'], 'stdio': []}

needs_strace = pytest.mark.skipif(not strace.available(), reason='strace is not here, or not permitted')


@pytest.fixture(scope='module', autouse=True)
def _builds():
    yield
    forget_builds()


def python_program(name):
    if name == 'asynchronous' and sys.version_info[0] == 2:
        pytest.skip('asyncio came with Python 3')
    return [sys.executable, os.path.join(SCENARIOS, name + '.py')]


def c_program(name, request):
    if request.config.getoption('--without-c'):
        pytest.skip('the programs in C are run once')
    return [build([os.path.join(SCENARIOS, name + '.c')], C[name])]


def compare(command, tmpdir):
    """Check that strace and the recorder saw the same of one run; return it."""
    theirs, ours = strace.both(command, str(tmpdir), SECONDS)
    assert theirs, 'strace saw nothing: %s' % ' '.join(command)
    assert set(theirs) == set(ours), 'other threads'
    for thread in theirs:
        assert ours[thread] == theirs[thread], 'thread %d of %s' % (thread, ' '.join(command))
    return ours


@needs_strace
@pytest.mark.parametrize('name', PYTHON)
def test_same_as_strace(name, tmpdir):
    compare(python_program(name), tmpdir)


@needs_strace
@pytest.mark.parametrize('name', ['plain', 'fortified'])
def test_same_as_strace_in_c(name, tmpdir, request):
    compare(c_program(name, request), tmpdir)


@needs_strace
def test_stdio_on_a_socket_is_not_seen(tmpdir, request):
    """A limit that is stated: fgets and fclose call read and close inside the C library."""
    theirs, ours = strace.both(c_program('stdio', request), str(tmpdir), SECONDS)
    (seen,), (recorded,) = theirs.values(), ours.values()
    missing = [call for call in seen if call not in recorded]
    assert [name for name, _ in missing] == ['fcntl', 'read', 'write', 'close']
    assert [call for call in seen if call not in missing] == recorded


# What plain.c looks like: ports and descriptors have the names of their first appearance.
PLAIN = """\
socket(AF_INET, SOCK_STREAM, 0) = fd1
socket(AF_INET, SOCK_STREAM, 0) = fd2
bind(fd1, 127.0.0.1:0) = 0
listen(fd1, 1) = 0
getsockname(fd1) = 0 127.0.0.1:port1
connect(fd2, 127.0.0.1:port1) = 0
accept(fd1) = fd3 NULL
writev(fd2, "hello", 2) = 5
ioctl(fd3, FIONREAD) = 0 [5]
read(fd3, 100) = 5 "hello"
write(fd3, "answer", 6) = 6
poll({fd2: POLLIN}, 1000) = 1 {fd2: POLLIN}
recvfrom(fd2, 100, 0) = 6 "answer"
fcntl(fd2, F_GETFL) = 2 O_RDWR
fcntl(fd2, F_SETFL, O_RDWR|O_NONBLOCK) = 0
recv(fd2, 100, 0) = -1 EAGAIN
select(5, NULL, {fd2}, NULL, NULL) = 1 NULL {fd2} NULL
shutdown(fd2, SHUT_RDWR) = 0
send(fd2, "x", 1, MSG_NOSIGNAL) = -1 EPIPE
dup2(fd2, fd4) = fd4
close(fd4) = 0
close(fd3) = 0
""".splitlines()


def test_lines(request):
    status, _, _, head, calls = running.record(c_program('plain', request))
    assert status == 0 and head == (len(calls), 1, 0)
    assert [line for line in normal.lines(calls) if not line.startswith('hton')] == PLAIN


def python(code, **how):
    return running.record([sys.executable, '-c', code], **how)


# A piece of code, and the last call that it makes, as it is written down.
NOTATION = [
    ("s = socket.socket(socket.AF_INET6); s.bind(('::1', 0))", 'bind(fd3, [::1]:0) = 0'),
    ("s = socket.socket(socket.AF_UNIX); s.bind(b'\\0a\\n\\\\' + b'%d' % os.getpid())", r'bind(fd3, "\x00a\n\\N") = 0'),
    ("a.send(b'\\xff\\0\\t\"')", r'send(fd1, "\xff\x00\x09\"", 4, 0) = 4'),
    ("a.send(b'x' * 32)", 'send(fd1, "%s", 32, 0) = 32' % ('x' * 32)),
    ("a.send(b'x' * 33)", 'send(fd1, "%s"..., 33, 0) = 33' % ('x' * 32)),
    ("a.send(b'x', socket.MSG_DONTWAIT | 0x1000000)", 'send(fd1, "x", 1, MSG_DONTWAIT|0x01000000) = 1'),
    ("a.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)", 'setsockopt(fd1, SOL_SOCKET, SO_KEEPALIVE, [1]) = 0'),
    ("a.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE)", 'getsockopt(fd1, SOL_SOCKET, SO_TYPE) = 0 [1]'),
    ("a.shutdown(socket.SHUT_RD)", 'shutdown(fd1, SHUT_RD) = 0'),
    ("select.select([a], [b], [a], 0.25)", 'select(N, {fd1}, {fd2}, {fd1}, 0.25) = 1 {} {fd2} {}'),
    ("p = select.poll(); p.register(a, 0); p.poll(0)", 'poll({fd1: 0}, 0) = 0 {}'),
    ("fcntl.ioctl(a, termios.FIONREAD, b'1234')", 'ioctl(fd1, FIONREAD) = 0 [0]'),
    ("fcntl.fcntl(a, fcntl.F_GETFL)", 'fcntl(fd1, F_GETFL) = 2 O_RDWR'),
    ("socket.getaddrinfo('::1', 70000 % 65536, socket.AF_INET6, socket.SOCK_STREAM, 6, socket.AI_NUMERICHOST)",
     'getaddrinfo("::1", "port1", AF_INET6, SOCK_STREAM, 6, AI_NUMERICHOST) = 0 {[::1]:port1}'),
]
SETUP = 'import fcntl, os, select, socket, termios; a, b = socket.socketpair(); '
# What turns addresses into text is not meant, nor what asks about new descriptors.
AROUND = ('inet_', 'getnameinfo', 'getsockname', 'close')


@pytest.mark.parametrize('code, line', NOTATION, ids=[row[1].partition('(')[0] for row in NOTATION])
def test_notation(code, line):
    status, _, errors, _, calls = python(SETUP + code + '; os._exit(0)')
    assert status == 0, errors
    own = [index for index, call in enumerate(calls) if call.name == 'socketpair'][0]
    found = [text for text in normal.lines(calls[own:]) if not text.startswith(AROUND)][-1]
    assert re.sub(r'(?<=select\()\d+|(?<=\\\\)\d+(?=")', 'N', found) == line


def test_a_text_that_is_too_long_is_cut_and_has_its_result():
    code = ('p = select.poll(); pairs = [socket.socketpair() for _ in range(100)]; '
            '[p.register(s, select.POLLOUT) for pair in pairs for s in pair]; p.poll(0)')
    line = [call.line() for call in python(SETUP + code)[4] if call.name == 'poll'][0]
    assert re.match(r'poll\(\{\d+: POLLOUT, .*\.\.\.\) = 200 \{\d+: POLLOUT, .*\.\.\.$', line)


KILLED = 'import os, socket; a, b = socket.socketpair(); b.send(b"x"); a.recv(1); os.kill(os.getpid(), 9)'


def test_what_was_recorded_survives_sigkill():
    status, _, _, _, calls = python(KILLED)
    assert status == -signal.SIGKILL
    assert [call.name for call in calls][-2:] == ['send', 'recv']
    assert calls[-1].result == '1 "x"'


WAITING = """\
import os, socket, threading, time
a, b = socket.socketpair()
threading.Timer(0.2, os.kill, (os.getpid(), 9)).start()
a.recv(5)
"""


def test_a_call_that_never_returned_was_entered():
    calls = [call for call in python(WAITING)[4] if call.name == 'recv']
    assert len(calls) == 1 and calls[0].result is None
    assert calls[0].line() == 'recv(3, 5, 0) = ?'


MANY = """\
import os, socket, threading
def talk():
    a, b = socket.socketpair()
    for _ in range(500):
        a.send(b'x'); b.recv(1)
children = [os.fork() for _ in range(2)]
threads = [threading.Thread(target=talk) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""


def test_no_call_of_any_thread_or_process_is_lost():
    """Two forks make four processes, with four threads each."""
    calls = [call for call in python(MANY)[4] if call.name in ('send', 'recv')]
    threads = {}
    for call in calls:
        threads.setdefault((call.process, call.thread), []).append(call.name)
    assert len(threads) == 16
    assert all(names == ['send', 'recv'] * 500 for names in threads.values())


def test_beyond_the_limit_calls_are_counted():
    head, calls = python('import socket; a, b = socket.socketpair(); [a.send(b"x") for _ in range(50)]', limit=10)[3:]
    assert len(calls) == 10 and head.lost > 40


def test_fortified_programs_are_still_stopped(request):
    """The recorder hands the size on that the compiler knew, and the C library says no."""
    program = c_program('fortified', request)
    assert running.record(program)[0] == 0
    status, _, errors, _, calls = running.record(program + ['100'])
    assert status == -signal.SIGABRT and b'buffer overflow' in errors
    assert (calls[-1].name, calls[-1].result) == ('recv', None)


@pytest.mark.parametrize('found', [None, b'', b'something else' * 100], ids=['none', 'empty', 'other'])
def test_without_a_recording_the_program_runs_all_the_same(found, tmpdir):
    path = str(tmpdir.join('calls'))
    if found is not None:
        tmpdir.join('calls').write(found)
    environment = dict(preloading.environment(path), PYTHONDONTWRITEBYTECODE='1')
    code = 'import socket; a, b = socket.socketpair(); a.send(b"x"); print(b.recv(1) == b"x")'
    assert subprocess.check_output([sys.executable, '-c', code], env=environment).strip() == b'True'
    if found is not None:
        assert tmpdir.join('calls').read('rb') == found


def test_every_function_that_is_replaced_is_visible():
    """The list for the linker names what the sources put in the place of the C library's."""
    folder = os.path.join(ROOT, 'c_ref', 'recorder')
    replaced = set()
    for name in ('sockets', 'data', 'descriptors', 'waiting', 'resolving'):
        with open(os.path.join(folder, name + '.c')) as source:
            replaced |= set(re.findall(r'REAL\((\w+)\);', source.read()))
    with open(os.path.join(folder, 'exported')) as names:
        assert set(re.findall(r'(\w+);', names.read())) == replaced
    assert len(replaced) > 60


def calls_command(*words):
    """Run ``python -m pyside calls``; return status, output and errors."""
    process = subprocess.Popen(
        [sys.executable, '-m', 'pyside', 'calls'] + list(words), cwd=ROOT, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, close_fds=True)
    return (process.wait(),) + tuple(stream.decode('utf-8') for stream in process.communicate())


def test_command():
    status, output, lines = calls_command(
        '--', sys.executable, '-c', 'import socket; a, b = socket.socketpair(); a.send(b"x"); print("said"); exit(3)')
    assert (status, output) == (3, 'said\n')
    assert re.search(r'^send\(\d+, "x", 1, 0\) = 1$', lines, re.M)


def test_command_says_when_there_were_more(tmpdir):
    file = tmpdir.join('lines')
    status, _, errors = calls_command(
        '--limit', '3', '--times', 'yes', '--output', str(file), '--', sys.executable, '-c',
        'import socket; a, b = socket.socketpair(); a.send(b"x"); a.send(b"x"); a.send(b"x"); a.send(b"x")')
    assert status == 0 and re.match(r'^calls: \d+ more calls, beyond --limit 3\n$', errors)
    assert all(re.match(r'^\d+\.\d{6} \d+\.\d{6} \w+\(', line) for line in file.read().splitlines())


def test_command_of_a_program_that_is_killed():
    status, _, lines = calls_command('--', sys.executable, '-c', WAITING)
    assert status == 128 + signal.SIGKILL
    assert 'recv(3, 5, 0) = ?' in lines.splitlines()


REFUSED = [
    (['--'], 2, 'no program'),
    (['true'], 2, 'no option true; -- stands in front of the program'),
    (['--limit', 'many', '--', 'true'], 2, '--limit must be a number from 1 to 10000000, not many'),
    (['--limit'], 2, '--limit needs a value'),
    (['--times', 'often', '--', 'true'], 2, '--times must be yes or no, not often'),
    (['--output', '/nowhere/at/all', '--', 'true'], 2, '/nowhere/at/all: No such file or directory'),
    (['--', 'no-such-program'], 127, 'no-such-program is no program, or not found'),
]


@pytest.mark.parametrize('words, status, text', REFUSED, ids=[' '.join(row[0]) for row in REFUSED])
def test_command_refuses(words, status, text):
    ended, output, errors = calls_command(*words)
    assert (ended, output) == (status, '')
    assert errors.startswith('calls: ' + text) and errors.count('\n') == 1


def test_command_of_what_cannot_be_run(tmpdir):
    program = tmpdir.join('program')
    program.write('no script, no program')
    program.chmod(0o755)
    assert calls_command('--', str(program)) == (127, '', 'calls: %s: Exec format error\n' % program)


def test_a_program_that_hangs_is_ended():
    assert python('import time; time.sleep(60)', seconds=0.5)[0] == -signal.SIGKILL


def compiled(tmpdir, *flags):
    source = tmpdir.join('empty.c')
    source.write('int main(void) { return 0; }\n')
    return build([str(source)], list(flags))


@pytest.mark.parametrize('flags, text', [
    (['-static'], 'is linked statically'), (['-static-pie', '-fPIE'], 'is linked statically'),
    (['-fsanitize=address'], 'is built with AddressSanitizer')], ids=['static', 'static-pie', 'asan'])
def test_programs_that_cannot_be_recorded(flags, text, tmpdir, request):
    c_program('plain', request)
    program = compiled(tmpdir, *flags)
    status, _, errors = calls_command('--', program)
    assert status == 127 and errors.startswith('calls: %s %s' % (program, text)) and errors.count('\n') == 1


def test_a_script_is_judged_by_its_interpreter(tmpdir, request):
    c_program('plain', request)
    script = tmpdir.join('script')
    script.write('#!%s\n' % compiled(tmpdir, '-static'))
    script.chmod(0o755)
    assert 'is linked statically' in preloading.obstacle(str(script))
    script.write('#!/bin/sh\n')
    assert preloading.obstacle(str(script)) is None


def test_a_program_that_changes_its_user(tmpdir):
    program = tmpdir.join('program')
    program.write(b'\x7fELF')
    program.chmod(0o4755)
    assert 'changes its user' in preloading.obstacle(str(program))


def test_other_platforms(monkeypatch):
    monkeypatch.setattr(sys, 'platform', 'freebsd14')
    assert preloading.obstacle('true') == (
        'recording needs a loader that knows LD_PRELOAD, as on Linux; this is freebsd14')


def test_before_make(monkeypatch):
    monkeypatch.setattr(preloading, 'LIBRARY', '/nowhere/librecorder.so')
    assert preloading.obstacle('true') == '/nowhere/librecorder.so is missing: make builds it'


def test_a_folder_whose_name_ends_too_early(monkeypatch, tmpdir):
    library = tmpdir.join('with space.so')
    library.write('')
    monkeypatch.setattr(preloading, 'LIBRARY', str(library))
    assert preloading.obstacle('true').startswith('LD_PRELOAD takes the space or colon in ')


def test_something_that_is_no_recording(tmpdir):
    for content in (b'', b'calls 2\n' + bytes(bytearray(1000))):
        tmpdir.join('calls').write(content)
        with pytest.raises(ValueError) as error:
            recording.read(str(tmpdir.join('calls')))
        assert 'no recording' in str(error.value)
