"""What an I/O model needs: the listener, conversations, and the log.

C twin: ``c_ref/iomodels/service.c``.  Read next: ``iomodels/table.py``.
"""

import os
import select
from importlib import import_module

from pyside.iomodels.conversation import Conversation
from pyside.iomodels.log import Log
from pyside.net import listening, netio, signals
from pyside.net.compat import clock

# How long nothing is accepted when there are no descriptors or no memory left, in seconds.
EXHAUSTED_PAUSE = 0.25
# How seldom it is said why nobody is accepted, in seconds.
SILENCE = 10
# What is freed at the end of the heap, and less than twice as much as this, is kept: see Service.
KEPT_MEMORY = 2 * 1024 * 1024


class Service(object):
    """One server while it serves.

    :param listener: a listening socket.
    :param options: anything with the attributes ``protocol``, ``timeout``, ``max_connections``, ``max_frame``,
        ``type``, ``own_user``, ``allow``, ``max_output``, ``max_runtime`` and ``verbose``.
    :param make_session: a function from options to a server session.
    """

    def __init__(self, listener, options, make_session):
        self.listener = listener
        self.options = options
        self._make_session = make_session
        self._log = Log()
        # Only command needs it, whose subprocess takes long to import; before the first client, for later there may
        # be no descriptor left to read a module with.
        self._execution = import_module('pyside.net.execution') if options.protocol == 'command' else None
        self._said = {}  # why nobody is accepted -> when that was said
        # A frame of 64 KiB takes memory and gives it back: pages that the kernel clears again for the next frame, which
        # was half of its cost.  glibc stops that once a larger block was freed: mallopt(3), M_TRIM_THRESHOLD.
        bytearray(KEPT_MEMORY)

    def new_session(self):
        return self._make_session(self.options)

    def new_conversation(self, peer):
        """Begin a conversation with a peer that was accepted just now."""
        return Conversation(self.new_session(), peer, self.options.timeout, clock(), self.options.verbose)

    def start_program(self, name):
        """Start a program that a conversation wants; see :class:`pyside.net.execution.Execution`."""
        return self._execution.Execution(self.options, name)

    def accept(self):
        """Wait for the next connection.

        :returns: ``(socket, name of the peer)``, or None on SIGTERM or SIGINT.
        """
        while True:
            try:
                netio.wait(self.listener, select.POLLIN, None)
                accepted = self.accept_some()
            except netio.Stopped:
                return None
            except listening.Exhausted as error:
                self.log_exhausted(error)
                # Let other connections end before accept is tried again: it would fail at once, and spin.
                netio.poll({signals.stop_fd: select.POLLIN}, EXHAUSTED_PAUSE)
                continue
            if accepted is not None:
                return accepted

    def accept_some(self):
        """Call ``accept`` once.

        :returns: ``(socket, name of the peer)``, or None when no connection waits, or one was refused.
        :raises Exhausted: out of descriptors or memory.
        """
        accepted = listening.accept(self.listener)
        if accepted is None:
            return None
        sock, peer = accepted
        if self.options.own_user and listening.peer_user(sock) != os.geteuid():
            self.log('%s: refused: user %d is not the user of the server' % (peer, listening.peer_user(sock)))
            netio.close(sock)
            return None
        return sock, peer

    def refuse_for_memory(self, sock, peer):
        """Close an accepted socket for whose conversation there is no memory."""
        self.log('%s: no memory for another connection' % peer)
        netio.close(sock)

    def log_exhausted(self, error):
        """Say why nothing can be accepted, unless that was said a moment ago."""
        self._log_seldom('exhausted', 'cannot accept: %s; trying again' % error)

    def log_full(self):
        """Say that nobody is accepted before somebody leaves, unless that was said a moment ago."""
        self._log_seldom('full', '%d connections, as many as --max-connections allows: others have to wait' % (
            self.options.max_connections))

    def log_lines(self, conversation):
        """Write what the conversation has to say."""
        for line in conversation.take_log_lines():
            self.log(line)

    def note(self, peer, event):
        """Log a line that only ``-v`` asks for."""
        if self.options.verbose:
            self.log('%s: %s' % (peer, event))

    def log(self, line):
        """Write one line for people."""
        self._log.write(line)

    def _log_seldom(self, why, line):
        now = clock()
        if why not in self._said or now >= self._said[why] + SILENCE:
            self._said[why] = now
            self.log(line)
