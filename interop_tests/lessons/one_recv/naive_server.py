from interop_tests.lessons.start import listener

server = listener()
while True:
    connection, _ = server.accept()
    message = connection.recv(1024)
    connection.send(message.upper())
    connection.close()
