"""The recorder: how calls are written down, and that none is lost."""

import os
import re
import signal
import subprocess
import sys

import pytest

from interop_tests.process import ROOT
from interop_tests.recorder.programs import c_program, python_program
from pyside.calls import normal, notes, preloading, recording, running

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
    ("s = socket.socket(socket.AF_INET6); s.bind(('::1', 0, 0, 1))", 'bind(fd3, [::1%1]:0) = 0'),
    ("s = socket.socket(socket.AF_UNIX); s.bind(b'\\0a\\n\\\\' + b'%d' % os.getpid())", r'bind(fd3, "\x00a\n\\N") = 0'),
    ("a.send(b'\\xff\\0\\t\"')", r'send(fd1, "\xff\x00\x09\"", 4, 0) = 4'),
    ("a.send(b'x' * 32)", 'send(fd1, "%s", 32, 0) = 32' % ('x' * 32)),
    ("a.send(b'x' * 33)", 'send(fd1, "%s"..., 33, 0) = 33' % ('x' * 32)),
    ("a.send(b'x', socket.MSG_DONTWAIT | 0x1000000)", 'send(fd1, "x", 1, MSG_DONTWAIT|0x01000000) = 1'),
    ("a.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)", 'setsockopt(fd1, SOL_SOCKET, SO_KEEPALIVE, [1]) = 0'),
    ("a.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE)", 'getsockopt(fd1, SOL_SOCKET, SO_TYPE) = 0 [1]'),
    ("a.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 5))",
     'setsockopt(fd1, SOL_SOCKET, SO_LINGER, [on, 5]) = 0'),
    ("a.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8)", 'getsockopt(fd1, SOL_SOCKET, SO_LINGER) = 0 [off, 0]'),
    ("a.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack('ll', 0, 250000))",
     'setsockopt(fd1, SOL_SOCKET, SO_RCVTIMEO, [0.25]) = 0'),
    ("a.getsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, 16)", 'getsockopt(fd1, SOL_SOCKET, SO_SNDTIMEO) = 0 [0]'),
    ("p = select.poll(); p.register(a, select.POLLWRNORM | select.POLLRDNORM | select.POLLRDBAND); p.poll(0)",
     'poll({fd1: POLLRDNORM|POLLRDBAND|POLLWRNORM}, 0) = 1 {fd1: POLLWRNORM}'),
    ("os.dup2(os.open(os.devnull, os.O_RDONLY), a.fileno())", 'dup2(fd3, fd1) = fd1'),
    ("ctypes.CDLL(None).close_range(a.fileno(), 1000, 0)", 'close_range(N, 1000, 0) = 0 {fd1, fd2}'),
    ("ctypes.CDLL(None).closefrom(a.fileno())", 'closefrom(N) = {fd1, fd2}'),
    ("a.shutdown(socket.SHUT_RD)", 'shutdown(fd1, SHUT_RD) = 0'),
    ("select.select([a], [b], [a], 0.25)", 'select(N, {fd1}, {fd2}, {fd1}, 0.25) = 1 {} {fd2} {}'),
    ("p = select.poll(); p.register(a, 0); p.poll(0)", 'poll({fd1: 0}, 0) = 0 {}'),
    ("fcntl.ioctl(a, termios.FIONREAD, b'1234')", 'ioctl(fd1, FIONREAD) = 0 [0]'),
    ("fcntl.fcntl(a, fcntl.F_GETFL)", 'fcntl(fd1, F_GETFL) = 2 O_RDWR'),
    ("fcntl.fcntl(a, fcntl.F_SETFD, 1); fcntl.fcntl(a, fcntl.F_GETFD)", 'fcntl(fd1, F_GETFD) = 1 FD_CLOEXEC'),
    ("fcntl.fcntl(a, fcntl.F_SETFD, 1)", 'fcntl(fd1, F_SETFD, FD_CLOEXEC) = 0'),
    ("socket.getaddrinfo('::1', 70000 % 65536, socket.AF_INET6, socket.SOCK_STREAM, 6, socket.AI_NUMERICHOST)",
     'getaddrinfo("::1", "port1", AF_INET6, SOCK_STREAM, 6, AI_NUMERICHOST) = 0 {[::1]:port1}'),
]
SETUP = 'import ctypes, fcntl, os, select, socket, struct, termios; a, b = socket.socketpair(); '
# What turns addresses into text is not meant, nor what asks about new descriptors.
AROUND = ('inet_', 'getnameinfo', 'getsockname', 'close(')


@pytest.mark.parametrize('code, line', NOTATION, ids=[row[1].partition('(')[0] for row in NOTATION])
def test_notation(code, line):
    status, _, errors, _, calls = python(SETUP + code + '; os._exit(0)')
    assert status == 0, errors
    own = [index for index, call in enumerate(calls) if call.name == 'socketpair'][0]
    found = [text for text in normal.lines(calls[own:]) if not text.startswith(AROUND)][-1]
    found = re.sub('^ppoll', 'poll', found)  # as 3.15 waits
    numbers = r'(?<=select\()\d+|(?<=close_range\()\d+|(?<=closefrom\()\d+|(?<=\\\\)\d+(?=")'
    assert re.sub(numbers, 'N', found) == line


def test_a_text_that_is_too_long_is_cut_and_has_its_result():
    code = ('p = select.poll(); pairs = [socket.socketpair() for _ in range(100)]; '
            '[p.register(s, select.POLLOUT) for pair in pairs for s in pair]; p.poll(0)')
    line = [call.line() for call in python(SETUP + code)[4] if call.name in ('poll', 'ppoll')][0]
    assert re.match(r'p?poll\(\{\d+: POLLOUT, .*\.\.\.\) = 200 \{\d+: POLLOUT, .*\.\.\.$', line)


KILLED = 'import os, socket; a, b = socket.socketpair(); b.send(b"x"); a.recv(1); os.kill(os.getpid(), 9)'


def test_what_was_recorded_survives_sigkill():
    status, _, _, _, calls = python(KILLED)
    assert status == -signal.SIGKILL
    assert [call.name for call in calls][-2:] == ['send', 'recv']
    assert calls[-1].result == '1 "x"'


def test_a_call_that_never_returned_was_entered():
    calls = [call for call in running.record(python_program('killed'))[4] if call.name == 'recv']
    assert [call.line() for call in calls] == ['recv(4, 6, 0) = 6 "before"', 'recv(4, 5, 0) = ?']


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
    folder = os.path.join(ROOT, 'c_ref', 'calls')
    replaced = set()
    for name in ('sockets', 'data', 'descriptors', 'waiting', 'resolving'):
        with open(os.path.join(folder, name + '.c')) as source:
            replaced |= set(re.findall(r'REAL\((\w+)\);', source.read()))
    with open(os.path.join(folder, 'exported')) as names:
        assert set(re.findall(r'(\w+);', names.read())) == replaced
    assert len(replaced) > 60


def test_a_program_that_hangs_is_ended():
    assert python('import time; time.sleep(60)', seconds=0.5)[0] == -signal.SIGKILL


def test_something_that_is_no_recording(tmpdir):
    for content in (b'', b'calls 1\n' + bytes(bytearray(1000))):
        tmpdir.join('calls').write(content)
        with pytest.raises(ValueError) as error:
            recording.read(str(tmpdir.join('calls')))
        assert 'no recording' in str(error.value)


NOTED = """\
import os, socket
server = socket.socket(); server.bind(('127.0.0.1', 0)); server.listen(1)
client = socket.socket(); client.connect(server.getsockname())
client.sendall(b'x' * 100)
if os.fork():
    os.wait()
else:
    server.accept()[0].recv(1000)
    os._exit(0)
"""


def noted(code, tmpdir, **how):
    path = str(tmpdir.join('notes'))
    notes.create(path, **how)
    status, _, errors, _, calls = python(code, notes=path)
    assert status == 0, errors
    return {call.name.rstrip('4'): call for call in calls}, notes.read(path)


def test_notes(tmpdir):
    calls, found = noted(NOTED, tmpdir)
    assert found.data[calls['send'].number] == found.data[calls['recv'].number] == b'x' * 100
    assert found.names[calls['connect'].number] == found.names[calls['accept'].number][::-1]
    fork, = found.forks
    assert (fork.process, fork.parent) == (calls['recv'].process, calls['send'].process)
    assert calls['send'].returned < fork.at < calls['recv'].entered


def test_notes_say_where_a_program_called(tmpdir, request):
    path = str(tmpdir.join('notes'))
    notes.create(path)
    program = c_program('plain', request)
    calls = running.record(program, notes=path)[4]
    found = [one for one in notes.read(path).objects if one.path == os.path.realpath(program[0])]
    assert found and {one.process for one in found} == {calls[0].process}
    assert all(any(one.first < call.caller <= one.end for one in found) for call in calls)


def test_notes_keep_what_there_is_room_for(tmpdir):
    calls, found = noted(NOTED, tmpdir, kept=10)
    assert found.data[calls['send'].number] == b'x' * 10
    assert noted(NOTED, tmpdir, room=64)[1].data == {}
