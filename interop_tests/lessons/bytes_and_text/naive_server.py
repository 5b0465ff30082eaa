from interop_tests.lessons.start import listener

server = listener()
while True:
    connection, _ = server.accept()
    answer = connection.recv(1024)
    if answer == '1':
        connection.send('welcome to server!'.encode())
    else:
        connection.send('please go out!'.encode())
    connection.close()
