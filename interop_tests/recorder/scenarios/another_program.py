"""A socket handed to another program: its calls are recorded too."""
import os
import socket
import sys

a, b = socket.socketpair()
a.send(b'for the other')
# Not 0: an interpreter asks in the C library, where the recorder does not see it, whether that is a terminal.
os.dup2(b.fileno(), 9)
os.execv(sys.executable, [sys.executable, '-c', 'import os; os.read(9, 100); os.close(9)'])
