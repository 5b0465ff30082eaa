"""Four megabytes with one sendall, under a time limit; the reader takes its time."""
import socket
import threading

near, far = socket.socketpair()
near.settimeout(20)
thread = threading.Thread(target=near.sendall, args=(b'x' * (4 << 20),))
thread.start()
left = 4 << 20
while left:
    left -= len(far.recv(65536))
thread.join()
