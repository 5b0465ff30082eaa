"""A conversation: one session, and everything that a server decides about one connection.  No socket, no clock.

::

     socket        I/O model                        conversation             session
    +------+ recv +----------+ feed(data, now)    +---------------+ receive +-------+
    |kernel| ---> |iterative | -----------------> | idle timeout  | ------> | echo, |
    |      | <--- | epoll .. | <----------------- | back pressure | <------ | frame,|
    +------+ send +----------+ to_send(), sent(n) | linger, log   |  reply  | ...   |
                               deadline, tick()   +---------------+         +-------+

               +---------+  session finished,   +-----------+  EOF, or
     accept -> | talking |  all sent            | lingering |  the deadline
               +---------+ -------------------> +-----------+ -------------> over
                    |        EOF was seen                                     ^
                    +---------------------------------------------------------+
                      or the connection is lost, or its peer takes nothing

Back pressure: while much waits to be sent, nothing is read, so a client that
does not read its replies is not read from either, and memory stays bounded.

Lingering: a ``close`` with unread input makes the kernel send RST instead of
FIN, and a RST destroys what the peer has not read yet.  So the conversation asks
for a half-close, and lets the peer's bytes be read and dropped until its EOF.

Time is an argument, so a test of a time limit needs no waiting.

C twin: ``c_ref/iomodels/conversation.c``.  Read next: ``iomodels/log.py``.
"""

from pyside.net.timers import NEVER
from pyside.wire.errors import silence

# While this many bytes wait to be sent, nothing is read.
OUTPUT_MARK = 64 * 1024
LINGER_SECONDS = 2.0


class Conversation(object):
    """What an I/O model feeds, and asks what to do next.

    One call does a bounded amount of work, so that no client holds up the others.

    :param session: a server session.
    :param peer: the name of the peer, for the log.
    :param timeout: seconds of silence allowed.
    :param now: seconds of a monotonic clock, here and in every verb.
    :param verbose: whether coming and going are logged too.

    ``wants_read``, ``wants_write``
        what the I/O model waits for.
    ``wants_more_time``
        there is more to do without new input: call :meth:`tick` soon.
    ``wants_half_close``
        call ``shutdown(SHUT_WR)``, then :meth:`half_closed`.
    ``wanted_program``
        the name of a program to run, as bytes, or None; :meth:`program_done` takes its result.
    ``deadline``
        when :meth:`tick` has to be called, in seconds of the clock; ``NEVER`` while a program runs or there is
        more to do.
    ``over``
        close the socket now; nothing is wanted any more.
    ``log_lines``
        lines for people; :meth:`take_log_lines` takes them out.
    """

    __slots__ = (
        'wants_read', 'wants_write', 'wants_more_time', 'wants_half_close', 'wanted_program', 'deadline', 'over',
        'log_lines', '_session', '_out', '_peer', '_timeout', '_limit', '_verbose', '_saw_eof', '_lingering', '_error')

    def __init__(self, session, peer, timeout, now, verbose=False):
        self.wants_half_close = False
        self.over = False
        self.log_lines = ()
        self._session = session
        self._peer = peer
        self._timeout = timeout
        self._verbose = verbose
        self._limit = now + timeout
        self._saw_eof = False
        self._lingering = False
        self._error = None
        self._note('connected')
        self._out = session.start()
        self._settle(now, False)

    def feed(self, data, now):
        """Take bytes that came from the peer, while ``wants_read``."""
        if not self._lingering:
            self._say(self._session.receive(data))
            self._settle(now, True)

    def feed_eof(self, now):
        """Take the peer's half-close."""
        self._saw_eof = True
        self._settle(now, not self._lingering)

    def lost(self, error):
        """Take the :class:`PeerError` that ended the connection, such as a reset."""
        self._log(error)
        self.stop()

    def tick(self, now):
        """Do what is due: go on with what was received, or act on the deadline."""
        if self.wants_more_time:
            self._say(self._session.receive(b''))
            self._settle(now, False)
        elif now >= self.deadline:
            self._expire(now)

    def to_send(self):
        """Return what waits to be sent: bytes, or a bytearray or memoryview of them."""
        return self._out

    def sent(self, size, now):
        """Note that the kernel took the first ``size`` bytes of what waits to be sent."""
        if size:
            self._out = memoryview(self._out)[size:] if size < len(self._out) else b''
            if self.wants_read and not self._out and not self._session.time_limit_is_total:
                # Nearly always: more is read as well, so nothing else has changed.
                self.wants_write = False
                self.deadline = self._limit = now + self._timeout
            else:
                self._settle(now, True)

    def half_closed(self):
        """Note that the peer was told that nothing more comes."""
        self.wants_half_close = False

    def program_done(self, status, output, now, killed=None):
        """Take the result of the program that was wanted.

        :param status: its exit status, 0 to 255.
        :param output: what it wrote, as bytes.
        :param killed: which limit it broke, for the log, or None.
        """
        if killed is not None:
            self._add_line('killed %s: %s' % (self._session.wanted_program.decode('ascii'), killed))
        self._say(self._session.receive_result(status, output))
        self._settle(now, True)

    def take_log_lines(self):
        """Return what there is to log, a tuple of lines."""
        lines, self.log_lines = self.log_lines, ()
        return lines

    def stop(self):
        """End at once, whatever waits to be sent."""
        if not self.over:
            self.over = True
            self.wants_read = self.wants_write = self.wants_more_time = self.wants_half_close = False
            self.wanted_program = None
            self.deadline = NEVER
            self._note('closed')

    def _say(self, data):
        """Add bytes to those that wait to be sent; nearly always none do, and nothing is copied."""
        if data:
            self._out = bytearray(self._out) + data if self._out else data

    def _expire(self, now):
        if self._lingering:
            self.stop()
        elif self._out:
            self.lost(silence(self._timeout))
        else:
            self._say(self._session.receive_timeout(self._timeout))
            self._settle(now, True)

    def _settle(self, now, progress):
        """Decide what comes next; the end of every verb.

        :param progress: whether bytes have moved, or the session has answered: the idle timeout begins anew.
        """
        session = self._session
        if progress and (session.finished or not session.time_limit_is_total):
            self._limit = now + self._timeout
        if self._saw_eof and not (session.finished or session.pending or session.wanted_program is not None):
            self._say(session.receive_eof())
        if session.error is not None:
            self._log(session.error)
        if session.finished:
            self._settle_the_end(now)
            return
        waiting = len(self._out)
        self.wants_write = waiting > 0
        if waiting < OUTPUT_MARK:
            self.wanted_program = session.wanted_program
            self.wants_more_time = session.pending
            busy = self.wants_more_time or self.wanted_program is not None
            self.wants_read = not busy and not self._saw_eof
            self.deadline = NEVER if busy else self._limit
        else:
            self.wanted_program = None
            self.wants_more_time = self.wants_read = False
            self.deadline = self._limit

    def _settle_the_end(self, now):
        """Decide what comes next when the session is finished: all that waits is sent, then the peer's EOF awaited."""
        self.wanted_program, self.wants_more_time = None, False
        self.wants_write = len(self._out) > 0
        if not self.wants_write and self._saw_eof:
            self.stop()
            return
        if not self.wants_write and not self._lingering:
            self._lingering = self.wants_half_close = True
            self._limit = now + min(self._timeout, LINGER_SECONDS)
        self.wants_read = self._lingering
        self.deadline = self._limit

    def _log(self, error):
        """Log the first error, when it is known; what comes while lingering changes nothing."""
        if self._error is None and not self._lingering:
            self._error = error
            self._add_line(error)

    def _note(self, event):
        if self._verbose:
            self._add_line(event)

    def _add_line(self, what):
        self.log_lines += ('%s: %s' % (self._peer, what),)
