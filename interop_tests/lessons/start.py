"""What every naive program begins with: the lines that its lesson is not about."""

import socket
import sys


def listener(kind=socket.SOCK_STREAM):
    """Listen at any free port of loopback and print which."""
    sock = socket.socket(socket.AF_INET, kind)
    sock.bind(('127.0.0.1', 0))
    if kind == socket.SOCK_STREAM:
        sock.listen(5)
    print(sock.getsockname()[1])
    sys.stdout.flush()
    return sock


def address():
    """Return the server's address: the port is the first word of the command line."""
    return '127.0.0.1', int(sys.argv[1])


def connection():
    """Connect to it."""
    sock = socket.socket()
    sock.connect(address())
    return sock
