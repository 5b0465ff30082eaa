from interop_tests.lessons.start import connection

server = connection()
for command in [b'seq 1000', b'echo harmless; echo done by a stranger']:
    server.sendall(command)
    answer = server.recv(1024)
    print('%s: %d bytes, the last line is %s' % (
        command.decode(), len(answer), answer.decode().splitlines()[-1]))
