"""SIGTERM and SIGINT as a file descriptor (the self-pipe of D. J. Bernstein).

A signal that arrives just before ``poll`` would be noticed only after it.  So
the interpreter's own C handler writes a byte into a pipe, and code that
waits for a socket waits for the pipe too.  The byte is never read: the pipe
stays readable, so that one byte stops every thread and every forked child.

C twin: ``c_ref/net/signals.c``.  Read next: ``net/datagrams.py``.
"""

import fcntl
import os
import signal

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)

stop_fd = None
_stop_writer = None


def catch_stop():
    """Make ``stop_fd`` readable on SIGTERM or SIGINT.  Only the main thread may call this: signal.signal.

    A process inherits which signals are blocked, and which ignored: with SIGCHLD, no child's status is kept.
    """
    global stop_fd, _stop_writer
    stop_fd, _stop_writer = nonblocking_pipe()
    signal.set_wakeup_fd(_stop_writer)
    for number in STOP_SIGNALS:
        signal.signal(number, _noted)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    # PY2: no sigprocmask.
    if hasattr(signal, 'pthread_sigmask'):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS + (signal.SIGCHLD,))


def catch_children():
    """Make the returned descriptor readable whenever a child process has ended; :func:`drain` empties it.

    The one wake-up descriptor of the interpreter now means "some signal came";
    the byte that stops everything is written by a handler in Python instead.
    """
    child_fd, writer = nonblocking_pipe()
    for number in STOP_SIGNALS:
        signal.signal(number, _stop)
    signal.signal(signal.SIGCHLD, _noted)
    signal.set_wakeup_fd(writer)
    return child_fd


def restore_in_child():
    """In a forked child: a signal to the child alone must not stop its parent through the shared pipe.

    Ctrl-C reaches the whole process group; the child leaves it to the parent, which answers through the pipe.
    It catches SIGINT and does nothing, because what is ignored, and not caught, a program would ignore, too: execve(2).
    """
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, _noted)


def nonblocking_pipe():
    """Make a pipe whose ends never block: a full pipe has already said what a signal has to say."""
    ends = os.pipe()
    for end in ends:
        set_nonblocking(end)
        fcntl.fcntl(end, fcntl.F_SETFD, fcntl.FD_CLOEXEC)
    return ends


def set_nonblocking(fd):
    """Make this end of a pipe fail with EAGAIN where it would wait."""
    fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_NONBLOCK)


def drain(fd):
    """Empty a pipe of :func:`nonblocking_pipe`."""
    try:
        while os.read(fd, 512):
            pass
    except EnvironmentError:
        pass


def _noted(number, frame):
    """Do nothing: the byte in the pipe says it all."""


def _stop(number, frame):
    os.write(_stop_writer, b'!')
