import socket
import sys

server = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
server.sendall(b'hello')
try:
    server.recv(100)
except ConnectionResetError as error:
    print(error)
try:
    server.sendall(b'are you there?')
except BrokenPipeError as error:
    print(error)
server.close()
