"""``python -m pyside calls -- PROGRAM ARGUMENT...``: what a program called, a line for each.

::

    socket(AF_INET, SOCK_STREAM, 0) = 3
    connect(3, 127.0.0.1:7000) = -1 ECONNREFUSED

Read next: ``recording.py``; in C, ``c_ref/calls/sockets.c``.
"""

import io
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager

from pyside.calls import preloading, recording
from pyside.wire.errors import EXIT_UNSUPPORTED, EXIT_USAGE, UsageError

USAGE = """\
usage: calls [OPTION VALUE]... -- PROGRAM ARGUMENT...

Runs a program, in whatever language, and prints the socket calls that it made of the C library, one a line, on
standard error.  The exit status is the program's; 128 and the signal's number where a signal ended it.

  --output FILE   where the lines go
  --limit N       how many calls are recorded at the most (100000)
  --times yes     in front of each line, when the call was entered and how long it took, in seconds

A call that never returned, because the program was killed in it, has the result ?.  Any thread but
the first has its number in front; the lines come in the order in which the calls returned.

Not seen: programs that are linked statically, change their user, or are built with AddressSanitizer (they are
refused); what the C library does inside itself, as in getaddrinfo, or in stdio on a socket (fdopen, fprintf, fclose).
"""
PAUSE = 0.05


class Options(object):
    output = None
    limit = recording.DEFAULT_LIMIT
    times = False
    command = ()


def parse(words):
    """Take the command line apart.

    :raises UsageError: in one line.
    """
    options = Options()
    words = list(words)
    while words and words[0] != '--':
        option = words.pop(0)
        if option not in ('--output', '--limit', '--times'):
            raise UsageError('no option %s; -- stands in front of the program' % option)
        if not words:
            raise UsageError('%s needs a value' % option)
        value = words.pop(0)
        if option == '--limit':
            if not value.isdigit() or not 1 <= int(value) <= 10000000:
                raise UsageError('--limit must be a number from 1 to 10000000, not %s' % value)
            options.limit = int(value)
        elif option == '--times':
            if value not in ('yes', 'no'):
                raise UsageError('--times must be yes or no, not %s' % value)
            options.times = value == 'yes'
        else:
            options.output = value
    options.command = words[1:]
    if not options.command:
        raise UsageError('no program; python -m pyside calls -- PROGRAM ARGUMENT...')
    return options


@contextmanager
def place(limit=recording.DEFAULT_LIMIT):
    """Make the file for a recording; a context whose value is its path, and which removes it."""
    fd, path = tempfile.mkstemp(prefix='calls-')
    os.close(fd)
    try:
        recording.create(path, limit)
        yield path
    finally:
        os.unlink(path)


def record(command, data=b'', environment=None, limit=recording.DEFAULT_LIMIT, folder=None, seconds=60, notes=None):
    """Run a program to its end and return what it called.

    :param command: a list of words.
    :param data: bytes, what the program finds on its standard input.
    :param environment: its environment; ours, if None.
    :param limit: how many calls are recorded at the most.
    :param folder: its working directory; ours, if None.
    :param seconds: how long it may take before it is killed.
    :param notes: the path of a file that :func:`notes.create` made, or None.
    :returns: exit status, standard output, standard error, :class:`recording.Header`, list of calls.
    :raises UsageError: when the program cannot be recorded.
    """
    obstacle = preloading.obstacle(command[0])
    if obstacle:
        raise UsageError(obstacle)
    with place(limit) as path:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, close_fds=True,
            env=preloading.environment(path, environment, notes), cwd=folder)
        timer = threading.Timer(seconds, process.kill)
        timer.start()
        try:
            output, errors = process.communicate(data)
        finally:
            timer.cancel()
        head, calls = recording.read(path)
    return process.returncode, output, errors, head, calls


def follow(path, is_over):
    """Yield the calls of a recording, each as soon as it has returned; at the end those that never did.

    :param is_over: a function that tells whether the program has ended.
    """
    waiting, begun = [], 0
    with io.open(path, 'rb', buffering=0) as file:
        while True:
            over = is_over()
            head = recording.header(file)
            waiting += range(begun, head.begun)
            begun = head.begun
            found = [(number, recording.call(file, number)) for number in waiting]
            done = [(number, call) for number, call in found if call is not None and call.returned is not None]
            for _, call in sorted(done, key=lambda item: item[1].returned):
                yield call
            gone = {number for number, _ in done}
            waiting = [number for number in waiting if number not in gone]
            if over:
                for number, call in found:
                    if number not in gone and call is not None:
                        yield call
                return
            time.sleep(PAUSE)


def main(words):
    """Run the command; return its exit status."""
    if '--help' in words[:1]:
        sys.stdout.write(USAGE)
        return 0
    try:
        options = parse(words)
    except UsageError as error:
        sys.stderr.write('calls: %s\n' % error)
        return EXIT_USAGE
    obstacle = preloading.obstacle(options.command[0])
    if obstacle:
        sys.stderr.write('calls: %s\n' % obstacle)
        return EXIT_UNSUPPORTED
    try:
        # Unbuffered: what a full disk did not take would be tried again at the exit, with a traceback.
        output = io.open(options.output, 'wb', 0) if options.output else getattr(sys.stderr, 'buffer', sys.stderr)
    except EnvironmentError as error:
        sys.stderr.write('calls: %s: %s\n' % (options.output, error.strerror))
        return EXIT_USAGE
    try:
        with place(options.limit) as path:
            return _run(options, path, output)
    except EnvironmentError as error:
        sys.stderr.write('calls: %s: %s\n' % (error.filename or 'cannot record', error.strerror))
        return EXIT_USAGE


def _run(options, path, output):
    try:
        process = subprocess.Popen(options.command, env=preloading.environment(path), close_fds=True)
    except EnvironmentError as error:
        sys.stderr.write('calls: %s: %s\n' % (options.command[0], error.strerror))
        return EXIT_UNSUPPORTED
    # Ctrl-C at the terminal is for the program; its last calls are worth seeing.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        _print(follow(path, lambda: process.poll() is not None), output, options.times)
    except EnvironmentError as error:
        process.wait()  # what the program has begun, it may finish
        sys.stderr.write('calls: %s: %s\n' % (options.output or 'cannot write', error.strerror))
        return EXIT_USAGE
    with io.open(path, 'rb') as file:
        head = recording.header(file)
    if head.lost:
        sys.stderr.write('calls: %d more calls, beyond --limit %d\n' % (head.lost, options.limit))
    if not head.programs:
        sys.stderr.write('calls: %s did not load the recorder: nothing is known of it\n' % options.command[0])
    return process.returncode if process.returncode >= 0 else 128 - process.returncode


def _print(calls, output, times):
    first = None
    for call in calls:
        first = first or call
        output.write((_line(call, first, times) + '\n').encode('ascii', 'replace'))
        output.flush()


def _line(call, first, times):
    other = (call.process, call.thread) != (first.process, first.thread)
    thread = '[%d] ' % call.thread if other else ''
    if not times:
        return thread + call.line()
    took = '?' if call.returned is None else '%.6f' % (call.returned - call.entered)
    return '%.6f %s %s%s' % (call.entered - first.entered, took, thread, call.line())
