"""Running a peer: its standard input and output through pipes, with a deadline on everything.

The suite itself runs on Python 2.7 too, whose subprocess module knows no
time-outs; one loop around ``poll`` writes and reads together, so that neither
side can block the other.
"""

import errno
import fcntl
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading

from interop_tests.guardian import GUARDIAN
from pyside.net.compat import clock

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CHUNK = 256 * 1024
F_SETPIPE_SZ = 1031  # fcntl(2), Linux


class Overdue(Exception):
    """What was waited for did not come in time."""


class Process(object):
    """A program in a process group of its own.

    :param command: a list of words; no shell ever sees them.
    :param errors: a descriptor for its stderr; None keeps it in ``errors``.
    :param warm: a :class:`warm.Warm` that forks the program instead of starting it.
    """

    # For a debugger: what programs write on stderr goes where the suite's own goes, instead of being kept.
    shows_errors = False

    def __init__(self, command, errors=None, warm=None):
        self._chunks = []
        self._lines = 0
        self.ended = False
        self._feeder = None
        self._errors = tempfile.TemporaryFile()
        # The program shares our offset in the file: without O_APPEND it would write wherever `errors` is reading.
        fcntl.fcntl(self._errors, fcntl.F_SETFL, fcntl.fcntl(self._errors, fcntl.F_GETFL) | os.O_APPEND)
        if errors is None:
            errors = None if Process.shows_errors else self._errors.fileno()
        self._popen = warm.fork(command, errors) if warm else subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
            bufsize=0, close_fds=True, env=environment(), **own_session())
        GUARDIAN.begin(self._popen.pid)
        for stream in (self._popen.stdin, self._popen.stdout):
            _set_nonblocking(stream.fileno())

    @property
    def pid(self):
        return self._popen.pid

    @property
    def received(self):
        """What has come on its standard output and was not taken yet."""
        self._chunks = [b''.join(self._chunks)]
        return self._chunks[0]

    def _keep(self, data):
        if data:
            self._chunks.append(data)
            self._lines += data.count(b'\n')

    def _forget(self):
        """Return what has come, and begin anew."""
        data = self.received
        self._chunks, self._lines = [], 0
        return data

    @property
    def errors(self):
        """What the program wrote on stderr so far, as text."""
        self._errors.seek(0)
        return self._errors.read().decode('utf-8', 'replace')

    def feed(self, data, end):
        """Write to the program, and end its input where ``end`` is true, without waiting for it.

        What does not fit in the pipe is written by a thread, as long as the program lives.
        """
        self._join()
        data = data[self._write(self._popen.stdin.fileno(), data):] if data else data
        if not data:
            if end:
                self.close_input()
            return
        self._feeder = threading.Thread(target=self._feed, args=(memoryview(data), end))
        self._feeder.daemon = True
        self._feeder.start()

    def _feed(self, left, end):
        poller = select.poll()
        poller.register(self._popen.stdin.fileno(), select.POLLOUT)
        while len(left):
            poller.poll()
            left = left[self._write(self._popen.stdin.fileno(), left):]
        if end:
            self._popen.stdin.close()

    def spoken(self):
        """Return what is on its standard output now, without waiting."""
        poller = select.poll()
        poller.register(self._popen.stdout.fileno(), select.POLLIN)
        while not self.ended and [1 for _, event in poller.poll(0) if event & select.POLLIN]:
            self._read(self._popen.stdout.fileno())
        return self._forget()

    def widen_output(self):
        """Let the pipe of its output hold a mebibyte, so that it can print while its other end is busy elsewhere."""
        try:
            fcntl.fcntl(self._popen.stdout.fileno(), F_SETPIPE_SZ, 1024 * 1024)
        except (IOError, OSError):
            pass  # more than this user may have: the default of 64 KiB has to do

    def _join(self):
        """Wait for the thread that feeds it; the end of the program ends that, too."""
        feeder, self._feeder = self._feeder, None
        if feeder is not None:
            feeder.join()

    def exchange(self, data, lines, seconds):
        """Write to the program while reading from it.

        :param data: what to write.
        :param lines: how many lines to wait for, counted from the last call.
        :returns: the lines, without newlines; fewer when the output ended before.
        :raises Overdue: when the last of them has not come after ``seconds``; what came is in ``received``.
        """
        deadline = clock() + seconds
        left = memoryview(data)
        while len(left) or (self._lines < lines and not self.ended):
            left = left[self._step(left, deadline):]
            if self.ended:
                break
        found = self.received.split(b'\n', lines)
        rest = found.pop() if len(found) > lines else b''
        self._forget()
        self._keep(rest)
        return found

    def pump(self, chunks, seconds):
        """Write chunks and end the input, while yielding the output as it comes.

        :param seconds: how long nothing may move.
        """
        left = memoryview(b'')
        chunks = iter(chunks)
        deadline = clock() + seconds
        while not self.ended:
            if not len(left) and not self._popen.stdin.closed:
                left = memoryview(next(chunks, b''))
                if not len(left):
                    self.close_input()
            written = self._step(left, deadline)
            left = left[written:]
            if written or self._chunks:
                deadline = clock() + seconds
            if self._chunks:
                yield self._forget()

    def close_input(self):
        """Let the program see the end of its input, behind what it is fed."""
        if self._feeder is not None and self._feeder.is_alive():
            return
        if not self._popen.stdin.closed:
            self._popen.stdin.close()

    def read_to_end(self, seconds):
        """Return everything until the program closes its standard output."""
        deadline = clock() + seconds
        while not self.ended:
            self._step(b'', deadline)
        return self._forget()

    def read_until(self, end, seconds):
        """Return all that came, as soon as it ends with some bytes, the output has ended or the time is over."""
        deadline = clock() + seconds
        try:
            while not self.received.endswith(end) and not self.ended:
                self._step(b'', deadline)
        except Overdue:
            pass
        return self._forget()

    def wait(self, seconds):
        """Return the exit status, negative for a signal.

        The end of standard output comes at the end of the program: the wait is there, without polling.
        """
        self.read_to_end(seconds)
        return self._popen.wait()

    def signal(self, number):
        """Send a signal to the program itself."""
        self._popen.send_signal(number)

    def kill(self):
        """End the program and everything that it started."""
        try:
            os.killpg(self._popen.pid, signal.SIGKILL)
        except OSError:
            pass
        self._popen.wait()
        GUARDIAN.end(self._popen.pid)
        self._popen.stdout.close()
        self._join()
        self.close_input()

    def close(self):
        self.kill()

    def poll(self):
        """Return the exit status, or None while the program runs."""
        return self._popen.poll()

    def ends_within(self, seconds):
        """Tell whether the program has ended or closes its standard output in that time."""
        if self._popen.poll() is None:
            poller = select.poll()
            poller.register(self._popen.stdout.fileno(), 0)
            if poller.poll(seconds * 1000):
                self._popen.wait()
        return self._popen.poll() is not None

    def _step(self, left, deadline):
        """Wait for either pipe once; return how much was written."""
        seconds = deadline - clock()
        if seconds <= 0:
            raise Overdue
        poller = select.poll()
        poller.register(self._popen.stdout.fileno(), select.POLLIN)
        if len(left):
            poller.register(self._popen.stdin.fileno(), select.POLLOUT)
        written = 0
        for fd, _ in poller.poll(seconds * 1000):
            if fd == self._popen.stdout.fileno():
                self._read(fd)
            else:
                written = self._write(fd, left)
        return written

    def _read(self, fd):
        data = os.read(fd, CHUNK)
        self._keep(data)
        if not data:
            self.ended = True

    def _write(self, fd, left):
        try:
            return os.write(fd, left[:CHUNK])
        except OSError as error:
            if error.errno == errno.EPIPE:
                return len(left)
            if error.errno == errno.EAGAIN:
                return 0
            raise


def environment():
    """Return the environment of every program that the suite starts, whatever the suite itself was started with.

    No variable of Python's: PYTHONUNBUFFERED would hide a missing flush, and PYTHONDONTWRITEBYTECODE makes each
    start compile everything again.
    """
    found = {name: value for name, value in os.environ.items() if not name.startswith('PYTHON')}
    found.setdefault('ASAN_OPTIONS', 'exitcode=99')
    return found


def own_session():
    """Return the words of :class:`subprocess.Popen` that begin a session, so that all of a program can be ended."""
    if sys.version_info >= (3, 2):
        return {'start_new_session': True}
    return {'preexec_fn': os.setsid}  # PY2: no start_new_session; this one forks all of the suite's memory


def _set_nonblocking(fd):
    fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_NONBLOCK)
