"""Running what is traced: a server and its client, or one program, under the recorder and with Python's lines.

The client is started when the recorder has seen the server listen, and the server is stopped when the client has
ended and the server has closed its connections.  Read next: ``conversation.py``.
"""

import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager

from pyside.calls import notes, preloading, recording
from pyside.net.compat import clock
from pyside.trace import conversation, lines

PAUSE = 0.005
# How long a server may take to close its connections when the client is gone, and then to stop.
LINGER_SECONDS = 1
STOP_SECONDS = 2
PLACES = re.compile(r'\{(host|port|path)\}')
ADDRESS = re.compile(r'\[?(.*?)\]?:(\d+)$')
MARKS = re.compile('[\x01\x02]')


class CannotRun(Exception):
    """A program cannot be started or recorded, or did not get as far as it had to; in one line."""


class Stage(object):
    """The files of one run, and the programs that are started in it."""

    def __init__(self, folder, limit):
        self.recording, self.notes, self.lines, self.segments = [
            os.path.join(folder, name) for name in ('calls', 'notes', 'lines', 'segments')]
        self.limit = limit
        recording.create(self.recording, limit)
        notes.create(self.notes)
        io.open(self.lines, 'wb').close()
        self._running = []

    def start(self, words, side, stdin, output=2):
        """Start a program; what it prints goes to our standard error, which keeps the drawing apart.

        :param output: a descriptor for its standard output, ours if None.
        :raises CannotRun: in one line, when it cannot be started or recorded.
        """
        obstacle = preloading.obstacle(words[0])
        if obstacle:
            raise CannotRun(obstacle)
        environment = preloading.environment(self.recording, None, self.notes, side)
        environment = lines.environment(environment, self.lines, self.limit)
        try:
            process = subprocess.Popen(
                words, stdin=stdin, stdout=output, close_fds=True, env=environment,
                preexec_fn=os.setsid if side == conversation.SERVER else None)
        except EnvironmentError as error:
            raise CannotRun('%s: %s' % (words[0], error.strerror))
        self._running.append(process)
        return process

    def stop(self, process):
        """End a server and all that it started."""
        _signal(process, signal.SIGTERM)
        wait(process, clock() + STOP_SECONDS)
        _signal(process, signal.SIGKILL)
        process.wait()

    def close(self):
        for process in self._running:
            if process.poll() is None:
                process.kill()
                process.wait()


@contextmanager
def stage(limit=recording.DEFAULT_LIMIT):
    """Make a :class:`Stage`; in the end its programs are killed and its files removed."""
    folder = tempfile.mkdtemp(prefix='trace-')
    try:
        found = Stage(folder, limit)
        try:
            yield found
        finally:
            found.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def pair(stage, server_words, client_words, seconds, stdin=None):
    """Run a server and its client to their ends.

    :param client_words: ``{host}``, ``{port}`` and ``{path}`` in them become those where the server listens.
    :param seconds: how long they may take; what runs longer is killed, and its calls are seen all the same.
    :param stdin: what the client reads; ours, if None.
    :returns: the client's exit status, negative for a signal.
    :raises CannotRun: when one of them cannot be run.
    """
    deadline = clock() + seconds
    with io.open(os.devnull, 'rb') as nothing:
        server = stage.start(server_words, conversation.SERVER, nothing)
    try:
        with io.open(stage.recording, 'rb', buffering=0) as file:
            watch = Watch(file, stage.notes)
            place = _listening(server, watch, deadline)
            client = stage.start([PLACES.sub(lambda match: place[match.group(1)], word) for word in client_words],
                                 conversation.CLIENT, stdin)
            # Ctrl-C at the terminal is for the client.
            _ignore_interrupt()
            status = wait(client, deadline)
            if status is None:
                # Both at once: what one of them leaves behind must not wake up the other.
                for end in (server, client):
                    end.send_signal(signal.SIGSTOP)
                _signal(server, signal.SIGKILL)
                client.kill()
                status = client.wait()
            _settle(server, watch, min(clock() + LINGER_SECONDS, max(deadline, clock())))
    finally:
        stage.stop(server)
    return status


def alone(stage, words, seconds, stdin=None):
    """Run one program to its end; return its exit status, negative for a signal."""
    process = stage.start(words, conversation.CLIENT, stdin)
    _ignore_interrupt()
    status = wait(process, clock() + seconds)
    if status is None:
        process.kill()
        status = process.wait()
    return status


def wait(process, deadline):
    """Return the exit status, or None when the program runs on at the deadline."""
    while process.poll() is None:
        if clock() >= deadline:
            return None
        time.sleep(PAUSE)
    return process.returncode


class Watch(object):
    """What a server has done so far, read from the recording while it grows."""

    def __init__(self, file, noted):
        self._file, self._noted = file, noted
        self._next = 0
        self._waiting = []
        self._bound, self._listening, self._kinds, self._open = {}, {}, {}, set()
        self.begun = 0

    def look(self):
        """Take note of the calls that have returned since; a call that waits is looked at again later."""
        self.begun = recording.header(self._file).begun
        waiting = []
        for number in self._waiting + list(range(self._next, self.begun)):
            call = recording.call(self._file, number)
            if call is None or call.returned is None:
                waiting.append(number)
            elif call.recorded_as == conversation.SERVER:
                self._take(call)
        self._next, self._waiting = self.begun, waiting

    def _take(self, call):
        arguments, result = MARKS.sub('', call.arguments), MARKS.sub('', call.result)
        first, _, rest = arguments.partition(', ')
        if call.name == 'socket':
            self._kinds[call.process, result] = rest
        elif result.startswith('-1'):
            return
        elif call.name == 'bind':
            self._bound[call.process, first] = self._named(call)
        elif call.name == 'listen':
            self._listening[call.process, first] = True
            self._bound[call.process, first] = self._named(call)
        elif call.name in ('accept', 'accept4'):
            self._open.add((call.process, result.partition(' ')[0]))
        elif call.name == 'close':
            self._open.discard((call.process, first))

    def _named(self, call):
        """Return the address that the kernel gave a socket, which the program may never ask for."""
        return MARKS.sub('', notes.read(self._noted).names.get(call.number, ('', ''))[0])

    def address(self):
        """Return where the server listens, or takes datagrams, or None."""
        for key, address in self._bound.items():
            if key in self._listening or 'SOCK_DGRAM' in self._kinds.get(key, ''):
                return address
        return None

    def is_serving(self):
        return bool(self._open)


def _listening(server, watch, deadline):
    """Wait until the server listens; return ``{'host': ..., 'port': ..., 'path': ...}``."""
    while True:
        watch.look()
        address = watch.address()
        if address is not None:
            break
        if server.poll() is not None:
            raise CannotRun('the server ended with status %d before it listened' % server.returncode)
        if clock() >= deadline:
            raise CannotRun('the server did not listen in time; --seconds says how long it may take')
        time.sleep(PAUSE)
    match = ADDRESS.match(address)
    if match is None:
        return {'host': '', 'port': '', 'path': address.strip('"')}
    host = {'0.0.0.0': '127.0.0.1', '::': '::1'}.get(match.group(1), match.group(1))
    return {'host': host, 'port': match.group(2), 'path': ''}


def _settle(server, watch, deadline):
    """Wait until the server has closed its connections and calls nothing more, but not longer than that."""
    before = -1
    while clock() < deadline and server.poll() is None:
        watch.look()
        if not watch.is_serving() and watch.begun == before:
            return
        before = watch.begun
        time.sleep(10 * PAUSE)


def _signal(process, number):
    try:
        os.killpg(process.pid, number)
    except OSError:
        pass  # it and its children are gone


def _ignore_interrupt():
    if sys.stdin is not None and signal.getsignal(signal.SIGINT) is not None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
