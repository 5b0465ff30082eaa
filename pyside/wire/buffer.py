"""Bytes on their way: appended at the end, taken from the front.

Taking from the front moves a mark instead of the bytes, so a thousand small
takes cost no more than one large one.

C twin: ``c_ref/wire/buffer.c``.  Read next: ``wire/framing.py``.
"""


class Buffer(object):
    """Bytes that were received, and are taken apart from the front."""

    def __init__(self, data=b''):
        self._data = bytearray(data)
        self._start = 0

    def __len__(self):
        return len(self._data) - self._start

    def append(self, data):
        if self._start > len(self._data) // 2:
            del self._data[:self._start]
            self._start = 0
        self._data += data

    def peek(self, size, at=0):
        """Return a copy of at most ``size`` bytes, ``at`` bytes from the front, as a bytearray."""
        begin = self._start + at
        return self._data[begin:begin + size]

    def find(self, byte, at=0):
        """Return how far from the front a byte stands, looking from ``at``; -1 when it is not there."""
        found = self._data.find(byte, self._start + at)
        return found if found == -1 else found - self._start

    def view(self):
        """Return a memoryview of everything, to be dropped before the next ``append``."""
        return memoryview(self._data)[self._start:]

    def consume(self, size):
        """Forget the first ``size`` bytes."""
        self._start += size
        if self._start == len(self._data):
            self._data = bytearray()
            self._start = 0
