"""A client and a server in one process, blocking calls only."""
import socket

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(('127.0.0.1', 0))
listener.listen(1)
near = socket.socket()
near.connect(listener.getsockname())
far, _ = listener.accept()
near.sendall(b'hello')
far.sendall(far.recv(100))
near.recv(2)
near.recv(2, socket.MSG_PEEK)
near.shutdown(socket.SHUT_WR)
far.recv(1)
far.getpeername()
copy = far.dup()
for sock in (copy, far, near, listener):
    sock.close()
