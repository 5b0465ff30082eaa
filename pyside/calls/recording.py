"""The file in which the recorder writes down the calls of a program, as Python reads it.

::

    0    b'calls 2\\n'                      512 bytes: what the file holds
    8    size of a record, 512              u32
    12   how many records fit               u32
    16   how many were begun                u64, may be more than fit
    24   how many programs were recorded    u64
    512  record, record, ...                512 bytes each:
         state process thread               u32 u32 u32
         length, where the result begins    u16 u16
         entered, returned                  u64 u64, nanoseconds
         address behind the call            u64
         RECORD_AS                          u32, then 4 bytes of nothing
         recv(3, 4096, 0) = 5 "hello"       the text

C twin: ``c_ref/calls/recording.h``.  Read next: ``notes.py``.
"""

import io
import re
import struct
from collections import namedtuple

MAGIC = b'calls 2\n'
RECORD_SIZE = 512
HEADER = struct.Struct('=8sIIQQ')
RECORD = struct.Struct('=IIIHHQQQI4x')
DEFAULT_LIMIT = 100000
RETURNED = 2

# In the text the byte 1 stands in front of a descriptor, 2 in front of a port.
DESCRIPTOR = re.compile('\x01(-?\\d+)')
PORT = re.compile('\x02(\\d+)')

# begun: how many calls there were.  programs: how many executables.  lost: how many calls did not fit.
Header = namedtuple('Header', 'begun programs lost')


class Call(namedtuple('Call', 'process thread name arguments result entered returned caller recorded_as number')):
    """One call of one thread.

    ``arguments`` is text, ``3, 4096, 0``.  ``result`` is text, ``5 "hello"`` or ``-1 EAGAIN``, and None where the
    call never returned.  ``entered`` and ``returned`` are seconds of a clock that only goes forward.  ``caller`` is
    the address in memory where the program goes on after the call, ``recorded_as`` the number that
    :func:`preloading.environment` gave the program, ``number`` the call's place in the file.
    """

    def line(self, descriptor=r'\1', port=r'\1'):
        """Write the call in one line; a call that never returned has the result ``?``.

        :param descriptor: what to write for a descriptor, as :func:`re.sub` takes it.
        :param port: the same for a port.
        """
        text = '%s(%s) = %s' % (self.name, self.arguments, '?' if self.result is None else self.result)
        return PORT.sub(port, DESCRIPTOR.sub(descriptor, text))


def create(path, limit=DEFAULT_LIMIT):
    """Make the file for a recording; it takes room only where records are written.

    :param limit: how many calls fit.
    """
    with io.open(path, 'wb') as file:
        file.write(HEADER.pack(MAGIC, RECORD_SIZE, limit, 0, 0))
        file.truncate(RECORD_SIZE * (1 + limit))


def header(file):
    """Read the head of a recording.

    :param file: open for reading, binary.
    :raises ValueError: when it is no recording.
    """
    file.seek(0)
    data = file.read(HEADER.size)
    if len(data) < HEADER.size:
        raise ValueError('no recording: %d bytes' % len(data))
    magic, size, capacity, begun, programs = HEADER.unpack(data)
    if magic != MAGIC or size != RECORD_SIZE:
        raise ValueError('no recording: it begins with %r' % data[:12])
    return Header(min(begun, capacity), programs, max(0, begun - capacity))


def call(file, number):
    """Read one record.

    :param number: counted from 0, in the order in which the calls were begun.
    :returns: a :class:`Call`, or None as long as the arguments are not written.
    """
    file.seek(RECORD_SIZE * (1 + number))
    data = file.read(RECORD_SIZE)
    state, process, thread, length, result_at, entered, returned, caller, recorded_as = RECORD.unpack(
        data[:RECORD.size])
    if not state:
        return None
    text = data[RECORD.size:RECORD.size + length].decode('ascii', 'replace')
    text = str(text)  # PY2: the type that literals have there too
    done = state == RETURNED
    name, _, arguments = text[:result_at - len(' = ') if result_at else None].partition('(')
    return Call(process, thread, name, arguments[:-1], text[result_at:] if done else None, entered / 1e9,
                returned / 1e9 if done else None, caller, recorded_as, number)


def read(path):
    """Return the :class:`Header` and the calls, in the order in which they were begun."""
    with io.open(path, 'rb') as file:
        head = header(file)
        found = [call(file, number) for number in range(head.begun)]
    return head, [one for one in found if one is not None]
