import socket
import sys

server = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
server.recv(100)
server.close()
# The server is started again.
again = socket.socket()
try:
    again.bind(('127.0.0.1', int(sys.argv[1])))
except OSError as error:
    print(error)
again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
again.bind(('127.0.0.1', int(sys.argv[1])))
again.close()
