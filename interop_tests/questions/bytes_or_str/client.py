import socket
import sys

server = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
text = 'na\xefve'
try:
    server.sendall(text)
except TypeError as error:
    print(error)
server.sendall(text.encode('utf-8'))
data = server.recv(100)
print(len(text), 'characters,', len(data), 'bytes, the same text:', data.decode('utf-8') == text)
server.close()
