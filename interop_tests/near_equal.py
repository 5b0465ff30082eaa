"""Pythons between the oldest and the newest, 3.7 to 3.14, run a third of the variants of a test: tox gives ``--share``.

So does PyPy, where every program takes three times as long to start.  A variant is a test that runs a server or a
client of ours: the I/O model, the transport, sessions in Python or in C.  Which third turns with the minor version, so
that each variant meets two of these Pythons at least; 2.7, 3.6 and the newest run it anyway.  Of tools, whose work does
not depend on the version, the tests of a file are the variants.  All other tests are facts about an interpreter: the
ledger, claims, the map, lessons.
"""

import os
import sys
import zlib

from interop_tests.judging import by_group
from interop_tests.selection import third

MINORS = range(7, 15)
TOOLS = ('test_lessons_by_hand.py', 'test_terminal.py', 'test_trace.py', 'test_trace_segments.py', 'test_why.py')


def shares():
    """Tell whether this interpreter is one of those that run a part."""
    return sys.version_info[0] == 3 and sys.version_info[1] in MINORS


def kept(items, minor):
    """List the tests that a Python runs, in their order.

    :param items: pytest's tests, of one Python.
    :param minor: which Python it is: 8 for 3.8.
    """
    found = set()
    for name, variants in by_group(items, variant_of).items():
        # Another third of each test, so that no Python meets one I/O model alone.
        found.update(third(variants, zlib.crc32(name.encode('utf-8')) + minor) if name else variants)
    return [item for item in items if item in found]


def variant_of(item):
    """Return the name of what a test is a variant of, or an empty one for a fact about an interpreter."""
    path, _, name = item.nodeid.partition('::')
    if os.path.basename(path) in TOOLS:
        return path
    return '%s::%s' % (path, name.partition('[')[0]) if 'ours' in item.fixturenames else ''
