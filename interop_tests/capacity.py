"""How many connections one server holds, and what each costs.

``python -m interop_tests.capacity [CONNECTIONS]`` prints ``docs/capacity.md``: each event-driven server holds that many
connections open, answers a byte on every one of them, and once more on all when they are all there.
"""

import resource
import sys
from contextlib import closing

from interop_tests import peers, proc
from interop_tests.programs import Server
from interop_tests.wire import dial

CONNECTIONS = 10000
# For what a program opens besides its connections.
SPARE = 100
SECONDS = 120
MODELS = [('c', 'epoll'), ('python', 'epoll'), ('python', 'asyncio')]
PAGE = """\
<!-- python3 -m interop_tests.capacity > docs/capacity.md -->

# {connections} connections

Each server holds {connections} connections of `echo` over a unix socket, and answers a byte on every one of them, and
again when all of them are there. Memory is what the process itself has more than before (VmRSS of proc(5)), for each
connection; the kernel's share, for both ends, is apart. The limit of descriptors was {limit}.

| server | held and answered | memory of the process for each |
|---|--:|--:|
{rows}
"""


def raise_limit(connections):
    """Raise the limit of descriptors as far as the system lets us, which a server inherits; return it.

    :raises ValueError: when that is not enough.
    """
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard != resource.RLIM_INFINITY and hard < connections + SPARE:
        raise ValueError('at most %d descriptors are allowed here' % hard)
    limit = connections + SPARE if hard == resource.RLIM_INFINITY else hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    return limit


def hold(peer, model, connections):
    """Hold connections open.

    :returns: how many were answered twice, and bytes of memory for each.
    """
    extra = ['--model', model, '--max-connections', str(connections), '--timeout', str(SECONDS)]
    with closing(Server(peer, 'echo', '-', 'unix', SECONDS, extra)) as server:
        before = proc.memory(server.process.pid, 'VmRSS')
        wires = []
        for _ in range(connections):
            wires.append(dial(server))
            if answer(wires[-1], b'x') != b'x':
                break
        answered = sum(answer(wire, b'y') == b'y' for wire in wires)
        used = proc.memory(server.process.pid, 'VmRSS') - before
        for wire in wires:
            wire.close()
    return answered, used // connections


def answer(wire, byte):
    wire.sock.sendall(byte)
    return wire.read_exactly(1)


def main(connections):
    limit = raise_limit(connections)
    rows = []
    for language, model in MODELS:
        peer = peers.PEERS[0] if language == 'c' else peers.this_python()[0]
        answered, used = hold(peer, model, connections)
        rows.append('| %s %s | %d | %d bytes |' % (peer.name, model, answered, used))
    sys.stdout.write(PAGE.format(connections=connections, limit=limit, rows='\n'.join(rows)))


if __name__ == '__main__':
    main(int(sys.argv[1]) if sys.argv[1:] else CONNECTIONS)
