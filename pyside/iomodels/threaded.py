"""Concurrent server, one thread for each connection (Stevens, UNP section 26.4).

::

    accept -> start a thread -> accept -> ...
                   |
                   talk until the conversation is over -> close

C twin: ``c_ref/iomodels/threaded.c``.  Read next: ``iomodels/forking.py``.
"""

import threading

from pyside.iomodels.iterative import talk
from pyside.net import netio


def serve(service):
    """Serve until SIGTERM or SIGINT, then let every thread finish.

    :param service: a :class:`pyside.iomodels.service.Service`; ``options.max_connections`` limits the threads.
    """
    limit = service.options.max_connections
    slots = threading.Semaphore(limit)

    def run(sock, peer):
        try:
            talk(service, sock, peer)
        finally:
            slots.release()

    while True:
        take_slot(service, slots)
        accepted = service.accept()
        if accepted is None:
            break
        sock, peer = accepted
        thread = threading.Thread(target=run, args=accepted)
        thread.daemon = True
        try:
            thread.start()
        except threading.ThreadError as error:
            service.log('%s: cannot start a thread: %s' % (peer, error))
            netio.close(sock)
            slots.release()
    for _ in range(limit - 1):
        slots.acquire()


def take_slot(service, slots):
    """Wait until one thread more may run."""
    if not slots.acquire(False):
        service.log_full()
        slots.acquire()
