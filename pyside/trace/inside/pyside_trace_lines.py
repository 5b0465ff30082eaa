"""Inside the traced program: which line of Python called which method of a socket, and what came of it.

One line of JSON for each call, appended to the file that ``TRACE_LINES`` names, by every process::

    {"process": 7, "thread": 7, "entered": 12.000001, "returned": 12.000042, "name": "sock.recv",
     "arguments": "4096", "result": "b'hello'", "file": "client.py", "line": 18, "function": "main"}

``raised`` stands in place of ``result`` for an exception.  The clock is that of the recorder, so that a reader finds
the libc calls that lie inside, on the same thread.  A call that may wait has a line without ``returned``, too, written
when it begins: a program may be killed while it waits.  A file of ``TRACE_LINES_ROOM`` bytes takes no more calls.

Nothing here may touch the sockets: ``repr`` of one would call ``getsockname``.
It is unchanged on 2.7 and 3.6+.  Read next: ``pyside/trace/lines.py``, which reads the file.
"""

import functools
import json
import os
import select
import socket
import sys
import threading
import time

SHOWN = 60
STANDARD = os.path.dirname(os.path.abspath(os.__file__))
# Those that may wait are written down twice: a program may be killed while it waits.
WAITING = ('accept', 'connect', 'connect_ex', 'recv', 'recv_into', 'recvfrom', 'recvfrom_into', 'recvmsg',
           'recvmsg_into', 'send', 'sendall', 'sendto', 'sendmsg', 'sendfile')
METHODS = WAITING + (
    'bind', 'listen', 'shutdown', 'close', 'detach', 'setblocking', 'settimeout', 'setsockopt', 'getsockopt',
    'getsockname', 'getpeername', 'ioctl')
# PY2: these are attributes of each socket, put there by its __init__.
OF_EACH = ('recv', 'recvfrom', 'recv_into', 'recvfrom_into', 'send', 'sendto')
# PY2: what makefile gives keeps the inner socket, whose methods cannot be replaced.
OF_FILES = ('read', 'readline', 'write', 'flush')
# What the end by an exception is called among the calls.
UNCAUGHT = 'uncaught'
PY2 = sys.version_info[0] == 2
TEXT = type(u'')

# A frame of ours, of the standard library, or of the machinery of imports.
NOT_THE_PROGRAM = ((lambda: 0).__code__.co_filename, STANDARD + os.sep, '<frozen')

_here = threading.local()
_file = None
_room = 0


def begin(path, room):
    """Replace the methods; append to the file at ``path`` from now on.  A file that cannot be opened: nothing.

    :param room: how many bytes the file may have, from all processes together.
    """
    global _file, _room
    _room = room
    try:
        _file = os.open(path, os.O_WRONLY | os.O_APPEND)
    except OSError:
        return
    if not PY2:
        os.set_inheritable(_file, False)
    kind = socket.socket
    kind.__init__ = _watched('socket.socket', kind.__init__, False)
    for name in METHODS:
        if hasattr(kind, name) and not (PY2 and name in OF_EACH):
            setattr(kind, name, _watched('sock.' + name, getattr(kind, name), name in WAITING))
    if PY2:
        _watch_each(kind)
    select.select = _watched('select.select', select.select, True, method=False)
    sys.excepthook = _last_words(sys.excepthook)
    for name in ('poll', 'epoll'):
        if hasattr(select, name):
            setattr(select, name, _poller(name, getattr(select, name)))


def _watch_each(kind):
    made = kind.__init__

    def __init__(self, *arguments, **named):
        made(self, *arguments, **named)
        for name in OF_EACH:
            setattr(self, name, _watched('sock.' + name, getattr(self, name), True, method=False))
    kind.__init__ = __init__
    for name in OF_FILES:
        inner = getattr(socket._fileobject, name)
        setattr(socket._fileobject, name, _watched('file.' + name, inner, True))


def _last_words(inner):
    """Return a hook that also writes down the exception with which a program ends, and where."""
    def outer(kind, error, trace):
        at = trace
        while at is not None and at.tb_next is not None and not at.tb_next.tb_frame.f_code.co_filename.startswith(
                NOT_THE_PROGRAM):
            at = at.tb_next
        if at is not None:
            started = _begun(UNCAUGHT, at.tb_frame, (), {})
            _write(dict(started, line=at.tb_lineno, returned=_clock(), raised=_of_error(error)))
        inner(kind, error, trace)
    return outer


def _poller(name, real):
    """Return a class in the place of ``select.poll`` or ``select.epoll``, whose objects take no other methods."""
    class Poller(object):
        def __init__(self, *arguments, **named):
            self._real = real(*arguments, **named)
            self.poll = _watched(name + '.poll', self._real.poll, True, method=False)

        def __getattr__(self, wanted):
            return getattr(self._real, wanted)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self._real.close()
    Poller.__name__ = name
    if hasattr(real, 'fromfd'):
        Poller.fromfd = real.fromfd
    return Poller


def _watched(name, inner, waits, method=True):
    """Return a function that calls ``inner`` and writes down what it was given and what came of it."""
    def outer(*arguments, **named):
        if getattr(_here, 'busy', False):
            return inner(*arguments, **named)
        started = _begun(name, sys._getframe(1), arguments[1:] if method else arguments, named)
        if waits:
            _write(started)
        try:
            result = inner(*arguments, **named)
        except BaseException as error:
            _write(dict(started, returned=_clock(), raised=_of_error(error)))
            raise
        _write(dict(started, returned=_clock(), result=_shown(result)))
        return result
    try:
        return functools.wraps(inner)(outer)
    except AttributeError:
        return outer  # PY2: a builtin has no __module__ to be copied


def _begun(name, frame, arguments, named):
    shown = [_shown(one) for one in arguments] + ['%s=%s' % (key, _shown(one)) for key, one in sorted(named.items())]
    file, line, function = _position(frame)
    return {'name': name, 'arguments': ', '.join(shown), 'file': file, 'line': line, 'function': function,
            'process': os.getpid(), 'thread': _thread(), 'entered': _clock()}


def _position(frame):
    """Return file, line and function of the innermost caller that is no part of the standard library."""
    at = frame
    while at is not None and at.f_code.co_filename.startswith(NOT_THE_PROGRAM) and (
            '-packages' not in at.f_code.co_filename):
        at = at.f_back
    at = at or frame
    return _text(at.f_code.co_filename), at.f_lineno, _text(at.f_code.co_name)


def _shown(value):
    """Write a value in few words, without calling anything of it: a socket, or what someone made, by its type."""
    kind = type(value)
    if kind in (bytes, TEXT):
        return _text(repr(value) if len(value) <= SHOWN else repr(value[:SHOWN]) + '... (%d)' % len(value))
    if value is None or kind in (bool, int, float):
        return repr(value)
    if kind in (tuple, list):
        parts = [_shown(one) for one in value[:8]] + ['...'] * (len(value) > 8)
        return ('(%s)' if kind is tuple else '[%s]') % ', '.join(parts)
    if isinstance(value, int):
        return _text(str(value)).rpartition('.')[2]  # the members of socket's enumerations
    if kind in (bytearray, memoryview):
        return '%s of %d bytes' % (kind.__name__, len(value))
    return '<%s>' % kind.__name__


def _of_error(error):
    module = type(error).__module__
    name = type(error).__name__ if module in ('builtins', 'exceptions') else '%s.%s' % (module, type(error).__name__)
    if isinstance(error, EnvironmentError) and error.strerror:
        return _text('%s: %s' % (name, error.strerror))
    return _text('%s: %s' % (name, ', '.join(map(_shown, error.args[:2])))) if error.args else name


def _text(value):
    return value.decode('utf-8', 'replace') if isinstance(value, bytes) else value


def _write(found):
    _here.busy = True
    try:
        # How a program ends is known in any case.
        if found['name'] == UNCAUGHT or os.fstat(_file).st_size < _room:
            os.write(_file, (json.dumps(found) + '\n').encode('ascii'))
    except (EnvironmentError, ValueError):
        pass  # the program has closed what is not its own: it is not to know of us
    finally:
        _here.busy = False


def _thread():
    """Return the kernel's number of this thread; a fork has another one."""
    if getattr(_here, 'process', None) != os.getpid():
        _here.process = os.getpid()
        _here.thread = int(os.path.basename(os.readlink('/proc/thread-self')))
    return _here.thread


if hasattr(time, 'monotonic'):
    _clock = time.monotonic
else:
    import ctypes  # PY2: time has no monotonic

    class _Time(ctypes.Structure):
        _fields_ = [('seconds', ctypes.c_long), ('fraction', ctypes.c_long)]

    _gettime = ctypes.CDLL(None).clock_gettime

    def _clock():
        found = _Time()
        _gettime(1, ctypes.byref(found))
        return found.seconds + found.fraction / 1e9
