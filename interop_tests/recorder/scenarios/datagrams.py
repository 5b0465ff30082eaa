"""Datagrams: sendto and recvfrom, an empty one, one that is cut, one to a closed port; a descriptor passed along."""
import array
import socket

near, far = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
for sock in (near, far):
    sock.bind(('127.0.0.1', 0))
for data in (b'hello', b'', b'x' * 100):
    near.sendto(data, far.getsockname())
    far.recvfrom(10)
near.connect(far.getsockname())
far.close()
near.send(b'x')
try:
    near.recv(10)
except socket.error:
    pass
a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
if hasattr(a, 'sendmsg'):
    a.sendmsg([b'take', b' this'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [near.fileno()]))])
    b.recvmsg(100, socket.CMSG_SPACE(4))
