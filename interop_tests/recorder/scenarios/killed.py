"""Killed with SIGKILL in the middle of a recv."""
import os
import socket
import subprocess
import sys

a, b = socket.socketpair()
a.send(b'before')
b.recv(6)
waiting, _ = os.pipe()
subprocess.Popen([sys.executable, '-c', 'import os, time; time.sleep(0.3); os.kill(%d, 9)' % os.getpid()])
b.recv(5)
