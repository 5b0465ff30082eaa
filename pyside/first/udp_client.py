"""A UDP echo client: sends each line of stdin, prints its echo, then the next: pyside/first/udp_client.py 7000.

    socket, connect     no connection: the kernel notes the server's address,
                        and says so when nobody is there
    send                one datagram
    poll                until there is an answer, but for 2 s at most: either may be lost
    recv                one datagram
    close

For Python 2.7 and every later one; line by line the same in C: c_ref/first/udp_client.c
"""

import io
import os
import signal
import socket
import sys

# A port is a number from 0 to 65535; the argument is text.
if len(sys.argv) != 2 or sys.argv[1] not in map(str, range(65536)):
    sys.stderr.write('usage: udp_client PORT\n')
    sys.exit(2)

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends the client, without a traceback
try:
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.connect(('127.0.0.1', int(sys.argv[1])))  # a dead port is an error then
    client.settimeout(2)  # recv polls first, for 2 s at most; C calls poll itself
    for line in io.open(0, 'rb'):  # bytes, with their newline, if they have one
        client.send(line)  # all of it in one datagram

        data = client.recv(65536)  # one datagram, whole; it may be lost, or the one before
        while data:
            data = data[os.write(1, data):]
except socket.timeout:
    sys.exit('udp_client: no answer within 2 s')
except EnvironmentError as error:
    sys.exit('udp_client: %s' % error.strerror)


client.close()
# Lacking: sending again; late and doubled answers are taken for the next: pyside/programs/datagram_client.py.
