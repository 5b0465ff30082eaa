"""One program of the allow-list while it runs.

::

    pipe()  fork()  setsid()  execve(program, arguments, {})
    0 = /dev/null     1 = 2 = one more = the pipe
    read() = 0   ->   kill(the group)  waitpid()  ->  status, output

The end of the pipe says that the program has ended.  Many programs close their
standard output a moment before that, so they get the pipe a third time, under a
number that no program closes.  What the program started, and left behind,
ends with it: it has a session, and so a process group, of its own.  Only what
has left for a session of its own stays, and may hold the pipe; so every now and
then it is looked at the process, too.

C twin: ``c_ref/net/execution.c``.  Read next: ``net/timers.py``.
"""

import errno
import fcntl
import os
import signal
import subprocess

from pyside.net import signals
from pyside.net.compat import PY2, clock
from pyside.net.netio import CHUNK

CANNOT_RUN = 126
NOT_FOUND = 127
KILLED_BY = 128

# How long the end of a program, or of its client, may go unnoticed where no descriptor tells, in seconds.
LOOK_INTERVAL = 0.1


class Execution(object):
    """A program that was started for a client, or could not be.

    :param options: its ``allow``, ``max_output`` (bytes) and ``max_runtime`` (seconds) are used.
    :param name: what the client asked for, as bytes.

    ``over``
        ``status`` and ``output`` are there; at once, when nothing could be started.
    ``fd``, ``deadline``
        what to wait for while it is not over, and when to call :meth:`look`.
    ``killed``
        why it was killed, or None.
    """

    def __init__(self, options, name):
        self.fd = None
        self.over = False
        self.status = None
        self.output = b''
        self.killed = None
        self._came = bytearray()
        self._options = options
        self._popen = None
        self._limit = clock() + options.max_runtime
        self._plan()
        words = options.allow.get(name)
        if words is None:
            self._refuse(NOT_FOUND, 'unknown command, there are: %s' % b', '.join(options.allow).decode('ascii'))
            return
        try:
            self._start(words)
        except EnvironmentError as error:
            self._refuse(
                NOT_FOUND if error.errno == errno.ENOENT else CANNOT_RUN, 'cannot run: %s' % os.strerror(error.errno))

    def read(self):
        """Take a piece of what the program has written; afterwards it may be over.

        :returns: whether a piece came.
        """
        try:
            data = os.read(self.fd, CHUNK)
        except EnvironmentError as error:
            if error.errno in (errno.EAGAIN, errno.EINTR):
                return False
            data = b''
        limit = self._options.max_output
        self._came += data
        if len(self._came) > limit:
            del self._came[limit:]
            self._end('more than %d bytes of output' % limit)
        elif not data:
            self._end(None)
        return bool(data)

    def look(self):
        """See whether the program has ended although its pipe has not, or its time is over."""
        now = clock()  # before the look: in between, this process may be stopped, and the program end in time
        has_ended = self._popen.poll() is not None
        # One that has ended may have left more in the pipe than a piece, while this process was stopped or busy.
        while self.read() and has_ended and not self.over:
            pass
        if self.over:
            return
        if has_ended:
            self._end(None)
        elif now >= self._limit:
            self._end('more than %g s' % self._options.max_runtime)
        self._plan()

    def kill(self):
        """End the program if it still runs; its answer is not wanted any more."""
        if not self.over:
            self._came = bytearray()
            self._end(None)

    def _plan(self):
        self.deadline = min(self._limit, clock() + LOOK_INTERVAL)

    def _start(self, words):
        reader, writer = os.pipe()
        try:
            signals.set_nonblocking(reader)
            self._popen = _spawn(words, writer)
        except EnvironmentError:
            os.close(reader)
            raise
        finally:
            os.close(writer)
        self.fd = reader

    def _refuse(self, status, text):
        self.over = True
        self.status = status
        self.output = text.encode('utf-8') + b'\n'

    def _end(self, why):
        try:
            os.killpg(self._popen.pid, signal.SIGKILL)
        except EnvironmentError:
            pass  # ended and waited for, and it left nothing behind
        code = self._popen.wait()
        os.close(self.fd)
        self.over = True
        self.killed = why
        # Killed, even where the program was quicker than the signal.
        code = code if why is None else -signal.SIGKILL
        self.status = code if code >= 0 else KILLED_BY - code
        self.output = bytes(self._came)


def _spawn(words, writer):
    """Start a program with nothing but the pipe, in a session of its own."""
    # PY2: no pass_fds, no start_new_session, SIGPIPE stays ignored, and descriptors are inherited (PEP 446).
    more = {'preexec_fn': _in_child} if PY2 else {'pass_fds': (writer,), 'start_new_session': True}
    with open(os.devnull) as nothing:
        return subprocess.Popen(words, stdin=nothing, stdout=writer, stderr=writer, cwd='/', env={}, **more)


def _in_child():
    os.setsid()
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    for fd in map(int, os.listdir('/dev/fd')):
        try:
            if fd > 2:
                fcntl.fcntl(fd, fcntl.F_SETFD, fcntl.FD_CLOEXEC)
        except EnvironmentError:
            pass  # the one that the list was read from
    os.dup(1)
