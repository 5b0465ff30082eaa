import socket

from interop_tests.lessons.start import address

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for message in [b'hello', b'x' * 2000]:
    sock.sendto(message, address())
    data, _ = sock.recvfrom(1024)
    print('sent %d bytes, received %d bytes' % (len(message), len(data)))
