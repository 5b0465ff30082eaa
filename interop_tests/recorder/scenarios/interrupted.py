"""A signal comes while recv waits: EINTR, and what each Python does then."""
import signal
import socket

a, b = socket.socketpair()
a.settimeout(20)
signal.signal(signal.SIGALRM, lambda *_: b.send(b'x'))
signal.setitimer(signal.ITIMER_REAL, 0.2)
try:
    a.recv(5)
except (socket.error, EnvironmentError):
    pass
