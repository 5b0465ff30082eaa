"""The first programs as the tests and the page start them."""

import os
import re
import sys

from interop_tests.peers import C_BUILD
from interop_tests.process import ROOT, Process
from interop_tests.wire import SECONDS

LANGUAGES = ['python', 'c']
# What the options of our own programs say for the same transport.
OUR_OPTIONS = {'tcp': ['echo'], 'udp': ['echo', '--type', 'dgram']}
# A BSD call in a program's text.
CALL = re.compile(r'\b(socket|setsockopt|settimeout|bind|listen|getsockname|accept|connect|send|sendall|recv|recvfrom'
                  r'|sendto|poll|close)\(')
TRANSPORTS = {'tcp': 'inet', 'udp': 'inet-dgram'}


def source(name, language):
    """Return the path of a program's source, below the root."""
    return 'pyside/first/%s.py' % name if language == 'python' else 'c_ref/first/%s.c' % name


def command(name, language):
    """Return the words that start a program, before the port.

    :param name: such as ``tcp_server``.
    """
    if language == 'python':
        return [sys.executable, os.path.join(ROOT, source(name, language))]
    return [os.path.join(ROOT, 'c_ref', 'build/%s' % C_BUILD if C_BUILD else '.', 'bin', 'first', name)]


def start(name, language, port):
    """Start a program; return its :class:`Process`."""
    return Process(command(name, language) + [str(port)])


class Server(object):
    """A running first server, with what :class:`interop_tests.programs.Client` needs.

    :param kind: ``tcp`` or ``udp``.
    :param port: 0 is any free one.
    """

    def __init__(self, kind, language, port=0):
        self.process = start('%s_server' % kind, language, port)
        line = self.process.exchange(b'', 1, SECONDS)[0].decode('ascii')
        if not line.startswith('LISTENING '):
            raise AssertionError('expected LISTENING, got %r and %r' % (line, self.process.errors))
        self.address = line.split(' ')[1:]
        self.port = int(self.address[1])
        self.options = OUR_OPTIONS[kind]
        self.where = ['--host', self.address[0], '--port', self.address[1]]

    def close(self):
        self.process.close()


def run_client(kind, language, port, data):
    """Run a first client to its end.

    :param data: all of its standard input.
    :returns: exit status, standard output, standard error as text.
    """
    return finish(start('%s_client' % kind, language, port), data)


def finish(process, data):
    """Give a program the rest of its input and wait for its end; return as :func:`run_client` does."""
    try:
        output = b''.join(process.pump([data] if data else [], SECONDS))
        return process.wait(SECONDS), output, process.errors
    finally:
        process.close()
