import os
import signal
import socket
import threading

server = socket.socket()
server.bind(('127.0.0.1', 0))
server.listen(5)
# You, at the keyboard, a second later.
threading.Timer(1, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    client = server.accept()[0]
except KeyboardInterrupt:
    print('stopped')
server.close()
