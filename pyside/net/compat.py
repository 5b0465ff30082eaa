"""The few names that Python 2 and Python 3 spell differently.

Every place where the versions part carries the comment ``# PY2:`` and says
why, so that ``grep -rn 'PY2:' pyside`` lists them all.

It has no C twin.  Read next: ``net/address.py``.
"""

import os
import sys
import time

PY2 = sys.version_info[0] == 2

# PY2: no monotonic clock; a step of the wall clock shortens or lengthens one time-out.
clock = getattr(time, 'monotonic', time.time)

# PY2: a file name is bytes already; on Python 3 fsencode undoes the surrogateescape of sys.argv.
os_bytes = str if PY2 else os.fsencode
