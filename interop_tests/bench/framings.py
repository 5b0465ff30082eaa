"""What a frame of 64 B costs in each framing, within the process: decoded, and encoded again.  It runs on every Python.

::

    python -m interop_tests.bench.framings TURNS SECONDS      prints {framing: [microseconds a frame, ...]}

No socket takes part, so what differs is the framing.
"""

import json
import sys
import time
from collections import OrderedDict, namedtuple

from pyside.net.netio import CHUNK
from pyside.protocols.frame import FrameServer
from pyside.wire import framing

SIZE, FRAMES = 64, 8192

Options = namedtuple('Options', 'format max_frame')
# PY2: no perf_counter.
clock = getattr(time, 'perf_counter', time.time)


def main(turns, seconds):
    found = OrderedDict((name, []) for name in framing.FORMATS)
    for _ in range(turns):
        for name in found:
            found[name].append(_turn(name, seconds))
    sys.stdout.write(json.dumps(found) + '\n')


def _turn(name, seconds):
    """Return the microseconds that a frame took."""
    stream = framing.encode(name, b'x' * SIZE) * FRAMES
    session = FrameServer(Options(name, SIZE))
    begin, frames = clock(), 0
    while clock() < begin + seconds:
        for at in range(0, len(stream), CHUNK):
            session.receive(stream[at:at + CHUNK])
            while session.pending:
                session.receive(b'')
        frames += FRAMES
    return 1e6 * (clock() - begin) / frames


if __name__ == '__main__':
    main(int(sys.argv[1]), float(sys.argv[2]))
