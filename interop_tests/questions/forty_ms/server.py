import socket

server = socket.socket()
server.bind(('127.0.0.1', 0))
server.listen(1)
client = server.accept()[0]
while client.recv(2):
    client.recv(2)
    client.sendall(b'!')
client.close()
server.close()
