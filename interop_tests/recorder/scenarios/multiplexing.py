"""select, poll and epoll on the same pair."""
import select
import socket

a, b = socket.socketpair()
a.send(b'x')
select.select([a, b], [a], [], 1)
select.select([a], [], [], 0.05)
poller = select.poll()
poller.register(a, select.POLLIN | select.POLLOUT)
poller.register(b)
poller.poll(1000)
epoll = select.epoll()
epoll.register(b.fileno(), select.EPOLLIN | select.EPOLLET)
epoll.poll(1)
epoll.modify(b.fileno(), select.EPOLLIN)
epoll.unregister(b.fileno())
epoll.poll(0.05)
epoll.close()
