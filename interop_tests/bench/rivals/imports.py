"""Nothing but the imports of a server: what an interpreter, ``-m`` and these cost."""

import fcntl  # noqa: F401
import select  # noqa: F401
import signal  # noqa: F401
import socket  # noqa: F401
import struct  # noqa: F401
