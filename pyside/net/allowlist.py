"""The allow-list of ``command``: which programs a client may have run, by a name that says nothing about them.

::

    --allow NAME=PROGRAM,ARGUMENT,...       date=/bin/date,-u

The client sends the name.  No word of the program comes from it, no shell reads
them, and nothing that is not on the list is ever run.

C twin: ``c_ref/net/allowlist.c``.  Read next: ``net/execution.py``.
"""

import os
from collections import OrderedDict

from pyside.wire.errors import UsageError

NAME_CHARACTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-.'
DEFAULT = ['date=/bin/date,-u', 'false=/bin/false', 'true=/bin/true', 'uname=/bin/uname,-sm']


def parse(entries):
    """Read an allow-list.

    :param entries: the values of ``--allow``.
    :returns: ``{name as bytes: [program, argument, ...]}``, in the order given.
    :raises UsageError: for an entry that is not of the form above, or a program that cannot be run.
    """
    allowed = OrderedDict()
    for entry in entries:
        name, _, words = entry.partition('=')
        if not name or name.strip(NAME_CHARACTERS) or not words.startswith('/'):
            raise UsageError('--allow takes NAME=PROGRAM,ARGUMENT,... with the whole path of PROGRAM, not %s' % entry)
        if name.encode('ascii') in allowed:
            raise UsageError('--allow has %s twice' % name)
        program = words.split(',')[0]
        if not os.access(program, os.X_OK):
            raise UsageError('--allow %s: %s is no program that can be run' % (name, program))
        allowed[name.encode('ascii')] = words.split(',')
    return allowed
