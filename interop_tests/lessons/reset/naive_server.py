from interop_tests.lessons.start import listener

server = listener()
while True:
    connection, _ = server.accept()
    data = connection.recv(1024)
    while data:
        connection.sendall(data.upper())
        data = connection.recv(1024)
    connection.close()
