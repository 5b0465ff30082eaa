"""Good clients that account for every byte."""

import random
import socket
import struct
import threading
from contextlib import closing

from pyside.net.compat import clock

PAUSE = 0.02
# Messages that are under way at a time, and their longest payload.
WINDOW, LONGEST = 8, 20000


class Account(object):
    """What all good clients together have sent and heard."""

    def __init__(self):
        self._lock = threading.Lock()
        self.sent = self.acknowledged = self.repeated = self.connections = 0
        self.wrong = []

    def add(self, **counts):
        with self._lock:
            for name, count in counts.items():
                setattr(self, name, getattr(self, name) + count)

    def note_wrong(self, text):
        with self._lock:
            self.wrong.append(text)


class GoodClient(threading.Thread):
    """Sends frames with its own name and a number in them, and compares the replies.

    :param address: where the server listens, also after a restart.
    :param seconds: how long one wait may take.
    """

    def __init__(self, number, address, account, seed, seconds):
        threading.Thread.__init__(self)
        self.daemon = True
        self._address, self._account, self._seconds = address, account, seconds
        self._random = random.Random(seed)
        self._name = struct.pack('>I', number)
        self._count = 0
        self._unanswered = []
        self._told_to_stop = threading.Event()

    def stop(self):
        """Send no new message; end when all are answered."""
        self._told_to_stop.set()

    def run(self):
        failing_since = None
        while not self._told_to_stop.is_set() or self._unanswered:
            try:
                with closing(socket.create_connection(self._address, self._seconds)) as sock:
                    self._account.add(connections=1)
                    self._talk(sock)
                failing_since = None
            except EnvironmentError as error:
                # The server is being started again; no longer than a wait may take.
                failing_since = failing_since or clock()
                if clock() - failing_since > self._seconds:
                    self._account.note_wrong('no server for %g s: %s' % (self._seconds, error))
                    return
                self._told_to_stop.wait(PAUSE)

    def _talk(self, sock):
        """Talk over one connection until it ends, or all is said; what was not answered stays for the next one."""
        if self._unanswered:
            self._account.add(repeated=len(self._unanswered))
            sock.sendall(b''.join(self._unanswered))
        for _ in range(self._random.randrange(1, 200)):
            while len(self._unanswered) < WINDOW and not self._told_to_stop.is_set():
                self._send(sock)
            if not self._unanswered:
                return
            if not self._receive(sock):
                return

    def _send(self, sock):
        self._count += 1
        payload = self._name + struct.pack('>I', self._count)
        payload += payload[-1:] * self._random.randrange(LONGEST)
        frame = struct.pack('>I', len(payload)) + payload
        self._unanswered.append(frame)
        self._account.add(sent=len(frame))
        sock.sendall(frame)

    def _receive(self, sock):
        """Take one reply; return whether there was one."""
        expected = self._unanswered[0]
        came = b''
        while len(came) < len(expected):
            data = sock.recv(len(expected) - len(came))
            if not data:
                if not expected.startswith(came):
                    self._account.note_wrong('message %d: a part of the reply is wrong' % self._count)
                return False
            came += data
        if came != expected:
            self._account.note_wrong('message %d: another reply: %r' % (self._count, came[:40]))
        self._account.add(acknowledged=len(expected))
        del self._unanswered[0]
        return True
