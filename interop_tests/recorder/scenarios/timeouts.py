"""Time limits: on connect, accept, recv; one that is kept and one that is not; refused."""
import socket


def tried(call, *arguments):
    try:
        call(*arguments)
    except socket.error:
        pass


listener = socket.socket()
listener.bind(('127.0.0.1', 0))
listener.listen(1)
listener.settimeout(0.05)
tried(listener.accept)
near = socket.create_connection(listener.getsockname(), 5)
far, _ = listener.accept()
far.settimeout(0.05)
tried(far.recv, 5)
near.send(b'hello')
far.recv(5)
far.setblocking(False)
tried(far.recv, 5)
address = listener.getsockname()
listener.close()
tried(socket.create_connection, address, 5)
