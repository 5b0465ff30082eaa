import socket
import sys

server = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
data = b'x' * 16000000
server.settimeout(10)
sent = server.send(data)
print(sent, 'of', len(data))
server.settimeout(None)
server.sendall(data[sent:])
server.close()
