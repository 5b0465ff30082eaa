"""``command``: what is allowed, and nothing else, within its limits, under every I/O model."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing

import pytest

from interop_tests import peers, proc, verdict
from interop_tests.process import Process
from interop_tests.programs import Client, Server
from interop_tests.wire import SECONDS, Wire, dial, wait_until
from pyside.net.compat import clock
from pyside.net.execution import LOOK_INTERVAL
from pyside.wire import framing

WELCOME = b'\0\0\0\x07Welcome'
ALLOWED = {
    'environment': '/usr/bin/env',
    'folder': '/bin/pwd',
    'standard-input': '/bin/cat',
    'both-outputs': '/bin/ls,/no/such/file',
    'status-7': '/bin/sh,-c,exit 7',
    'killed': '/bin/sh,-c,kill -KILL $$',
    'closes-its-output-first': '/bin/sh,-c,echo said; exec >&- 2>&-; exit 3',
    'leaves-a-child': '/bin/sh,-c,sleep 1000 & echo $!',
    'sleep': '/bin/sleep,1000',
    'endless': '/bin/cat,/dev/zero',
    'one-too-many': '/bin/echo,123456789012',
    'just-enough': '/bin/echo,12345678901',
}


def allow(names=ALLOWED):
    return [word for name in sorted(names) for word in ('--allow', '%s=%s' % (name, ALLOWED[name]))]


def command_server(peer, extra=(), family='unix'):
    return Server(peer, 'command', '-', family, SECONDS, list(extra) + (allow() if '--allow' not in extra else []))


def ask(wire, name):
    """Send a request; return the exit status and the output."""
    wire.sock.sendall(framing.encode('u32be', name))
    return answer(wire)


def answer(wire):
    head = wire.read_exactly(4)
    payload = bytearray(wire.read_exactly(framing.FORMATS['u32be'].decode_header(head)[1]))
    return payload[0], bytes(payload[1:])


def greeted(server):
    wire = dial(server)
    assert wire.read_exactly(len(WELCOME)) == WELCOME
    return wire


RESULTS = [
    ('environment', 0, b'Done.\n'),
    ('folder', 0, b'/\n'),
    ('standard-input', 0, b'Done.\n'),
    ('both-outputs', 2, b"/bin/ls: cannot access '/no/such/file': No such file or directory\n"),
    ('status-7', 7, b'Done.\n'),
    ('killed', 128 + signal.SIGKILL, b'Done.\n'),
    ('closes-its-output-first', 3, b'said\n'),
    ('just-enough', 0, b'12345678901\n'),
]


def test_an_answer_does_not_wait_for_the_next_program(ours, model):
    extra = ['--model', model, '--max-runtime', str(2 * SECONDS)]
    with closing(command_server(ours, extra)) as server, closing(greeted(server)) as wire:
        wire.sock.sendall(framing.encode('u32be', b'status-7') + framing.encode('u32be', b'sleep'))
        assert answer(wire) == (7, b'Done.\n')


def test_results(ours, model):
    """Ten times over, because what closes its output first wins or loses a race against the one that waits for it."""
    with closing(command_server(ours, ['--model', model])) as server, closing(greeted(server)) as wire:
        for _ in range(10):
            for name, status, output in RESULTS:
                assert ask(wire, name.encode('ascii')) == (status, output), name
        assert server.process.errors == ''


NOT_ALLOWED = [b'', b'sh', b'folder ', b'folder;true', b'$(folder)', b'../bin/pwd', b'/bin/pwd', b'folder\0', b'fold',
               b'=', b'folder=/bin/pwd', b'\xff\xfe', b'x' * 100000]


@pytest.mark.parametrize('name', NOT_ALLOWED, ids=[repr(name[:12]).strip("b'") for name in NOT_ALLOWED])
def test_nothing_else_is_run(ours, name):
    extra = ['--allow', 'folder=/bin/pwd', '--allow', 'other=/bin/true']
    with closing(command_server(ours, extra)) as server, closing(greeted(server)) as wire:
        assert ask(wire, name) == (127, b'unknown command, there are: folder, other\n')
        assert ask(wire, b'folder') == (0, b'/\n')


CANNOT_RUN = [
    ('removed', 0o700, True, 127, b'cannot run: No such file or directory\n'),
    ('no-longer-executable', 0o600, False, 126, b'cannot run: Permission denied\n'),
]


@pytest.mark.parametrize('mode, removed, status, output', [row[1:] for row in CANNOT_RUN],
                         ids=[row[0] for row in CANNOT_RUN])
def test_a_program_that_is_gone_by_now(ours, model, tmpdir, mode, removed, status, output):
    program = tmpdir.join('program')
    program.write('#!/bin/sh\n')
    program.chmod(0o700)
    extra = ['--model', model, '--allow', 'program=%s' % program, '--allow', 'folder=/bin/pwd']
    with closing(command_server(ours, extra)) as server, closing(greeted(server)) as wire:
        program.chmod(mode)
        if removed:
            program.remove()
        assert ask(wire, b'program') == (status, output)
        assert ask(wire, b'folder') == (0, b'/\n')


@pytest.mark.parametrize('name, output, text', [
    ('sleep', b'Done.\n', 'more than 0.5 s'),
    ('endless', b'\0' * 12, 'more than 12 bytes of output'),
    ('one-too-many', b'123456789012', 'more than 12 bytes of output'),
], ids=['runtime', 'endless-output', 'one-byte-too-many'])
def test_limits(ours, model, name, output, text):
    extra = ['--model', model, '--max-runtime', '0.5', '--max-output', '12']
    with closing(command_server(ours, extra)) as server, closing(greeted(server)) as wire:
        assert ask(wire, name.encode('ascii')) == (128 + signal.SIGKILL, output)
        assert server.process.errors.count('killed %s: %s' % (name, text)) == 1
        extra_time = ask(wire, b'folder')
        assert extra_time == (0, b'/\n')


def test_output_beyond_the_longest_frame_that_a_server_takes(ours):
    """``--max-frame`` limits what a client may send; the output has a limit of its own."""
    size = 17 * 1024 * 1024
    extra = ['--max-output', str(size), '--allow', 'big=/usr/bin/head,-c,%d,/dev/zero' % size]
    with closing(command_server(ours, extra)) as server, closing(greeted(server)) as wire:
        status, output = ask(wire, b'big')
        assert (status, len(output)) == (0, size)


def set_limit(pid, descriptors):
    subprocess.check_call(['prlimit', '--pid', str(pid), '--nofile=%d:' % descriptors])


def test_few_descriptors_left_for_a_program(ours, model):
    """With none, one, two ... it cannot be run, and says so; the server goes on, and runs it when there are enough."""
    with closing(command_server(ours, ['--model', model, '--allow', 'true=/bin/true'])) as server:
        with closing(greeted(server)) as wire:
            serving = (list(proc.children(server.process.pid)) or [server.process.pid])[0]
            # Until it waits: an accept that finds nothing fails too, where there is no descriptor left.
            assert wait_until(lambda: proc.processes()[serving][0] == 'S')
            highest = max(int(fd) for fd in os.listdir('/proc/%d/fd' % serving))
            found = []
            for left in range(12):
                set_limit(serving, highest + 1 + left)
                status, output = ask(wire, b'true')
                assert (status, output) in [(0, b'Done.\n'), (126, b'cannot run: Too many open files\n')]
                found.append(status)
            assert found == sorted(found, reverse=True)
            assert (found[0], found[-1]) == (126, 0)
            assert server.process.errors == ''


def test_what_a_program_leaves_behind_ends_with_it(ours):
    """Its child holds the pipe: so it counts as running until the limit, and then all of them end."""
    with closing(command_server(ours, ['--max-runtime', '0.5'])) as server, closing(greeted(server)) as wire:
        _, output = ask(wire, b'leaves-a-child')
        assert_gone(int(output))


def test_what_left_for_a_session_of_its_own_does_not_hold_up_the_answer(ours, model):
    """It stays, and has the pipe; but the program has ended."""
    extra = ['--model', model, '--max-runtime', str(10 * SECONDS), '--allow', 'daemon=/bin/sh,-c,' + DAEMON]
    with closing(command_server(ours, extra)) as server, closing(greeted(server)) as wire:
        status, output = ask(wire, b'daemon')
        os.kill(int(output), signal.SIGKILL)
        assert status == 3
        assert ask(wire, b'daemon')[0] == 3


# A comma would begin another argument.
DAEMON = 'setsid /bin/sleep 1000 & while ! grep -q sleep /proc/$!/comm; do :; done; echo $!; exit 3'


def test_a_program_that_never_pauses_has_a_time_limit(ours, model):
    extra = ['--model', model, '--max-runtime', '0.5', '--max-output', '2000000000', '--allow', 'yes=/bin/sh,-c,' + YES]
    with closing(command_server(ours, extra)) as server, closing(greeted(server)) as wire:
        wire.sock.sendall(framing.encode('u32be', b'yes'))
        assert wire.read_exactly(4) != b''
    assert 'killed yes: more than 0.5 s' in server.process.errors


YES = 'while :; do echo y; done'

# What a program finds: the signals that are ignored, and blocked, by their bits in proc(5).
SIGNALS = '/bin/grep,-E,^Sig(Ign|Blk):,/proc/self/status'
# 32 and 33 are glibc's own, and its posix_spawn ignores them.
OF_POSIX = 2 ** 31 - 1


def _ignored_here():
    with open('/proc/self/status') as status:
        return [int(line.split()[1], 16) for line in status if line.startswith('SigIgn:')][0]


def test_a_program_ignores_no_signal(ours, model):
    with closing(command_server(ours, ['--model', model, '--allow', 'signals=' + SIGNALS])) as server:
        with closing(greeted(server)) as wire:
            status, output = ask(wire, b'signals')
            words = output.split()
            assert (status, words[0::2]) == (0, [b'SigBlk:', b'SigIgn:'])
            # On Python, what this one ignores, too: nohup ignores SIGHUP, a shell's "&" SIGINT and SIGQUIT.
            mine = 0 if ours.name == 'c' else _ignored_here()
            assert [int(mask, 16) & OF_POSIX & ~mine for mask in words[1::2]] == [0, 0]


def test_a_server_that_was_born_with_signals_ignored(ours, model):
    """With SIGCHLD ignored the kernel keeps no status of a child: each program would have succeeded."""
    words = peers.command(ours, 'server') + ['command', '--model', model, '--allow', 'status-7=/bin/sh,-c,exit 7']
    with closing(Process(['/bin/sh', '-c', 'trap "" CHLD TERM INT; exec "$@"', 'sh'] + words)) as process:
        _, host, port = process.exchange(b'', 1, SECONDS)[0].decode('ascii').split()
        with closing(Wire(socket.create_connection((host, int(port)), SECONDS))) as wire:
            assert wire.read_exactly(len(WELCOME)) == WELCOME
            assert ask(wire, b'status-7') == (7, b'Done.\n')
        process.signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0


def assert_gone(pid):
    """Wait until a process has ended; one that is no child of ours."""
    deadline = clock() + SECONDS
    while clock() < deadline and os.path.exists('/proc/%d/exe' % pid):
        try:
            os.readlink('/proc/%d/exe' % pid)
        except OSError:
            return  # a zombie has none; its parent has to wait for it
        time.sleep(0.01)
    assert not os.path.exists('/proc/%d/exe' % pid)


def children_of(pid):
    """List the processes whose parent is another process, or a child of it."""
    parents = {child: parent for child, (_, parent) in proc.processes().items()}
    return [child for child, parent in parents.items() if parent == pid or parents.get(parent) == pid]


def running_sleep(server):
    """Wait until the program runs; return its process."""
    deadline = clock() + SECONDS
    while clock() < deadline:
        for pid in children_of(server.process.pid):
            with open('/proc/%d/cmdline' % pid) as words:
                if words.read().startswith('/bin/sleep'):
                    return pid
        time.sleep(0.01)
    raise AssertionError('the program was not started')


@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGINT], ids=['SIGTERM', 'SIGINT'])
def test_server_that_stops_takes_its_programs_with_it(ours, model, number):
    with closing(command_server(ours, ['--model', model])) as server, closing(greeted(server)) as wire:
        wire.sock.sendall(framing.encode('u32be', b'sleep'))
        pid = running_sleep(server)
        server.process.signal(number)
        assert server.process.wait(SECONDS) == 0
        assert_gone(pid)


@pytest.mark.parametrize('family, leave', [('inet', 'reset'), ('unix', 'close')], ids=['inet-reset', 'unix-close'])
def test_client_that_leaves_takes_its_program_with_it(ours, model, family, leave):
    """A FIN of TCP is no leaving: it may be a half-close behind the requests."""
    extra = ['--model', model, '--max-runtime', str(10 * SECONDS)]
    with closing(command_server(ours, extra, family)) as server:
        with closing(greeted(server)) as wire:
            wire.sock.sendall(framing.encode('u32be', b'sleep'))
            pid = running_sleep(server)
            getattr(wire, leave)()
        assert_gone(pid)
        with closing(greeted(server)) as wire:
            assert ask(wire, b'folder') == (0, b'/\n')
        assert server.stop(SECONDS).status == verdict.PASS
        assert 'the client left while its command ran' in server.process.errors


def test_half_close_behind_the_requests(ours, model):
    with closing(command_server(ours, ['--model', model])) as server, closing(greeted(server)) as wire:
        wire.sock.sendall(framing.encode('u32be', b'folder') * 2)
        wire.half_close()
        assert [answer(wire), answer(wire)] == [(0, b'/\n')] * 2
        assert wire.read_to_end() == b''


def test_many_programs_at_a_time(ours, model):
    """One thread or many, none waits for another's program."""
    if model == 'iterative':
        pytest.skip('one client at a time')
    with closing(command_server(ours, ['--model', model])) as server:
        wires = [greeted(server) for _ in range(8)]
        for wire in wires[1:]:
            wire.sock.sendall(framing.encode('u32be', b'sleep'))
        assert ask(wires[0], b'folder') == (0, b'/\n')
        for wire in wires:
            wire.close()
        assert server.stop(SECONDS).status == verdict.PASS


def test_client(ours):
    """The answer is printed whole: one byte of exit status, then the output."""
    with closing(command_server(ours)) as server, closing(Client(ours, server)) as client:
        expected = [b'\x07Done.\n', b'\0/\n', b'\x7f']
        server_says = b'\x7funknown command, there are: %s\n' % b', '.join(sorted(n.encode() for n in ALLOWED))
        expected[2] = server_says
        assert client.run([b'status-7', b'folder', b'nonsense'], expected, SECONDS).status == verdict.PASS


BEYOND = [('inet', '0.0.0.0'), ('inet6', '::')]


@pytest.mark.parametrize('family, host', BEYOND, ids=[row[0] for row in BEYOND])
def test_beyond_loopback_needs_a_word(ours, family, host):
    words = peers.command(ours, 'server') + ['command', '--family', family, '--host', host]
    with closing(Process(words)) as process:
        assert process.wait(SECONDS) == 2
        shown = '[%s]:0' % host if family == 'inet6' else '%s:0' % host
        assert process.errors == 'server: command on %s, beyond loopback, needs --beyond-loopback\n' % shown
    with closing(Process(words + ['--beyond-loopback'])) as process:
        assert process.exchange(b'', 1, SECONDS)[0].startswith(b'LISTENING ')


@pytest.fixture
def other_user():
    if os.geteuid() != 0:
        pytest.skip('only root can become another user')
    yield
    os.seteuid(0)


def test_children_end_while_others_are_refused(ours, other_user):
    """The fork model: what waits for the next client must wait for children, too."""
    with closing(command_server(ours, ['--model', 'fork', '--own-user'])) as server:
        path = server.where[1]
        os.chmod(path, 0o777)
        os.chmod(os.path.dirname(path), 0o755)
        wire = greeted(server)
        os.seteuid(65534)
        with closing(dial(server)) as refused:
            assert refused.read_to_end() == b''
        os.seteuid(0)
        wire.close()
        assert wait_until(lambda: proc.children(server.process.pid) == {})


def test_own_user_is_admitted_and_no_other(ours, model, other_user):
    with closing(command_server(ours, ['--model', model, '--own-user'])) as server:
        greeted(server).close()
        path = server.where[1]
        os.chmod(path, 0o777)
        os.chmod(os.path.dirname(path), 0o755)
        os.seteuid(65534)
        with closing(dial(server)) as wire:
            assert wire.read_to_end() == b''
        os.seteuid(0)
        assert server.process.errors == 'server: unix: refused: user 65534 is not the user of the server\n'
        greeted(server).close()


# In Python, which the suite runs on: /bin/sh cannot make a pipe larger.
LEAVES_MUCH_IN_ITS_PIPE = """
import fcntl, os, sys, time
F_SETPIPE_SZ = 1031
fcntl.fcntl(1, F_SETPIPE_SZ, 1 << 20)
open(sys.argv[1] + '.started', 'w').close()
while not os.path.exists(sys.argv[1] + '.go'):
    time.sleep(0.01)
os.write(1, b'z' * 900000)
"""


def test_a_program_that_ends_while_the_server_is_stopped(ours, model, tmpdir):
    """Its pipe holds more than is read at a time."""
    program = tmpdir.join('program.py')
    program.write(LEAVES_MUCH_IN_ITS_PIPE)
    allowed = 'much=%s,%s,%s' % (sys.executable, program, program)
    server = command_server(ours, ['--model', model, '--allow', allowed])
    with closing(server), closing(greeted(server)) as wire:
        wire.sock.sendall(framing.encode('u32be', b'much'))
        assert wait_until(lambda: os.path.exists(str(program) + '.started'))
        # The group: with fork another process serves.
        os.killpg(server.process.pid, signal.SIGSTOP)
        tmpdir.join('program.py.go').write('')
        assert wait_until(lambda: [1 for state, parent in proc.processes().values()
                                   if state == 'Z' and parent in proc.session(server.process.pid)])
        # So long that the server looks first whether the program has ended.
        time.sleep(2 * LOOK_INTERVAL)
        os.killpg(server.process.pid, signal.SIGCONT)
        assert answer(wire) == (0, b'z' * 900000)
