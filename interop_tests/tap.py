"""A tap on the wire between a client and a server: it forwards every byte and the end of input, and records them.

A cell that fails is run once more through it, so that its report can show the bytes.
"""

import os
import select
import shutil
import socket
import tempfile
import threading

from pyside.net.address import FAMILIES
from pyside.net.netio import poll
from pyside.net.signals import nonblocking_pipe

CHUNK = 65536
BACKLOG = 16


class Tap(object):
    """Listens for a client, and dials the server for it.

    :param server: a :class:`programs.Server` over a stream.
    :param log: a :class:`checks.line.Log`.
    """

    def __init__(self, server, log):
        self.options, self.peer = server.options, server.peer
        self._log = log
        self._lock = threading.Lock()
        self._address = server.socket_address()
        family = FAMILIES[server.transport].number
        self._listener = socket.socket(family)
        self._folder = None
        if family == socket.AF_UNIX:
            self._folder = tempfile.mkdtemp(prefix='interop-')
            self.where = ['--path', os.path.join(self._folder, 's')]
            self._listener.bind(self.where[1])
        else:
            self._listener.bind((server.address[0].partition('%')[0], 0))
            self.where = ['--host', server.address[0], '--port', str(self._listener.getsockname()[1])]
        self._listener.listen(BACKLOG)
        self._family = family
        self._stop, self._stopper = nonblocking_pipe()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def close(self):
        os.write(self._stopper, b'!')
        for thread in self._threads:
            thread.join()
        self._listener.close()
        os.close(self._stop)
        os.close(self._stopper)
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _accept(self):
        while True:
            ready = poll({self._listener.fileno(): select.POLLIN, self._stop: select.POLLIN}, None)
            if self._stop in ready:
                return
            client = self._listener.accept()[0]
            server = socket.socket(self._family)
            try:
                server.connect(self._address)
            except EnvironmentError:
                client.close()
                continue
            thread = threading.Thread(target=self._forward, args=(client, server))
            self._threads.append(thread)
            thread.start()

    def _forward(self, client, server):
        ways = {client.fileno(): ('client', client, server), server.fileno(): ('server', server, client)}
        open_ways = dict.fromkeys(ways, select.POLLIN)
        try:
            while open_ways:
                ready = poll(_with(open_ways, self._stop), None)
                if self._stop in ready:
                    break
                for fd in ready:
                    who, source, target = ways[fd]
                    data = source.recv(CHUNK)
                    with self._lock:
                        self._log.bytes(who, data) if data else self._log.event(who, 'FIN')
                    if data:
                        target.sendall(data)
                    else:
                        del open_ways[fd]
                        target.shutdown(socket.SHUT_WR)
        except EnvironmentError as error:
            with self._lock:
                self._log.event('either side', error.strerror or str(error))
        finally:
            client.close()
            server.close()


def _with(watched, fd):
    return dict(list(watched.items()) + [(fd, select.POLLIN)])
