from interop_tests.lessons.start import connection

server = connection()
server.sendall(b'command')
size = int(server.recv(1024))
print('size %d' % size)
server.sendall(b'ok')
data = b''
while len(data) < size:
    data += server.recv(1024)
print('data "%s"' % data.decode())
