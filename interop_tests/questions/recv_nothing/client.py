import socket
import sys

server = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
print(server.recv(100))
print(server.recv(100))
print(server.recv(100))
server.sendall(b'thanks')
server.close()
