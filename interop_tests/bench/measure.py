"""One turn: a server, a load, how many units came back, and what the server's CPU was for each."""

import os
import subprocess
import threading
import time
from collections import namedtuple
from contextlib import ExitStack, closing

from interop_tests.compiling import build
from interop_tests.programs import Server

FOLDER = os.path.dirname(os.path.abspath(__file__))
START_SECONDS, LOAD_SECONDS = 20, 60
MAX_FRAME = str(32 * 1024 * 1024)

# rate: units a second.  cpu: microseconds of the server's CPU for each.
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

    :param seconds: how long.
    :returns: a :class:`Turn`.
    """
    with ExitStack() as stack:
        server = stack.enter_context(closing(start(row, shape.protocol)))
        if shape.idle:
            silent = shape._replace(shape='exchange', connections=shape.idle)
            stack.enter_context(closing(Load(server, silent, 0)))
        load = stack.enter_context(closing(Load(server, shape, seconds)))
        before = cpu_seconds(server.process.pid)
        units, took = load.run()
        used = cpu_seconds(server.process.pid) - before
    return Turn(units / took, 1e6 * used / max(units, 1))
