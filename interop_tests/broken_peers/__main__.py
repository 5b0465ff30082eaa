"""One peer with one fault, or with ``none``; ``--help`` lists the faults."""

import sys

from interop_tests.broken_peers import client_faults, server_faults  # noqa: F401
from interop_tests.broken_peers.options import parse, usage
from interop_tests.broken_peers.table import FAULTS, implementation

LISTED = ['protocol ' + name for name in ('echo', 'frame', 'count', 'upper', 'sizeok', 'greet', 'command')] + [
    'format ' + name for name in ('u8', 'u32be', 'varint', 'netstring')] + ['family inet', 'type stream', 'type dgram']


def main(words):
    if not words or words[0] == '--help':
        sys.stdout.write(''.join('%-30s %-6s  %s\n' % (fault.name, fault.role, fault.wrong) for fault in FAULTS))
        return
    name, role = words[0], words[1]
    if name != 'none' and name not in [fault.name for fault in FAULTS]:
        usage('there is no fault %s; --help lists them' % name)
    if role == 'list':
        # A fault of one role lists nothing for the other: the suite has no reason to try it.
        roles = [fault.role + ' ' for fault in FAULTS if fault.name == name] or ['']
        listed = implementation(name, roles[0].strip() or 'server').listed or LISTED
        sys.stdout.write(''.join('%s%s\n' % (roles[0] if line.startswith('protocol') else '', line) for line in listed))
        return
    kind = implementation(name, role)
    kind(parse(words[2:], kind)).run()


if __name__ == '__main__':
    main(sys.argv[1:])
