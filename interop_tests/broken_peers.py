"""Peers that are broken on purpose: ``python -m interop_tests.broken_peers FAULT server|client|list ...``.

The suite's own test runs them through the matrix and wants each fault called
by its name.  They speak just enough of the contract: ``echo``, over inet.
"""

import os
import signal
import socket
import struct
import sys
import time
from binascii import hexlify, unhexlify

POISON = b'poison'
EXIT_STATUS = {'status': 42, 'close': 0, 'reset': 5}


def say(line):
    os.write(1, line + b'\n')


def for_ever():
    while True:
        time.sleep(3600)


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    connection.close()


def die():
    os.kill(os.getpid(), signal.SIGSEGV)


def serve(fault):
    if fault == 'mute':
        for_ever()
    if fault == 'rubbish':
        say(b'Hello, I am listening!')
        for_ever()
    if fault == 'stillborn':
        sys.exit(5)
    listener = socket.socket()
    listener.bind(('127.0.0.1', 0))
    listener.listen(16)
    say(('LISTENING 127.0.0.1 %d' % listener.getsockname()[1]).encode('ascii'))
    while True:
        connection = listener.accept()[0]
        answer(fault, connection)
        connection.close()


def answer(fault, connection):
    data = connection.recv(65536)
    while data:
        if fault == 'wrong':
            data = data[:-1] + b'?'
        elif fault == 'hang' or (fault == 'hang-at-poison' and POISON in data):
            for_ever()
        elif fault == 'signal':
            die()
        elif fault == 'reset':
            return reset(connection)
        elif fault == 'close':
            return None
        connection.sendall(data)
        data = connection.recv(65536)


def ask(fault, port):
    connection = socket.create_connection(('127.0.0.1', port))
    for line in iter(lambda: getattr(sys.stdin, 'buffer', sys.stdin).readline(), b''):
        message = unhexlify(line.strip())
        misbehave(fault, message)
        connection.sendall(message)
        reply = b''
        while len(reply) < len(message):
            reply += connection.recv(65536)
        say(hexlify(reply[:-1] + b'?' if fault == 'wrong' else reply))
    if fault == 'talkative':
        say(b'00')
    elif fault == 'late-status':
        sys.exit(3)


def misbehave(fault, message):
    """What a client does with a message instead of sending it."""
    if fault == 'hang' or (fault == 'hang-at-poison' and message == POISON):
        for_ever()
    elif fault == 'signal':
        die()
    elif fault == 'traceback':
        raise ValueError('an uncaught exception')
    elif fault == 'rubbish':
        say(b'one reply has come')
        for_ever()
    elif fault in EXIT_STATUS:
        sys.stderr.write('client: reset: by the other side\n' if fault == 'reset' else '')
        sys.exit(EXIT_STATUS[fault])


def main(fault, role, *arguments):
    if role == 'list' and fault == 'silent-list':
        return
    if role == 'list' and fault == 'failing-list':
        sys.exit('no such module: frames')
    if role == 'list' and fault == 'client-only':
        for line in ('client protocol echo', 'server protocol count', 'family inet', 'type stream'):
            say(line.encode('ascii'))
    elif role == 'list':
        for line in ('protocol count' if fault == 'unlisted' else 'protocol echo', 'family inet', 'type stream'):
            say(line.encode('ascii'))
    elif role == 'server':
        serve(fault)
    else:
        ask(fault, int(arguments[arguments.index('--port') + 1]))


if __name__ == '__main__':
    main(*sys.argv[1:])
