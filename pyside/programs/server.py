"""The server program: listen, announce, serve with one of the I/O models, clean up.

::

    stdout   LISTENING 127.0.0.1 41234     one line, once connections are accepted
    stderr   server: 127.0.0.1:55555: truncated: end of input inside a frame: 3 of 9 bytes

C twins: ``c_ref/iomodels/service.c``, ``c_ref/programs/server.c``.  Read next: ``iomodels/iterative.py``.
"""

import os
import sys

from pyside import iomodels
from pyside.iomodels import datagram_server
from pyside.net import listening, signals
from pyside.wire.errors import EXIT_OK


class Server(object):
    """What an I/O model needs.

    :param listener: a listening socket.
    :param options: see ``options.py``.
    :param make_session: a function from options to a server session.
    """

    def __init__(self, listener, options, make_session):
        self.listener = listener
        self.options = options
        self._make_session = make_session

    def new_session(self):
        return self._make_session(self.options)

    def note(self, peer, event):
        """Say that a connection came or went, with ``-v``."""
        if self.options.verbose:
            self.log('%s: %s' % (peer, event))

    def note_killed(self, peer, name, execution):
        """Say that a program of the allow-list went beyond a limit."""
        if execution.killed is not None:
            self.log('%s: killed %s: %s' % (peer, name.decode('ascii'), execution.killed))

    def log(self, line):
        """Write one line for people, in one call, so that the lines of threads and children do not mix."""
        sys.stderr.write('server: %s\n' % line)
        sys.stderr.flush()


def run(options, make_session):
    """Serve until SIGTERM or SIGINT.

    :returns: the exit status, 0.
    :raises PeerError: ``unreachable``, when the address cannot be had.
    """
    make_session(options)
    serve = datagram_server.serve if options.type == 'dgram' else iomodels.find(options.model)
    signals.catch_stop()
    listener = listening.listen(options)
    try:
        os.write(1, listening.announcement(listener) + b'\n')
        serve(Server(listener, options, make_session))
    finally:
        listening.forget(listener)
    return EXIT_OK
