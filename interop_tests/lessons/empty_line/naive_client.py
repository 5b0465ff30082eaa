from interop_tests.lessons.start import connection

server = connection()
while True:
    line = input('> ')
    if line == 'exit':
        break
    server.send(line.encode())
    print(server.recv(1024).decode())
