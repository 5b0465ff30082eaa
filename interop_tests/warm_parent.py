"""A warm parent: an interpreter that has imported the client, and forks one for each line on its standard input.

::

    suite  -- stdin -->   {"words": [...], "fds": ["/proc/71/fd/5", ...]}
           <-- stdout --  begun PID, and in the end  ended PID STATUS

The child opens the suite's ends of three pipes through proc(5), which works on every Python, and is then what
``python -m pyside client ...`` is after its imports.  Started by ``warm.py``, with the folder of ``pyside``
as the first argument.
"""

import errno
import fcntl
import gc
import importlib
import json
import os
import select
import signal
import sys
import traceback

# How the child opens its standard input, output and error.
OPENED = (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY | os.O_APPEND)


def main(root, words):
    sys.path.insert(0, root)
    program = _import_all(words)
    if hasattr(gc, 'freeze'):  # PY2: and before 3.7; a collection in a child would copy every page that it looks at
        gc.freeze()
    commands, wake = 0, _wake_up_at_the_end_of_a_child()
    pending = b''
    while True:
        try:
            ready = select.select([commands, wake], [], [])[0]
        except select.error as error:
            if error.args[0] != errno.EINTR:
                raise
            continue
        if wake in ready:
            os.read(wake, 4096)
        _bury()
        if commands not in ready:
            continue
        data = os.read(commands, 65536)
        if not data:
            return
        lines = (pending + data).split(b'\n')
        pending = lines.pop()
        for line in lines:
            _fork(program, json.loads(line.decode('ascii')), wake)


def _import_all(words):
    """Import what a client imports, which takes longer than all that it does then; return the main module."""
    table = importlib.import_module('pyside.protocols.table')
    for name in ['programs.client', 'programs.datagram_client'] + ['protocols.' + name for name in table.PROTOCOLS]:
        importlib.import_module('pyside.' + name)
    if 'cffi' in words:
        importlib.import_module('pyside.wire.cref').load_library()
    return importlib.import_module('pyside.__main__')


def _wake_up_at_the_end_of_a_child():
    readable, writable = os.pipe()
    for fd in (readable, writable):
        fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_NONBLOCK)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.set_wakeup_fd(writable)
    return readable


def _bury():
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except OSError:
            return
        if not pid:
            return
        _say('ended %d %d\n' % (pid, -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)))


def _fork(program, request, wake):
    if os.fork():
        return
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        ends = [os.open(path, flags) for path, flags in zip(request['fds'], OPENED)]
        _say('begun %d\n' % os.getpid())
        for number, fd in enumerate(ends):
            os.dup2(fd, number)
            os.close(fd)
        os.close(wake)
        sys.argv = ['pyside'] + [str(word) for word in request['words']]
        program.run()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(70)


def _say(text):
    os.write(1, text.encode('ascii'))


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2:])
