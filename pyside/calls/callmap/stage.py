"""Runs one example of the map in this interpreter, so that the calls of its second part can be told from the rest.

::

    stdin    a, b = connected()      what has to be there first
             ---
             show(a.recv(5))         what the row is about

    stdout   name a 3                a descriptor, by the name that the example has for it
             show "hello"            what was shown
             raises BlockingIOError  what ended the second part, and behind show, the errno or the text of it

``close(-1)``, which fails and which no example calls, marks in the recording where the second part begins and ends.

C twin: ``c_ref/calls/callmap/stage.c``.  Read next: ``measure.py``.
"""

import errno
import os
import select
import socket
import struct
import sys
import threading

# PY2: another name.
socketserver = __import__('SocketServer' if sys.version_info[0] == 2 else 'socketserver')

PATIENCE = 20
lines = []


def show(*values):
    """Write values down in a way that all versions and C share."""
    lines.append('show ' + ' '.join(shown(value) for value in values))


def shown(value):
    if value is None or isinstance(value, bool):
        return str(value)
    if isinstance(value, type(u'')) and not isinstance(value, str):
        value = value.encode('ascii')  # PY2: text is another type there, shown like str
    if isinstance(value, bytes) and not isinstance(value, str):
        value = value.decode('latin-1')
    if isinstance(value, str):
        return '"%s"' % ''.join(c if ' ' <= c <= '~' else '\\x%02x' % ord(c) for c in value)
    return str(int(value)) if int(value) == value else str(value)


def listening(backlog=5):
    """Make a TCP socket that listens on a free port of the loopback."""
    listener = socket.socket()
    listener.bind(('127.0.0.1', 0))
    listener.listen(backlog)
    return listener


def connected():
    """Make two TCP sockets that are connected with each other."""
    listener = listening()
    near = socket.create_connection(listener.getsockname())
    far = listener.accept()[0]
    listener.close()
    return near, far


def unix_pair():
    """Make two unix sockets that are connected with each other."""
    return socket.socketpair()


def datagrams():
    """Make two UDP sockets with addresses of their own."""
    found = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
    for sock in found:
        sock.bind(('127.0.0.1', 0))
    return found


def free_port():
    """Return the number of a port on which nothing listens."""
    listener = listening()
    try:
        return listener.getsockname()[1]
    finally:
        listener.close()


def fill(sock):
    """Send until the buffers of a unix socket are full; those of TCP would have room again a moment later."""
    sock.setblocking(False)
    try:
        while True:
            sock.send(b'x' * 65536)
    except socket.error:
        sock.setblocking(True)


def reset(near, far):
    """Let ``far`` go with RST, and wait until ``near`` has it."""
    far.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    far.close()
    await_reset(near)


def await_reset(sock):
    """Wait until the peer's RST is here: it needs no asking for."""
    poller = select.poll()
    poller.register(sock, 0)
    poller.poll(PATIENCE * 1000)


def drain_later(sock):
    """Read all that is there, in another thread, 1.5 s from now."""
    thread = threading.Timer(1.5, sock.recv, (1 << 20,))
    thread.daemon = True
    thread.start()


def name_descriptors(names):
    for name, value in sorted(names.items()):
        try:
            fd = value.fileno() if not isinstance(value, type) else -1
        except (AttributeError, TypeError, ValueError, EnvironmentError):
            continue
        if fd > 2:
            lines.append('name %s %d' % (name, fd))


def mark():
    try:
        os.close(-1)
    except EnvironmentError:
        pass


def describe(error):
    """Name an error in a way that C shares: by its errno, or the code of getaddrinfo."""
    if isinstance(error, socket.gaierror):
        codes = [name for name in dir(socket) if name.startswith('EAI_') and getattr(socket, name) == error.args[0]]
        return codes[0]
    number = error.args[0] if error.args else None
    if isinstance(number, int) and number in errno.errorcode:
        return errno.errorcode[number]
    return str(error)


def run(code):
    before, _, statement = ('\n' + code).partition('\n---\n')
    names = dict(globals())
    mine = dict(names)
    exec(compile(before, '<before>', 'exec'), names)

    def new():
        return {name: value for name, value in names.items() if mine.get(name) is not value}

    name_descriptors(new())
    compiled = compile(statement, '<example>', 'exec')
    mark()
    try:
        exec(compiled, names)
    except Exception as error:
        mark()
        lines.append('raises %s' % type(error).__name__)
        if not isinstance(error, AttributeError):
            lines.append('show ' + describe(error))
    else:
        mark()
    name_descriptors(new())


if __name__ == '__main__':
    watchdog = threading.Timer(PATIENCE, os._exit, (70,))
    watchdog.daemon = True
    watchdog.start()
    run(sys.stdin.read())
    sys.stdout.write('\n'.join(lines) + '\n')
    sys.stdout.flush()
    # Whatever still runs or holds a descriptor is of no interest any more.
    os._exit(0)
