"""upper: every byte comes back, a to z as A to Z, all other bytes untouched.

::

    client                          server
      | -- "stra\\xc3\\x9fe" ----------> |
      | <-- "STRA\\xc3\\x9fE" ---------- |     UTF-8, which neither side needs to know

Bytes, not text: ``str.upper`` would make "SS" of the sharp s, a byte more than
was sent, and could do nothing with half a character at the end of a read.

C twin: ``c_ref/protocols/upper.c``.  Read next: ``protocols/frame.py``.
"""

from pyside.protocols.echo import EchoClient
from pyside.wire.session import Session

# PY2: bytes.upper asks the locale; a table does not.
TABLE = bytes(bytearray(byte - 32 if 0x61 <= byte <= 0x7a else byte for byte in range(256)))


def to_upper(data):
    """Return bytes with a to z as A to Z."""
    return data.translate(TABLE)


class UpperServer(Session):

    __slots__ = ()

    def __init__(self, options):
        Session.__init__(self)

    def _receive(self, data, out):
        out.append(to_upper(data))


class UpperClient(EchoClient):

    def _expected(self, data):
        return to_upper(data)
