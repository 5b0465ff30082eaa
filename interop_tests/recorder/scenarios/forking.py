"""A child for each of three connections: the child closes the listener, the parent the connection."""
import os
import socket

listener = socket.socket()
listener.bind(('127.0.0.1', 0))
listener.listen(5)
for _ in range(3):
    near = socket.create_connection(listener.getsockname())
    far, _ = listener.accept()
    child = os.fork()
    if child == 0:
        listener.close()
        far.sendall(far.recv(100).upper())
        far.close()
        os._exit(0)
    far.close()
    near.sendall(b'hello')
    near.recv(100)
    near.close()
    os.waitpid(child, 0)
