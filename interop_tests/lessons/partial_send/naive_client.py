import sys

from interop_tests.lessons.start import connection

server = connection()
server.settimeout(10)
data = b'x' * 16000000
sent = server.send(data)
print('sent all of it' if sent == len(data) else 'sent a part of it')
sys.stdout.flush()
server.shutdown(1)
counted = int(server.recv(30))
print('the receiver counted all of it' if counted == len(data) else 'the receiver counted a part of it')
server.send(len(data))
