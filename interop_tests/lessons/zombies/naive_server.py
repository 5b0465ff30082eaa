import os

from interop_tests.lessons.start import listener

server = listener()
connections = []
while True:
    connection, _ = server.accept()
    connections.append(connection)
    if os.fork() == 0:
        data = connection.recv(1024)
        connection.sendall(data.upper())
        os._exit(0)
