"""The other end of a naive program, at a terminal: each line that is typed is sent, and what comes is shown.

``python3 -m interop_tests.lessons.talk PORT`` connects; ``--listen`` waits for a connection on a port that it prints.

::

    hel                   typed: sends hel, without a newline
    < 'HEL'               what one recv returned
    Ctrl-D                sends FIN: nothing more comes from here; with --reset, sends RST and ends
    < EOF                 nothing more comes from there

No protocol, no limits: a person decides what to send and when.  Read next: ``start.py``.
"""

import os
import select
import signal
import socket
import struct
import sys

from interop_tests.lessons.start import connection, listener

RST_AT_CLOSE = struct.pack('ii', 1, 0)


def talk(sock, resets):
    """Carry lines and bytes to and fro until EOF.

    :param sock: a connected socket.
    :param resets: whether the end of what is typed becomes RST, not FIN.
    :raises EnvironmentError: what the connection failed with.
    """
    poller = select.poll()
    poller.register(0, select.POLLIN)
    poller.register(sock, select.POLLIN)
    while True:
        ready = dict(poller.poll())
        if sock.fileno() in ready:
            data = sock.recv(65536)
            if not data:
                return show('EOF')
            # PY2: bytes are str there, and text is not; str has the same repr on both.
            show(repr(str(data.decode('ascii', 'replace'))))
        if 0 in ready:
            typed = os.read(0, 65536)
            for line in typed.splitlines():
                sock.sendall(line)
            if not typed and resets:
                return sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST_AT_CLOSE)
            if not typed:
                sock.shutdown(socket.SHUT_WR)
                poller.unregister(0)


def show(text):
    sys.stdout.write('< %s\n' % text)
    sys.stdout.flush()


def main(words):
    """Return the exit status: 0, or 2 with one line on standard error where there is nobody to talk to."""
    listens = words == ['--listen']
    if not listens and not (words and words[0].isdigit() and int(words[0]) < 65536 and words[1:] in ([], ['--reset'])):
        sys.stderr.write('usage: talk PORT [--reset], or talk --listen\n')
        return 2
    try:
        sock = listener().accept()[0] if listens else connection()
    except EnvironmentError as error:
        sys.stderr.write('talk: port %s: %s\n' % ('of mine' if listens else words[0], error.strerror))
        return 2
    try:
        talk(sock, '--reset' in words)
    except EnvironmentError as error:
        show(error.strerror)
    sock.close()
    return 0


if __name__ == '__main__':
    # Ctrl-C ends it as it ends a program in C.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(main(sys.argv[1:]))
