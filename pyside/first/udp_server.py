"""A UDP echo server: sends each datagram back, until Ctrl-C: pyside/first/udp_server.py 7000 (0 is any free port).

    socket, bind        a socket that has an address; nobody connects
    recvfrom, sendto    a datagram, and back to where it came from

For Python 2.7 and every later one; line by line the same in C: c_ref/first/udp_server.c
"""

import signal
import socket
import sys

# A port is a number from 0 to 65535; the argument is text.
if len(sys.argv) != 2 or sys.argv[1] not in map(str, range(65536)):
    sys.stderr.write('usage: udp_server PORT\n')
    sys.exit(2)

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends the server, without a traceback
try:
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    # without SO_REUSEADDR, which lets two servers take one port
    server.bind(('127.0.0.1', int(sys.argv[1])))
    print('LISTENING 127.0.0.1 %d' % server.getsockname()[1])
    sys.stdout.flush()
    while True:
        data, client = server.recvfrom(65536)  # longer than any datagram
        try:  # One datagram, whole.  b'' is an empty datagram, not EOF.
            server.sendto(data, client)
        except EnvironmentError as error:
            sys.stderr.write('udp_server: client: %s\n' % error.strerror)
            sys.stderr.flush()  # before Python 3.9 it waits in a buffer, unless it is a terminal
except EnvironmentError as error:
    sys.exit('udp_server: %s' % error.strerror)
# Lacking: other address families, limits, forged senders, a clean stop: pyside/iomodels/datagram_server.py.
