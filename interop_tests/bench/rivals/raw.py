"""The least there is in Python: epoll, recv, sendall what came.  No frames, no limits, no time."""

import select
import socket
import sys


def datagrams(sock):
    while True:
        data, address = sock.recvfrom(65535)
        sock.sendto(data, address)


def streams(listener):
    poller = select.epoll()
    poller.register(listener.fileno(), select.EPOLLIN)
    socks = {}
    while True:
        for fd, _ in poller.poll():
            if fd == listener.fileno():
                sock = listener.accept()[0]
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                socks[sock.fileno()] = sock
                poller.register(sock.fileno(), select.EPOLLIN)
                continue
            sock = socks[fd]
            try:
                data = sock.recv(65536)
            except socket.error:
                data = b''
            if data:
                sock.sendall(data)
            else:
                poller.unregister(fd)
                socks.pop(fd).close()


def main(protocol):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if protocol == 'echo' else socket.SOCK_STREAM)
    sock.bind(('127.0.0.1', 0))
    if protocol != 'echo':
        sock.listen(1000)
    sys.stdout.write('LISTENING 127.0.0.1 %d\n' % sock.getsockname()[1])
    sys.stdout.flush()
    (datagrams if protocol == 'echo' else streams)(sock)


main(sys.argv[1])
