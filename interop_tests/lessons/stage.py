"""Where a lesson is played: naive programs or ours, the other end in the hands of the experiment, a transcript."""

import os
import select
import socket
import sys
import time
from contextlib import closing, contextmanager

from interop_tests import peers, proc
from interop_tests.compiling import build
from interop_tests.process import Process
from interop_tests.programs import Client, Server
from interop_tests.wire import SECONDS, Wire
from interop_tests.wire import dial as dial_server
from pyside.net.compat import clock
from pyside.net.netio import poll

FOLDER = os.path.dirname(os.path.abspath(__file__))
# How long something has to stay away before an experiment says so.
AWAY_SECONDS = 3
SPINNING_TICKS = 20
# What only proc(5) tells has to be looked at again and again.
LOOK_SECONDS = 0.05


class Stage(object):
    """One performance.

    :param lesson: the name of its folder.
    :param language: ``python`` or ``c``.

    ``lines``
        the transcript so far.
    ``server``
        the :class:`Process` of the naive server.
    """

    def __init__(self, lesson, language):
        self.lines = []
        self.language = language
        self.our_peer = peers.PEERS[0] if language == 'c' else peers.this_python()[0]
        self.server = None
        self.clients = 0
        self._lesson = lesson
        self._started = []

    def close(self):
        for process in self._started:
            process.close()

    def say(self, text, *values):
        self.lines.append(text % values)

    def text(self, data):
        """Return bytes as the ``str`` of either Python, so that their ``repr`` is the same."""
        return str(data.decode('ascii'))

    def start_client(self, name, words):
        """Start a naive program."""
        process = Process(self._command(name) + [str(word) for word in words])
        self._started.append(process)
        return process

    def start_server(self, name):
        """Start a naive server; return the port that it printed.

        :raises ValueError: when it printed none, because it has ended.
        """
        self.server = self.start_client(name, [])
        return int(self.lines_of(self.server, 1)[0])

    def run_client(self, name, words):
        """Run a naive client to its end; return the lines that it printed."""
        return self.output(self.start_client(name, words))

    def dial(self, port):
        self.clients += 1
        return Wire(socket.create_connection(('127.0.0.1', port), SECONDS))

    def lines_of(self, process, count):
        """Wait for some lines of a program's output."""
        return [line.decode('ascii') for line in process.exchange(b'', count, SECONDS)]

    def output(self, process):
        """Wait for all the rest of a program's output; return its lines."""
        process.close_input()
        lines = process.read_to_end(SECONDS).decode('ascii').splitlines()
        process.wait(SECONDS)
        return lines

    def last_error(self, process):
        """Wait for a program's last line on stderr, without what differs from run to run."""
        deadline = clock() + SECONDS
        while not process.errors.endswith('\n') and clock() < deadline:
            process.ends_within(0.01)
        line = process.errors.splitlines()[-1]
        return str('server: client: %s' % line.split(': ', 2)[2] if line.startswith('server: ') else line)

    def is_naive(self, process):
        return process in self._started

    def ended(self, process):
        return process.ends_within(AWAY_SECONDS)

    def try_to_send(self, wire, data):
        try:
            wire.sock.sendall(data)
        except EnvironmentError:
            pass  # what becomes of it, the answer shows

    def rest(self, wire, size):
        """Return `size` bytes, or what came before the end, or before a reset."""
        try:
            return wire.read_exactly(size)
        except EnvironmentError:
            return b''

    def soon(self, wire):
        """Return what comes in time, or nothing."""
        wire.sock.settimeout(AWAY_SECONDS)
        try:
            return wire.sock.recv(65536)
        except socket.timeout:
            return b''
        finally:
            wire.sock.settimeout(SECONDS)

    def ends(self, wires):
        """Count the wires on which nothing more comes but the end of the connection, within one time-out for all."""
        deadline = clock() + AWAY_SECONDS
        count = 0
        for wire in wires:
            if poll({wire.sock.fileno(): select.POLLIN}, max(0, deadline - clock())):
                count += wire.sock.recv(1) == b''
        return count

    def type_line(self, process, line):
        process.exchange(line.encode('ascii') + b'\n', 0, SECONDS)

    def printed(self, process, end):
        """Return what a program prints up to some text, or until it ends or the time is over."""
        return self.text(process.read_until(end.encode('ascii'), AWAY_SECONDS))

    def spins(self, pid):
        """Tell whether a process uses much time although nothing happens."""
        before = proc.cpu_ticks(pid)
        deadline = clock() + AWAY_SECONDS
        while clock() < deadline:
            time.sleep(LOOK_SECONDS)
        if proc.cpu_ticks(pid) == before:
            return False
        # On a machine with other work to do it may take longer.
        deadline = clock() + SECONDS
        while clock() < deadline and proc.cpu_ticks(pid) - before < SPINNING_TICKS:
            time.sleep(LOOK_SECONDS)
        return proc.cpu_ticks(pid) - before >= SPINNING_TICKS

    def zombies(self, pid, expected):
        """Count the dead children of a process, when none is alive and as many as expected are dead, or time is over.

        One that is alive would be a zombie too, if only until its parent has waited for it.
        """
        deadline = clock() + SECONDS
        states = list(proc.children(pid).values())
        while states != ['Z'] * expected and clock() < deadline:
            time.sleep(LOOK_SECONDS)
            states = list(proc.children(pid).values())
        return states.count('Z')

    def _command(self, name):
        if self.language == 'python':
            return [sys.executable, '-m', 'interop_tests.lessons.%s.%s' % (self._lesson, name)]
        return [build([os.path.join(FOLDER, self._lesson, name + '.c')])]


class Datagrams(object):
    """A datagram socket as a server, with what :class:`programs.Client` needs."""

    def __init__(self):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.settimeout(SECONDS)
        self.sock.bind(('127.0.0.1', 0))
        self.port = self.sock.getsockname()[1]
        self.options = ['upper', '--type', 'dgram']
        self.where = ['--port', str(self.port)]

    def close(self):
        self.sock.close()


def our_server(stage, protocol, extra=(), family='inet'):
    """Start the server of this project, in the language of the performance."""
    return Server(stage.our_peer, protocol, '-', family, SECONDS, extra)


def our_client(stage, server, data, hex_lines=False):
    """Start the client of this project and give it all of its input."""
    client = Client(stage.our_peer, server, hex_lines=hex_lines)
    client.process.exchange(data, 0, SECONDS)
    client.process.close_input()
    return client


@contextmanager
def ours_at(stage, protocol):
    """Start the server of this project and connect to it."""
    with closing(our_server(stage, protocol)) as server, closing(dial_server(server)) as wire:
        yield wire
