"""Four threads, each with its pair."""
import socket
import threading


def talk(near, far):
    for _ in range(50):
        near.sendall(b'ping')
        far.recv(4)
        far.sendall(b'pong')
        near.recv(4)


threads = [threading.Thread(target=talk, args=socket.socketpair()) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
