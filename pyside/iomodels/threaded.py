"""Concurrent server, one thread for each connection (Stevens, UNP section 26.4).

::

    accept -> start a thread -> accept -> ...
                   |
                   talk until the client is done -> close

C twin: ``c_ref/iomodels/threaded.c``.  Read next: ``forking.py``.
"""

import threading

from pyside.iomodels import conversation
from pyside.net import listening


def serve(server):
    """Serve until SIGTERM or SIGINT, then let every thread finish.

    :param server: a :class:`pyside.programs.server.Server`; ``options.max_connections`` limits the threads.
    """
    limit = server.options.max_connections
    slots = threading.Semaphore(limit)

    def talk(connection, peer):
        try:
            conversation.hold(server, connection, peer)
        finally:
            slots.release()

    while True:
        slots.acquire()
        accepted = listening.accept(server)
        if accepted is None:
            break
        thread = threading.Thread(target=talk, args=accepted)
        thread.daemon = True
        thread.start()
    for _ in range(limit - 1):
        slots.acquire()
