"""A TCP echo client: sends each line of stdin, prints its echo, then the next: pyside/first/tcp_client.py 7000.

    socket, connect     a connection to the server
    send                a piece of a line
    recv                until all of it has come back
    close

For Python 2.7 and every later one; line by line the same in C: c_ref/first/tcp_client.c
"""

import io
import os
import signal
import socket
import sys

# A port is a number from 0 to 65535; the argument is text.
if len(sys.argv) != 2 or sys.argv[1] not in map(str, range(65536)):
    sys.stderr.write('usage: tcp_client PORT\n')
    sys.exit(2)

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends the client, without a traceback
try:
    client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    client.connect(('127.0.0.1', int(sys.argv[1])))

    for line in io.open(0, 'rb'):  # bytes, with their newline, if they have one
        for start in range(0, len(line), 4096):
            client.sendall(line[start:start + 4096])  # all at once could fill every buffer: a deadlock
            left = len(line[start:start + 4096])
            while left:
                data = client.recv(left)
                if not data:  # EOF
                    sys.exit('tcp_client: the server closed the connection before the end of the echo')
                left -= len(data)
                while data:
                    data = data[os.write(1, data):]  # as send, it may take a part
except EnvironmentError as error:
    sys.exit('tcp_client: %s' % error.strerror)


client.close()
# Lacking: time limits, a server that does more than echo: pyside/programs/client.py; messages: pyside/wire/framing.py.
