from interop_tests.lessons.start import connection

server = connection()
answers = server.makefile('rb')
for command in [b'one\n', b'two\n', b'three\n']:
    server.sendall(command)
    print('%s: %s' % (command.decode().strip(), answers.readline().decode().strip()))
