import socket
import sys

server = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
server.sendall(b'hello')
print(server.recv(100))
