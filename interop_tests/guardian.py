"""Ends the programs that a process of the suite has started, however that process ends.

A run can be killed by SIGKILL, or its workers by the runner; then nobody would
end their servers.  The guardian is a process with a pipe from the suite; it is
told ``+PID`` when a process group begins and ``-PID`` when it has been ended,
and when the pipe ends it kills what is left.
"""

import os
import signal
import subprocess
import sys


class Guardian(object):

    def __init__(self):
        self._owner = None
        self._pipe = None

    def begin(self, pid):
        """Watch over a process group."""
        self._tell('+', pid)

    def end(self, pid):
        """Forget a process group that has been ended."""
        self._tell('-', pid)

    def _tell(self, sign, pid):
        # A forked child of the suite shares the pipe of its parent, and must not speak for it.
        if self._owner != os.getpid():
            self._owner = os.getpid()
            self._pipe = subprocess.Popen(
                [sys.executable, os.path.abspath(__file__)], stdin=subprocess.PIPE, bufsize=0,
                close_fds=True).stdin
        self._pipe.write(('%s%d\n' % (sign, pid)).encode('ascii'))


GUARDIAN = Guardian()


def main():
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups = set()
    for line in iter(sys.stdin.readline, ''):
        pid = int(line[1:])
        (groups.add if line[0] == '+' else groups.discard)(pid)
    for pid in groups:
        try:
            os.killpg(pid, signal.SIGKILL)
        except OSError:
            pass


if __name__ == '__main__':
    main()
