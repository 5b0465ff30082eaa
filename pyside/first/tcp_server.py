"""A TCP echo server, one client after another, until Ctrl-C: pyside/first/tcp_server.py 7000 (0 is any free port).

    socket, bind, listen    a socket that waits for clients
    accept                  a socket for the next of them
    recv, send              its bytes go back to it, until it sends no more
    close

For Python 2.7 and every later one; line by line the same in C: c_ref/first/tcp_server.c
"""

import signal
import socket
import sys

# A port is a number from 0 to 65535; the argument is text.
if len(sys.argv) != 2 or sys.argv[1] not in map(str, range(65536)):
    sys.stderr.write('usage: tcp_server PORT\n')
    sys.exit(2)

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends the server, without a traceback
try:
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # no wait before the next start
    server.bind(('127.0.0.1', int(sys.argv[1])))  # take the port
    server.listen(16)  # the kernel lets 16 clients queue
    print('LISTENING 127.0.0.1 %d' % server.getsockname()[1])
    sys.stdout.flush()
    while True:
        client = server.accept()[0]  # a socket for this client alone
        try:
            while True:
                data = client.recv(65536)  # some bytes
                if not data:  # EOF
                    break
                client.sendall(data)  # send may take a part of them: sendall calls it again
        except EnvironmentError as error:
            sys.stderr.write('tcp_server: client: %s\n' % error.strerror)
            sys.stderr.flush()  # before Python 3.9 it waits in a buffer, unless it is a terminal
        client.close()
except EnvironmentError as error:
    sys.exit('tcp_server: %s' % error.strerror)
# Lacking: many clients at once, pyside/iomodels/epolling.py; limits, hostile peers, pyside/iomodels/conversation.py.
