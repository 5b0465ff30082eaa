"""A bad network for datagrams: a relay between client and server that loses, doubles and reorders, from a seed.

::

    client  <-->  relay  <-->  server        both sides take the relay for the other
"""

import os
import random
import select
import socket
import threading

from pyside.net.netio import poll
from pyside.net.signals import nonblocking_pipe


class Relay(object):
    """Forwards datagrams in a thread, badly.

    :param server: a ``(host, port)`` of inet.
    :param seed: the same seed and the same datagrams have the same fate.
    :param lose, double, hold: how likely a datagram is lost, sent twice, or kept until the next one has passed it.

    ``fates``
        what happened to each datagram, in order.
    """

    def __init__(self, server, seed, lose=0.3, double=0.3, hold=0.3):
        self.fates = []
        self._random = random.Random(seed)
        self._chances = [('lost', lose), ('doubled', double), ('held', hold)]
        self._client_side = self._socket(('127.0.0.1', 0))
        self._server_side = self._socket(('127.0.0.1', 0))
        self._server = server
        self._client = None
        self._held = {}
        self._stop, self._stopper = nonblocking_pipe()
        self.where = ['--port', str(self._client_side.getsockname()[1])]
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def close(self):
        os.write(self._stopper, b'!')
        self._thread.join()
        for sock in (self._client_side, self._server_side):
            sock.close()
        for fd in (self._stop, self._stopper):
            os.close(fd)

    def _socket(self, address):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind(address)
        return sock

    def _run(self):
        watched = dict.fromkeys([self._client_side.fileno(), self._server_side.fileno(), self._stop], select.POLLIN)
        while True:
            # Not select: beside ten thousand connections of another test descriptors may be too high for it.
            ready = poll(watched, None)
            if self._stop in ready:
                return
            if self._client_side.fileno() in ready:
                data, self._client = self._client_side.recvfrom(65536)
                self._pass_on(data, self._server_side, self._server)
            if self._server_side.fileno() in ready:
                data, _ = self._server_side.recvfrom(65536)
                self._pass_on(data, self._client_side, self._client)

    def _pass_on(self, data, sock, address):
        fate = self._fate()
        self.fates.append(fate)
        if fate == 'held':
            self._held.setdefault(sock, []).append(data)
            return
        for _ in range({'lost': 0, 'doubled': 2}.get(fate, 1)):
            sock.sendto(data, address)
        for late in self._held.pop(sock, []):
            sock.sendto(late, address)

    def _fate(self):
        chance = self._random.random()
        for name, share in self._chances:
            if chance < share:
                return name
            chance -= share
        return 'passed'
