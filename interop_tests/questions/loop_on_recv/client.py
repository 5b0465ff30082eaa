import socket
import sys


def recv_exactly(sock, size):
    data = b''
    while len(data) < size:
        part = sock.recv(size - len(data))
        if not part:
            raise EOFError('%d of %d bytes' % (len(data), size))
        data += part
    return data


server = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
print(recv_exactly(server, 13))
server.close()
