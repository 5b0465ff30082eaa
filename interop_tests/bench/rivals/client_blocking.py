"""Send each line as a frame over a blocking socket, wait for the answer, print it: what one writes first."""

import socket
import struct
import sys


def receive(sock, size):
    data = b''
    while len(data) < size:
        data += sock.recv(size - len(data))
    return data


sock = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
for line in sys.stdin.buffer:
    payload = line.rstrip(b'\n')
    sock.sendall(struct.pack('>I', len(payload)) + payload)
    size, = struct.unpack('>I', receive(sock, 4))
    sys.stdout.buffer.write(receive(sock, size) + b'\n')
    sys.stdout.buffer.flush()
