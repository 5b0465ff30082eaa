"""Runs pieces of code in this interpreter and says in one line what came of each.

::

    stdin    plain 25, or typed 25          how values are shown, and how many bytes of code follow;
                                            plain-unix, typed-unix: with other sockets
             x = b'5'
             int(x)                         the code; its last line is an expression
    stdout   int 5                          a value: its type and its repr
             TypeError: must be ...         or an exception
             END                            behind either

It is run as a program, ``python [-bb] probe.py``, and each piece of code in a
fork of it, because what one does to its interpreter must not matter to the next.
``plain`` shows bytes and text in one way for all versions, which is what a remedy
is compared by.  ``a`` and ``b`` are what connect and accept give: over TCP, or
with ``-unix`` over AF_UNIX.  socketpair is no way to get them: on Python 2 its
sockets are of another class.
"""

import atexit
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

SECONDS = 5
END = b'\0end\n'
ADDRESS = re.compile(r'0x[0-9a-fA-F]{6,}')
# What changes with the machine and the moment.
VOLATILE = re.compile(r"(?<=fd=)\d+|(?<=\('127\.0\.0\.1', )[1-9]\d+")


def stream(family=socket.AF_INET):
    """Make two stream sockets that are connected with each other, over TCP or AF_UNIX."""
    near = socket.socket(family)
    with contextlib.closing(socket.socket(family)) as listener:
        # A name that begins with NUL is in no folder, unix(7).
        listener.bind(('127.0.0.1', 0) if family == socket.AF_INET else '\0ledger-%d' % os.getpid())
        listener.listen(1)
        near.connect(listener.getsockname())
        far = listener.accept()[0]
    far.settimeout(SECONDS)
    return near, far


def datagram():
    """Make two datagram sockets that know each other's address."""
    pair = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
    for sock in pair:
        sock.bind(('127.0.0.1', 0))
        sock.settimeout(SECONDS)
    return pair[0], pair[1]


def later(function, *arguments):
    """Call a function in another thread."""
    thread = threading.Thread(target=function, args=arguments)
    thread.daemon = True
    thread.start()


def alarm():
    """Let a signal come again and again, which does nothing but interrupt."""
    signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)


def child(code, words=(), environment=None, data=b''):
    """Run code in another interpreter; return the last line that it said."""
    program = subprocess.Popen(
        [sys.executable, '-c', code] + list(words), env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    return program.communicate(data)[0].splitlines()[-1]


def folder():
    """Make a folder that goes away with this program."""
    path = tempfile.mkdtemp(prefix='ledger-')
    atexit.register(shutil.rmtree, path, True)
    return path


def names(family):
    """Return what the code of an entry finds there without an import."""
    near, far = stream(family)
    return {
        'a': near, 'b': far, 'alarm': alarm, 'child': child, 'datagram': datagram, 'folder': folder, 'later': later,
        'pause': time.sleep, 'socket': socket, 'stream': stream, 'sys': sys,
        'UTF8': dict(os.environ, LC_ALL='C.UTF-8'),
        'C': dict(os.environ, LC_ALL='C'),
        # What Python 3.7 and above do about that locale is forbidden: PEP 538, PEP 540.
        'C_ALONE': dict(os.environ, LC_ALL='C', PYTHONCOERCECLOCALE='0', PYTHONUTF8='0')}


def run(code, names):
    """Run code; return the value of its last line."""
    body, _, last = code.strip('\n').rpartition('\n')
    exec(compile(body + '\n', '<entry>', 'exec'), names)
    return eval(compile(last.strip(), '<entry>', 'eval'), names)


def show(value):
    return '%s %r' % (type(value).__name__, value)


def show_plainly(value):
    """Show bytes and text in one way: ``bytes 'x'`` and ``text 'x'``."""
    if isinstance(value, bytes):
        return "bytes '%s'" % value.decode('latin-1').encode('unicode_escape').decode('ascii')
    if isinstance(value, type(u'')):
        return "text '%s'" % value.encode('unicode_escape').decode('ascii')
    if isinstance(value, (tuple, list)):
        return '(%s)' % ', '.join(show_plainly(item) for item in value)
    return repr(value)


def say(code, plainly, family):
    """Run code, and write what came of it on standard output."""
    try:
        outcome = (show_plainly if plainly else show)(run(code, names(family)))
    except BaseException as error:
        outcome = '%s: %s' % (type(error).__name__, error)
    outcome = VOLATILE.sub('N', ADDRESS.sub('0x...', outcome))
    if not isinstance(outcome, bytes):
        outcome = outcome.encode('ascii', 'backslashreplace')
    stdout = getattr(sys.__stdout__, 'buffer', sys.__stdout__)
    stdout.write(outcome + b'\n')
    stdout.flush()


def main():
    requests = os.fdopen(os.dup(0), 'rb')
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for head in iter(requests.readline, b''):
        kind, size = head.split()
        code = requests.read(int(size)).decode('utf-8')
        pid = os.fork()
        if not pid:
            try:
                say(code, kind.startswith(b'plain'), socket.AF_UNIX if kind.endswith(b'-unix') else socket.AF_INET)
                atexit._run_exitfuncs()
            finally:
                sys.stderr.flush()
                os._exit(0)
        os.waitpid(pid, 0)
        os.write(1, END)


if __name__ == '__main__':
    main()
