"""The file beside a recording, as Python reads it: whole data, addresses, where programs lie in memory, forks.

::

    0    b'notes 1\\n'                      64 bytes: what the file holds
    8    how much of the file is taken     u64, may be more than there is
    16   how much of a call's data is kept u64, bytes
    64   note, note, ...                   each at a multiple of 8:
         kind, size of the body            u32 u32
         subject                           u64, the number of a call, or a process
         body

C twin: ``c_ref/calls/notes.h``, which has the kinds.  Read next: ``running.py``.
"""

import io
import struct
from collections import namedtuple

MAGIC = b'notes 1\n'
HEAD = struct.Struct('=8sQQ40x')
NOTE = struct.Struct('=IIQ')
OBJECT = struct.Struct('=QQQ')
FORK = struct.Struct('=QQ')
BUFFERS = struct.Struct('=III')
DATA, NAMES, AN_OBJECT, A_FORK, SOME_BUFFERS = 1, 2, 3, 4, 5
# enum in <netinet/tcp.h>.
STATES = ['', 'ESTABLISHED', 'SYN_SENT', 'SYN_RECV', 'FIN_WAIT1', 'FIN_WAIT2', 'TIME_WAIT', 'CLOSE', 'CLOSE_WAIT',
          'LAST_ACK', 'LISTEN', 'CLOSING']
# A sparse file: room is taken where notes are written.
ROOM = 256 * 1024 * 1024
KEPT = 256 * 1024

# Object: where a file lies in the memory of a process; base is the address of the file's first byte.
Object = namedtuple('Object', 'process first end base path')
# Fork: process came from parent; at is in seconds of the recording's clock.
Fork = namedtuple('Fork', 'process parent at')
# Buffers: bytes that were not read, and sent but not acknowledged, before a close or send, and behind a recv that got
# all that it had room for; TCP's state, '' without.
Buffers = namedtuple('Buffers', 'unread unsent state')


class Notes(object):
    """``data`` has bytes, ``names`` has ``(local, remote)``, ``buffers`` has Buffers, by the number of the call."""

    def __init__(self):
        self.data = {}
        self.names = {}
        self.buffers = {}
        self.objects = []
        self.forks = []


def create(path, room=ROOM, kept=KEPT):
    """Make the file.

    :param room: its size in bytes at the most.
    :param kept: how many bytes of the data of each call are kept.
    """
    with io.open(path, 'wb') as file:
        file.write(HEAD.pack(MAGIC, HEAD.size, kept))
        file.truncate(room)


def read(path):
    """Return :class:`Notes`.

    :raises ValueError: when the file holds something else.
    """
    with io.open(path, 'rb') as file:
        head = file.read(HEAD.size)
        if head[:len(MAGIC)] != MAGIC or len(head) < HEAD.size:
            raise ValueError('no notes: they begin with %r' % head[:12])
        content = head + file.read(HEAD.unpack(head)[1] - HEAD.size)
    found, at = Notes(), HEAD.size
    while at + NOTE.size <= len(content):
        kind, size, subject = NOTE.unpack_from(content, at)
        if not size:
            at += 8  # a process was killed in between: the next note is behind the hole
            continue
        if kind:
            _add(found, kind, subject, content[at + NOTE.size:at + NOTE.size + size])
        at += NOTE.size + (size + 7) // 8 * 8
    return found


def _add(found, kind, subject, body):
    if kind == DATA:
        found.data[subject] = body
    elif kind == NAMES:
        local, _, remote = body.decode('ascii', 'replace').partition(' ')
        found.names[subject] = (str(local), str(remote))  # PY2: the type that literals have there too
    elif kind == AN_OBJECT:
        first, end, base = OBJECT.unpack_from(body)
        found.objects.append(Object(subject, first, end, base, body[OBJECT.size:].decode('utf-8', 'replace')))
    elif kind == SOME_BUFFERS:
        unread, unsent, state = BUFFERS.unpack(body)
        found.buffers[subject] = Buffers(unread, unsent, STATES[state] if state < len(STATES) else str(state))
    elif kind == A_FORK:
        parent, at = FORK.unpack(body)
        found.forks.append(Fork(subject, parent, at / 1e9))
