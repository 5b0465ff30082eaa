"""Clients of the suite's own Pythons, forked from an interpreter that is warm instead of started anew.

Starting an interpreter costs more than all that a cell then does.  A fork skips exec, imports and the faults of a
start: so the first client of each peer and protocol is really started, so is everything in a full run, and no
peer that somebody brings is ever treated so.

Read next: ``warm_parent.py``, the other side.
"""

import json
import os
import select
import shlex
import subprocess

from interop_tests.process import ROOT, environment, own_session

PARENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'warm_parent.py')
START_SECONDS = 30


class Warm(object):
    """A warm parent for one peer.

    :param peer: a row of the table of peers, one of the suite's Pythons.
    """

    def __init__(self, peer):
        words = shlex.split(peer.command)
        self._options = words[words.index('{role}') + 1:]
        self._popen = subprocess.Popen(
            [words[0], PARENT, ROOT] + self._options, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            bufsize=0, close_fds=True, env=environment(), **own_session())
        self._text = b''
        self._begun = []
        self._statuses = {}

    def fork(self, words, errors):
        """Fork a client.

        :param words: its command line, as :func:`peers.command` makes it.
        :param errors: a descriptor for its stderr.
        :returns: a :class:`WarmPopen`.
        """
        return WarmPopen(self, words, errors)

    def begin(self, words, descriptors):
        """Fork a client whose standard input, output and error are this process's descriptors; return its number."""
        request = {'words': words[words.index('client'):],
                   'fds': ['/proc/%d/fd/%d' % (os.getpid(), fd) for fd in descriptors]}
        self._popen.stdin.write((json.dumps(request) + '\n').encode('ascii'))
        while not self._begun:
            self._listen(START_SECONDS)
        return self._begun.pop()

    def status(self, pid, seconds):
        """Return how a client ended, negative for a signal, or None when it has not after some seconds."""
        if pid not in self._statuses:
            self._listen(seconds)
        return self._statuses.pop(pid, None)

    def stop(self):
        self._popen.stdin.close()
        self._popen.kill()
        self._popen.wait()
        self._popen.stdout.close()

    def _listen(self, seconds):
        poller = select.poll()
        poller.register(self._popen.stdout.fileno(), select.POLLIN)
        if not poller.poll(seconds * 1000):
            return
        data = os.read(self._popen.stdout.fileno(), 65536)
        if not data:
            raise EnvironmentError('a warm parent has ended')
        lines = (self._text + data).split(b'\n')
        self._text = lines.pop()
        for line in lines:
            fields = line.split()
            if fields[0] == b'begun':
                self._begun.append(int(fields[1]))
            else:
                self._statuses[int(fields[1])] = int(fields[2])


class WarmPopen(object):
    """What :class:`subprocess.Popen` is to a program that was started, for one that was forked.

    :param errors: a descriptor for its stderr.
    """

    def __init__(self, warm, words, errors):
        self._warm = warm
        self.returncode = None
        input_end, mine = os.pipe()
        theirs, output_end = os.pipe()
        try:
            # When it has begun it has opened them; a pipe ends when nobody has its other end open.
            self.pid = warm.begin(words, [input_end, output_end, errors])
        finally:
            os.close(input_end)
            os.close(output_end)
        self.stdin, self.stdout = os.fdopen(mine, 'wb', 0), os.fdopen(theirs, 'rb', 0)

    def poll(self, seconds=0):
        if self.returncode is None:
            self.returncode = self._warm.status(self.pid, seconds)
        return self.returncode

    def wait(self):
        while self.poll(1) is None:
            pass
        return self.returncode

    def send_signal(self, number):
        if self.poll() is None:
            os.kill(self.pid, number)

