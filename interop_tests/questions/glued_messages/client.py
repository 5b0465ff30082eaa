import socket
import sys

server = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
server.sendall(b'one')
server.sendall(b'two')
server.sendall(b'three')
server.close()
