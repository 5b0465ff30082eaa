import select
import socket
import sys

server = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
server.recv(100)
server.send(b'one')
until_reset = select.poll()
until_reset.register(server, 0)
until_reset.poll()
try:
    server.send(b'two')
except BrokenPipeError as error:
    print(error)
server.close()
