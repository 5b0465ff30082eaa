import socket
import sys

server = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
for _ in range(2):
    server.send(b'he')
    server.send(b'bo')
    server.recv(1)
server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
server.send(b'he')
server.send(b'bo')
server.recv(1)
server.close()
