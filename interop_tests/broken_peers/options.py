"""The command line of a peer, as the contract says."""

import os
import sys

from interop_tests.broken_peers.wire import DEFAULT_LIMIT, FRAMINGS

PROTOCOLS = ['command', 'count', 'echo', 'frame', 'greet', 'sizeok', 'upper']


class Options(object):
    """What the words say; the attributes are named as the options."""

    def __init__(self):
        self.protocol = None
        self.family, self.type, self.host, self.port = 'inet', 'stream', '127.0.0.1', 0
        self.format, self.max_frame, self.timeout = 'u32be', DEFAULT_LIMIT, 30.0
        self.hex = False


def parse(words, kind):
    """Return Options; exit with 2 or, for what is not supported, as ``kind`` says: 127."""
    found = Options()
    found.protocol, words = words[0], list(words[1:])
    while words:
        name = words.pop(0)
        attribute = name[2:].replace('-', '_')
        if name == '--hex':
            found.hex = True
        elif not name.startswith('--') or attribute == 'protocol' or not hasattr(found, attribute) or not words:
            usage('unknown option %s' % name)
        else:
            setattr(found, attribute, type(getattr(found, attribute))(words.pop(0)))
    for value, known in ((found.protocol, PROTOCOLS), (found.format, FRAMINGS)):
        if value not in known:
            sys.stderr.write('unsupported: %s\n' % value)
            leave(kind.status_of_unsupported)
    return found


def usage(text):
    sys.stderr.write('usage: %s\n' % text)
    leave(2)


def leave(status):
    """Exit at once, whatever other threads wait for."""
    sys.stderr.flush()
    os._exit(status)
