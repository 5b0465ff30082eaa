"""One turn: a server and a load, or a client and its input; how many units came back, and the CPU for each."""

import filecmp
import os
import subprocess
import tempfile
import threading
import time
from collections import namedtuple
from contextlib import ExitStack, closing

from interop_tests.bench.servers import MAX_FRAME, answering
from interop_tests.compiling import build
from interop_tests.process import ROOT
from interop_tests.programs import Server

FOLDER = os.path.dirname(os.path.abspath(__file__))
START_SECONDS, LOAD_SECONDS = 20, 60
# What a client is given at once.
INPUT_BYTES, MOST_LINES = 16 * 1024 * 1024, 100000

# rate: units a second.  cpu: microseconds of CPU for each, of the program that is measured.
Turn = namedtuple('Turn', 'rate cpu')


def cpu_seconds(pid):
    """Return the CPU that a process has used, threads that have ended too, in seconds.

    As clock_getcpuclockid(3) does it: the number of the clock is made of the process's.
    """
    return time.clock_gettime(~pid << 3 | 2)


def start(row, protocol):
    """Start a server."""
    ours = ['--max-frame', MAX_FRAME, '--max-connections', '20000', '--timeout', '300'] if row.ours else []
    transport, frame_format = ('inet-dgram', '-') if protocol == 'echo' else ('inet', 'u32be')
    extra = (row.extra if protocol == 'frame' else []) + (ours if protocol == 'frame' else ours[4:])
    return Server(row.peer, protocol, frame_format, transport, START_SECONDS, extra)


class Load(object):
    """The load, connected and ready.

    :raises subprocess.SubprocessError: when the server ends a connection, or answers something else.
    """

    def __init__(self, server, shape, seconds):
        program = build([os.path.join(FOLDER, 'load.c')], ('-O2', '-D_DEFAULT_SOURCE'))
        words = [program, server.address[1], shape.shape, str(shape.connections), str(shape.size), str(seconds)]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, universal_newlines=True)
        timer = threading.Timer(LOAD_SECONDS, self.process.kill)
        timer.start()
        said = self.process.stdout.readline()
        timer.cancel()
        if said != 'READY\n':
            raise subprocess.SubprocessError('the load ended: %s' % ' '.join(words))

    def run(self):
        """Return how many units came back, and in how many seconds."""
        said, _ = self.process.communicate('go\n', LOAD_SECONDS)
        units, seconds = said.split()
        return int(units), float(seconds)

    def close(self):
        self.process.kill()
        self.process.communicate()


def turn(row, shape, seconds):
    """Measure one server under one load.

    :param seconds: how long; longer where nothing came back in that time.
    :returns: a :class:`Turn`.
    """
    with ExitStack() as stack:
        server = stack.enter_context(closing(start(row, shape.protocol)))
        if shape.idle:
            silent = shape._replace(shape='silent', connections=shape.idle)
            stack.enter_context(closing(Load(server, silent, 0)))
        load = stack.enter_context(closing(Load(server, shape, seconds)))
        before = cpu_seconds(server.process.pid)
        units, took = load.run()
        used = cpu_seconds(server.process.pid) - before
    return Turn(units / took, 1e6 * used / units) if units else turn(row, shape, 2 * seconds)


def client_turn(row, shape, seconds):
    """Measure one client.

    :param row: of :func:`interop_tests.bench.clients.clients`.
    :param shape: ``lines``: a file of them; ``talk``: one at a time, each after the answer to the one before.
    :param seconds: how long, for ``talk``.
    :returns: a :class:`Turn`.
    :raises subprocess.SubprocessError: when something else comes back.
    """
    with closing(start(answering(), 'frame')) as server:
        words = row.words + [server.address[1]]
        return _talk(words, shape.size, seconds) if shape.shape == 'talk' else _lines(words, shape.size)


def _lines(words, size):
    """What a start costs does not count: it is what one line takes."""
    count = min(INPUT_BYTES // size, MOST_LINES)
    took, used = _run_with(words, size, count)
    took_one, used_one = _run_with(words, size, 1)
    return Turn((count - 1) / max(took - took_one, 1e-6), 1e6 * max(used - used_one, 0) / (count - 1))


def _run_with(words, size, count):
    """Return the seconds that it took, and those of CPU."""
    with tempfile.NamedTemporaryFile() as given, tempfile.NamedTemporaryFile() as answered:
        given.write((b'x' * (size - 1) + b'\n') * count)
        given.seek(0)
        began = time.perf_counter()
        process = subprocess.Popen(words, cwd=ROOT, stdin=given, stdout=answered)
        timer = threading.Timer(LOAD_SECONDS, process.kill)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - began
        timer.cancel()
        process.returncode = status
        if status or not filecmp.cmp(given.name, answered.name, shallow=False):
            raise subprocess.SubprocessError('the client answered something else: %s' % ' '.join(words))
    return took, usage.ru_utime + usage.ru_stime


def _talk(words, size, seconds):
    line = b'x' * (size - 1) + b'\n'
    process = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    timer = threading.Timer(LOAD_SECONDS, process.kill)
    timer.start()
    try:
        _exchange(process, line)
        before, began, units = cpu_seconds(process.pid), time.perf_counter(), 0
        while time.perf_counter() < began + seconds:
            _exchange(process, line)
            units += 1
        took = time.perf_counter() - began
        return Turn(units / took, 1e6 * (cpu_seconds(process.pid) - before) / units)
    finally:
        timer.cancel()
        process.kill()
        process.communicate()


def _exchange(process, line):
    process.stdin.write(line)
    process.stdin.flush()
    if process.stdout.readline() != line:
        raise subprocess.SubprocessError('the client answered something else: %s' % ' '.join(process.args))
