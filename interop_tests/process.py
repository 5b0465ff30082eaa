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
import tempfile

from pyside.net.compat import clock

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CHUNK = 64 * 1024


class Overdue(Exception):
    """What was waited for did not come in time."""


class Process(object):
    """A program in a process group of its own.

    :param command: a list of words; no shell ever sees them.
    :param errors: a descriptor for its stderr; None keeps it in ``errors``.
    """

    def __init__(self, command, errors=None):
        self.received = b''
        self.ended = False
        self._errors = tempfile.TemporaryFile()
        self._popen = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self._errors if errors is None else errors,
            bufsize=0, close_fds=True, preexec_fn=_in_child, env=_environment())
        for stream in (self._popen.stdin, self._popen.stdout):
            _set_nonblocking(stream.fileno())

    @property
    def pid(self):
        return self._popen.pid

    @property
    def errors(self):
        """What the program wrote on stderr so far, as text."""
        self._errors.seek(0)
        return self._errors.read().decode('utf-8', 'replace')

    def exchange(self, data, lines, seconds):
        """Write to the program while reading from it.

        :param data: what to write.
        :param lines: how many lines to wait for, counted from the last call.
        :returns: the lines, without newlines; fewer when the output ended before.
        :raises Overdue: when the last of them has not come after ``seconds``; what came is in ``received``.
        """
        deadline = clock() + seconds
        left = memoryview(data)
        while len(left) or (self.received.count(b'\n') < lines and not self.ended):
            left = left[self._step(left, deadline):]
            if self.ended:
                break
        found = self.received.split(b'\n', lines)
        self.received = found.pop() if len(found) > lines else b''
        return found

    def pump(self, chunks, seconds):
        """Write chunks and end the input, while yielding the output as it comes.

        :param seconds: how long nothing may move.
        """
        left = memoryview(b'')
        chunks = iter(chunks)
        while not self.ended:
            if not len(left) and not self._popen.stdin.closed:
                left = memoryview(next(chunks, b''))
                if not len(left):
                    self.close_input()
            left = left[self._step(left, clock() + seconds):]
            if self.received:
                yield self.received
                self.received = b''

    def close_input(self):
        """Let the program see the end of its input."""
        if not self._popen.stdin.closed:
            self._popen.stdin.close()

    def read_to_end(self, seconds):
        """Return everything until the program closes its standard output."""
        deadline = clock() + seconds
        while not self.ended:
            self._step(b'', deadline)
        rest, self.received = self.received, b''
        return rest

    def read_until(self, end, seconds):
        """Return all that came, as soon as it ends with some bytes, the output has ended or the time is over."""
        deadline = clock() + seconds
        try:
            while not self.received.endswith(end) and not self.ended:
                self._step(b'', deadline)
        except Overdue:
            pass
        text, self.received = self.received, b''
        return text

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
        self._popen.stdout.close()
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
        self.received += data
        if not data:
            self.ended = True

    def _write(self, fd, left):
        try:
            return os.write(fd, left[:CHUNK])
        except OSError as error:
            if error.errno == errno.EPIPE:
                return len(left)
            raise


def _in_child():
    """Begin a process group; and a shell that runs the suite in the background has it ignore SIGINT."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _environment():
    """The same for everyone, whatever the suite itself was started with."""
    environment = dict(os.environ)
    for name in ('PYTHONPATH', 'PYTHONHOME', 'PYTHONSTARTUP'):
        environment.pop(name, None)
    environment.setdefault('ASAN_OPTIONS', 'exitcode=99')
    return environment


def _set_nonblocking(fd):
    fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_NONBLOCK)
