"""What a machine may do to a server, from its birth on or later: its clients must not notice."""

import errno
import fcntl
import os
import signal
import socket
import time
from contextlib import closing

from interop_tests.faults.control import Faults
from interop_tests.hostile.table import fault
from interop_tests.hostile.victims import IDLE, SECONDS, ask, newcomer
from interop_tests.process import F_SETPIPE_SZ
from interop_tests.wire import Wire
from pyside.wire.framing import encode

HELLO = encode('u32be', b'hello')
PAGE = 4096
# More lines than a pipe of one page holds.
BAD_CLIENTS = 120
FEW = 32


@fault('machine')
def log_on_a_full_disk(machine):
    """Standard error takes no byte.

    wire: standard error is /dev/full; a bad client
    expected: serve
    """
    with open('/dev/full', 'wb') as full:
        machine.start(errors=full.fileno())
        machine.bad_client()
        yield machine.REACHABLE


@fault('machine')
def log_over_the_file_size_limit(machine):
    """The log may not grow.

    wire: ulimit -f 0 and standard error is a file; a bad client: SIGXFSZ
    expected: serve
    """
    machine.start('ulimit -f 0;')
    machine.bad_client()
    yield machine.REACHABLE


@fault('machine')
def log_closed(machine):
    """There is no standard error.

    wire: 2>&-; a bad client
    expected: serve, and never take a connection for the log
    """
    machine.start('exec "$@" 2>&-')
    machine.bad_client()
    yield machine.REACHABLE


@fault('machine')
def log_that_nobody_reads(machine):
    """Standard error is a pipe that is full.

    wire: a pipe of 4 KiB; 120 bad clients
    expected: serve; drop lines, and count them
    """
    reader, writer = os.pipe()
    try:
        fcntl.fcntl(writer, F_SETPIPE_SZ, PAGE)
        machine.start(errors=writer)
        for _ in range(BAD_CLIENTS):
            machine.bad_client()
        yield machine.REACHABLE
    finally:
        os.close(reader)
        os.close(writer)


@fault('machine')
def input_closed(machine):
    """There is no standard input.

    wire: <&-
    expected: serve
    """
    machine.start('exec "$@" <&-')
    yield machine.REACHABLE


@fault('machine')
def a_child_that_it_did_not_start(machine):
    """The server inherits a child.

    wire: sleep 0.1 & exec server
    expected: serve, and never count it as one of its own
    """
    machine.start('sleep 0.1 >&2 &')
    time.sleep(0.2)  # no event tells of the end of another's child
    yield machine.REACHABLE


@fault('machine')
def signals_ignored_from_birth(machine):
    """The server inherits dispositions.

    wire: SIGCHLD, SIGPIPE, SIGHUP, SIGINT and SIGTERM are ignored by who starts it
    expected: serve, and stop at SIGTERM
    """
    machine.start('trap "" CHLD PIPE HUP INT TERM;')
    yield machine.REACHABLE


@fault('machine', only=['asyncio', 'epoll', 'fork', 'iterative', 'poll', 'socketserver', 'thread'],
       why_not='select(2) takes no descriptor of 1024 or more: the server says so, and does not start')
def a_thousand_descriptors_from_birth(machine):
    """The server inherits descriptors.

    wire: descriptors 10 to 1100 are open
    expected: serve
    """
    machine.start('ulimit -n 4096; for ((i = 10; i <= 1100; i++)); do eval "exec $i</dev/null"; done; exec "$@"')
    yield machine.REACHABLE


@fault('machine')
def no_descriptors_left(machine):
    """More clients come than there are descriptors.

    wire: ulimit -n 32; 40 clients connect, stay, and leave
    expected: let them wait in the backlog; serve when descriptors are back
    """
    machine.start('ulimit -n %d;' % FEW)
    wires = [machine.dial() for _ in range(FEW + 8)]
    ask(wires[0], HELLO)
    for wire in wires:
        wire.close()
    # accept pauses for a moment when there is none.
    newcomer(machine.server, HELLO)
    yield machine.REACHABLE


def _once(machine, call, number):
    """Let a call fail once, while a client is served; that client may lose its connection."""
    faults = machine.keep(Faults())
    with faults.in_environment():
        machine.start()
    faults.arm(call, number)
    with closing(machine.dial()) as wire:
        try:
            ask(wire, HELLO)
        except (AssertionError, EnvironmentError):
            pass
    assert faults.struck, 'it makes no call of %s' % call
    faults.disarm()


@fault('machine', only=['socketserver', 'thread'], why_not='it starts no thread')
def no_thread(machine):
    """There is no thread for a client.

    wire: pthread_create fails with EAGAIN, once
    expected: end that connection, with a line in the log
    """
    _once(machine, 'pthread_create', errno.EAGAIN)
    yield machine.REACHABLE


@fault('machine', only=['fork'], why_not='it starts no process')
def no_process(machine):
    """There is no process for a client.

    wire: fork fails with EAGAIN, once
    expected: end that connection, with a line in the log
    """
    _once(machine, 'fork', errno.EAGAIN)
    yield machine.REACHABLE


@fault('machine', only=['asyncio', 'epoll', 'iterative', 'poll', 'select', 'socketserver', 'thread'],
       why_not='recv is called in the process of the one client, and test_faults.py has it')
def no_memory_for_a_recv(machine):
    """The kernel is out of memory.

    wire: recv fails with ENOMEM, once
    expected: end that connection, with a line in the log
    """
    _once(machine, 'recv', errno.ENOMEM)
    yield machine.REACHABLE


@fault('machine')
def no_file_for_an_accept(machine):
    """The machine is out of files.

    wire: accept fails with ENFILE, once
    expected: pause, and accept again
    """
    _once(machine, 'accept4', errno.ENFILE)
    yield machine.REACHABLE


@fault('machine')
def stopped_longer_than_the_idle_timeout(machine):
    """Time jumps.

    wire: SIGSTOP; a client sends; SIGCONT after the idle timeout
    expected: answer what has come before it looks at the clock
    """
    machine.start()
    with closing(machine.dial()) as wire:
        ask(wire, HELLO)
        machine.server.process.signal(signal.SIGSTOP)
        wire.sock.sendall(HELLO)
        time.sleep(IDLE * 1.2)
        machine.server.process.signal(signal.SIGCONT)
        assert wire.read_exactly(len(HELLO)) == HELLO
    yield machine.REACHABLE


@fault('machine')
def path_removed(machine):
    """Somebody removes the path of the socket.

    wire: rm PATH
    expected: serve who is connected, and end with 0
    """
    machine.start(transport='unix')
    with closing(machine.dial()) as wire:
        ask(wire, HELLO)
        os.unlink(machine.server.where[1])
        ask(wire, HELLO)
    yield not machine.REACHABLE


@fault('machine')
def path_of_another(machine):
    """The path is another server's by now.

    wire: rm PATH, and another server binds it
    expected: end with 0 and leave the path
    """
    machine.start(transport='unix')
    path = machine.server.where[1]
    os.unlink(path)
    with closing(socket.socket(socket.AF_UNIX)) as other:
        other.bind(path)
        machine.server.process.signal(signal.SIGTERM)
        assert machine.server.process.wait(SECONDS) == 0
        assert os.path.exists(path)
    machine.start()
    yield machine.REACHABLE


@fault('machine')
def a_name_with_newlines(machine):
    """A client on the same machine has a name that looks like the log.

    wire: bind to a name with a newline and an escape sequence, then a bad frame
    expected: one line, in which both are shown as hex
    """
    machine.start(transport='unix')
    with closing(Wire(socket.socket(socket.AF_UNIX))) as wire:
        wire.sock.bind(b'\0%d\nserver: forged \x1b[2J' % os.getpid())
        wire.sock.connect(machine.server.where[1])
        wire.sock.sendall(b'\xff' * 4)
        assert wire.read_to_end() == b''
    said = machine.server.process.errors
    assert said.count('\n') == 1 and '\x1b' not in said
    yield machine.REACHABLE
