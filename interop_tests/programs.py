"""A server and a client of the matrix, spoken to as the peer contract says and in no other way."""

import os
import shutil
import signal
import tempfile
from binascii import Error as HexError
from binascii import unhexlify

from interop_tests import verdict
from interop_tests.cases import lines, transport_options
from interop_tests.peers import command
from interop_tests.process import Overdue, Process
from interop_tests.verdict import Verdict

# How long the end of a server may take where no test asks how it ends.
STOP_SECONDS = 5


class Failed(Exception):
    """A program did not do what the contract says; ``verdict`` tells what it did."""

    def __init__(self, found):
        Exception.__init__(self, found.text)
        self.verdict = found


class Server(object):
    """A running server.

    :param peer: a row of the table of peers.
    :param seconds: how long it may take to announce itself.
    :param errors: a descriptor for its stderr, instead of keeping it.
    :raises Failed: when it does not.
    """

    def __init__(self, peer, protocol, frame_format, transport, seconds, extra=(), path=None, errors=None):
        self.peer, self.transport = peer, transport
        is_unix = transport.startswith('unix')
        self._folder = tempfile.mkdtemp(prefix='interop-') if is_unix and not path else None
        path = path or (self._folder and os.path.join(self._folder, 's'))
        self.options = [protocol] + transport_options(transport) + _format_options(frame_format)
        self.where = ['--path', path] if path else []
        self.process = Process(command(peer, 'server') + self.options + self.where + list(extra), errors)
        try:
            self.address = self._announced('LISTENING PATH' if is_unix else 'LISTENING HOST PORT', seconds)
        except Failed:
            self.kill()
            raise
        if not is_unix:
            self.where = ['--host', self.address[0], '--port', self.address[1]]

    def _announced(self, wanted, seconds):
        try:
            line = self.process.exchange(b'', 1, seconds)[0].decode('utf-8', 'replace')
        except Overdue:
            raise Failed(Verdict(
                verdict.TIME_OUT, 'the server announced nothing on stdout within %g s' % seconds))
        words = line.split(' ')
        if words[0] == 'LISTENING' and len(words) == len(wanted.split()):
            return words[1:]
        if not line and self.process.ended:
            found = verdict.of_exit(self.process.wait(seconds), self.process.errors)
            raise Failed(Verdict(
                found.status if found.status != verdict.PASS else verdict.END_OF_INPUT,
                'the server ended before it announced itself: %s' % found.text))
        raise Failed(Verdict(verdict.MALFORMED, 'the server said %r on stdout, expected %s' % (str(line[:80]), wanted)))

    def socket_address(self):
        """Return where it listens, as a socket connects to it."""
        if self.transport.startswith('unix'):
            return self.where[1]
        return self.address[0], int(self.address[1])

    def crashed(self, seconds=0):
        """Return a Verdict when the server is gone, or goes within some seconds, else None."""
        if not self.process.ends_within(seconds):
            return None
        found = verdict.of_exit(self.process.poll(), self.process.errors)
        return Verdict(verdict.CRASH, 'the server is gone: %s' % found.text)

    def stop(self, seconds):
        """Stop it as the contract says; return a Verdict."""
        try:
            self.process.signal(signal.SIGTERM)
            return verdict.of_exit(self.process.wait(seconds), self.process.errors)
        except Overdue:
            return Verdict(verdict.TIME_OUT, 'the server did not stop within %g s of SIGTERM' % seconds)
        finally:
            self.kill()

    def close(self):
        """End it; one of ours is stopped, not killed: LeakSanitizer and gcov look at it when it exits."""
        if self.peer.ours and self.process.poll() is None:
            self.stop(STOP_SECONDS)
        self.kill()
        assert self.process.poll() != verdict.SANITIZER, self.process.errors

    def kill(self):
        self.process.kill()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)


class Client(object):
    """A running client; messages go in and replies come out as ``--hex`` lines.

    :param warm: a :class:`warm.Warm` that forks it instead of starting it, or None.
    """

    def __init__(self, peer, server, extra=(), hex_lines=True, warm=None):
        self.process = Process(
            command(peer, 'client') + server.options + server.where + ['--hex'] * hex_lines + list(extra), warm=warm)

    def ask(self, messages, expected, seconds):
        """Write messages, read as many replies as are expected; return a Verdict."""
        try:
            return self._judge(expected, self.process.exchange(lines(messages), len(expected), seconds), seconds)
        except Overdue:
            came = self.process.received.count(b'\n')
            return Verdict(verdict.TIME_OUT, '%d of %d replies within %g s' % (came, len(expected), seconds))

    def answers_at_the_end(self, expected, seconds):
        """After a time-out: whether it was waiting for the end of its input, and then does what it has to."""
        return self.process.received == b'' and self.finish(expected, seconds).status == verdict.PASS

    def run(self, messages, expected, seconds, status=0):
        """Write messages and end the input; return a Verdict on all the replies and on the exit status."""
        try:
            self.process.exchange(lines(messages), 0, seconds)
        except Overdue:
            return Verdict(verdict.TIME_OUT, 'the client took no more input within %g s' % seconds)
        return self.finish(expected, seconds, status)

    def finish(self, expected, seconds, status=0):
        """End its input, read what it still says; return a Verdict on that and on the exit status."""
        try:
            self.process.close_input()
            rest = self.process.read_to_end(seconds)
            found = verdict.of_exit(self.process.wait(seconds), self.process.errors)
        except Overdue:
            return Verdict(verdict.TIME_OUT, 'the client did not end within %g s' % seconds)
        if self.process.poll() == status:
            return self._compare(expected, rest.split(b'\n')[:-1] if rest.endswith(b'\n') or not rest
                                 else rest.split(b'\n'))
        if found.status == verdict.PASS:
            return Verdict(verdict.WRONG_ANSWER, 'expected exit status %d, got 0' % status)
        return found

    def _judge(self, expected, came, seconds):
        if self.process.ended:
            found = verdict.of_exit(self.process.wait(seconds), self.process.errors)
            if found.status != verdict.PASS:
                return found
            came = came[:-1] if came and not came[-1] else came
        return self._compare(expected, came)

    def _compare(self, expected, came):
        try:
            return verdict.of_lines(expected, [unhexlify(line) for line in came])
        except (HexError, TypeError):
            return Verdict(verdict.MALFORMED, 'the client printed a line that is not hex: %r' % came[-1][:80])

    def kill(self):
        self.process.kill()

    def close(self):
        self.kill()


def _format_options(frame_format):
    return [] if frame_format == '-' else ['--format', frame_format]
