from interop_tests.lessons.start import listener

server = listener()
while True:
    connection, _ = server.accept()
    while True:
        data = connection.recv(1024)
        connection.send(data.upper())
