"""The standard library's framework: a server class, and a handler class whose methods it calls in order.

::

    accept -> process_request -> (a thread) -> Handler(request)
                                                   setup()     before
                                                   handle()    the conversation
                                                   finish()    after, also when handle raised an error

A constructor that does all the work: the three methods run inside
``Handler.__init__``, and an exception in one of them ends one connection.

Call by call, with what C does: ``python -m pyside map socketserver``.
It has no C twin; ``c_ref/iomodels/threaded.c`` is what it does below.
Read next: ``iomodels/seqpackets.py``.
"""

import select
import socket
import threading

from pyside.iomodels.iterative import talk
from pyside.iomodels.service import EXHAUSTED_PAUSE
from pyside.iomodels.threaded import take_slot
from pyside.net import listening, netio, signals

try:
    import socketserver
except ImportError:
    import SocketServer as socketserver  # PY2: the name of the module


class Handler(socketserver.BaseRequestHandler):

    def handle(self):
        talk(self.server.service, self.request, self.client_address)

    def finish(self):
        self.server.slots.release()


class ThreadingServer(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """A ThreadingTCPServer that takes over a listener, whatever its family, and limits the threads."""

    daemon_threads = True

    def __init__(self, service):
        # Not TCPServer.__init__: it would make a socket of its own.
        socketserver.BaseServer.__init__(self, service.listener.getsockname(), Handler)
        self.socket = service.listener
        self.service = service
        self.slots = threading.Semaphore(service.options.max_connections)

    def get_request(self):
        """Accept; a socket.error from here makes the framework go on with the next connection."""
        take_slot(self.service, self.slots)
        try:
            accepted = self.service.accept_some()
        except listening.Exhausted as error:
            self.service.log_exhausted(error)
            netio.poll({signals.stop_fd: select.POLLIN}, EXHAUSTED_PAUSE)
            accepted = None
        if accepted is None:
            self.slots.release()
            raise socket.error
        return accepted

    def close_request(self, request):
        netio.close(request)

    def process_request(self, request, client_address):
        try:
            socketserver.ThreadingMixIn.process_request(self, request, client_address)
        except threading.ThreadError as error:
            self.service.log('%s: cannot start a thread: %s' % (client_address, error))
            netio.close(request)
            self.slots.release()


def serve(service):
    """Serve until SIGTERM or SIGINT.

    :param service: a :class:`pyside.iomodels.service.Service`; ``options.max_connections`` limits the threads.
    """
    framework = ThreadingServer(service)
    while True:
        try:
            netio.wait(service.listener, select.POLLIN, None)
        except netio.Stopped:
            break
        framework.handle_request()
    for _ in range(service.options.max_connections):
        framework.slots.acquire()
