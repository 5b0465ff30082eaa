"""Iterative server: one client after another (Stevens, UNP section 1.5).

::

    accept -> talk until the client is done -> close -> accept -> ...

The others wait in the kernel's backlog; one silent client holds up all of them
until the time limit.

C twin: ``c_ref/iomodels/iterative.c``.  Read next: ``threaded.py``.
"""

from pyside.iomodels import conversation
from pyside.net import listening


def serve(server):
    """Serve until SIGTERM or SIGINT.

    :param server: a :class:`pyside.programs.server.Server`.
    """
    while True:
        accepted = listening.accept(server)
        if accepted is None:
            return
        conversation.hold(server, *accepted)
