"""A peer that goes with RST: ECONNRESET, then EPIPE."""
import socket
import struct

listener = socket.socket()
listener.bind(('127.0.0.1', 0))
listener.listen(1)
near = socket.create_connection(listener.getsockname())
far, _ = listener.accept()
far.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
far.close()
for call in (lambda: near.recv(5), lambda: near.recv(5), lambda: near.send(b'x')):
    try:
        call()
    except socket.error:
        pass
near.close()
