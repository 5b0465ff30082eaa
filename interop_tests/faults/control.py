"""Arming a fault in a program that runs, through memory that it shares with ``faults.c``.

::

    test                       file, mapped by both             program, LD_PRELOAD=faults.so
      arm('recv', ECONNRESET) --> call fd errno countdown --> recv: countdown reaches 0 -> -1, ECONNRESET
      struck                  <-- seen, struck            <--
"""

import mmap
import os
import struct
import tempfile
from contextlib import contextmanager

from interop_tests.compiling import build

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'faults.c')
LAYOUT = struct.Struct('24siiiii')
ANY_FD = -1
# Instead of an errno: one byte is moved instead of all.
SHORT = 0
# Which call: malloc, calloc or realloc, whatever comes.
ALLOCATION = 'allocation'


def library():
    """Compile the interposer once a run; return its path."""
    return build([SOURCE], ('-shared', '-fPIC', '-O1', '-g'))


class Faults(object):
    """The shared memory; ``environment`` is what a program is started with."""

    def __init__(self):
        self._file = tempfile.NamedTemporaryFile(prefix='interop-faults-')
        self._file.write(b'\0' * LAYOUT.size)
        self._file.flush()
        self._memory = mmap.mmap(self._file.fileno(), LAYOUT.size)
        self.environment = {'FAULTS': self._file.name, 'LD_PRELOAD': library()}

    def arm(self, call, number, fd=ANY_FD, countdown=1):
        """Let the ``countdown``-th call from now fail with an errno, or be short."""
        self._memory[:] = LAYOUT.pack(call.encode('ascii'), fd, number, countdown, 0, 0)

    def disarm(self):
        self._memory[:] = b'\0' * LAYOUT.size

    @property
    def seen(self):
        """How many such calls there were since it was armed."""
        return LAYOUT.unpack(self._memory[:])[4]

    @property
    def struck(self):
        return bool(LAYOUT.unpack(self._memory[:])[5])

    def close(self):
        self._memory.close()
        self._file.close()

    @contextmanager
    def in_environment(self):
        """Let programs that are started meanwhile have the interposer."""
        before = {name: os.environ.get(name) for name in self.environment}
        os.environ.update(self.environment)
        try:
            yield self
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
