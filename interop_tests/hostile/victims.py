"""The programs, and one cell of the table: a fault, a victim, and a good client beside it."""

import errno
import select
import socket
import struct
import time
from collections import namedtuple
from contextlib import closing

from interop_tests import peers, proc, verdict
from interop_tests.keeping import Keeper
from interop_tests.programs import Server
from interop_tests.wire import SECONDS, dial
from pyside.net.compat import clock
from pyside.wire.framing import encode

LIMIT = 65536
# Long enough that a busy machine does not cut off a good client; every silent fault waits for it.
IDLE = 0.6
CROWD, CROWD_OF_PROCESSES = 10000, 500
# What the table promises.
SERVED_WITHIN = 1
# What an allocator may keep.
MEMORY_LEFT = 4 * 1024 * 1024

# wait: seconds of the slowest good client.  memory: bytes more than before, of all processes of the server.
Seen = namedtuple('Seen', 'wait memory descriptors')
Size = namedtuple('Size', 'memory descriptors processes')


def victims():
    """Return ``(peer, model)`` for each server: C, and the Python that runs the suite."""
    return [(peer, model) for peer in programs() for model in peers.models(peer)]


def programs():
    """Return the peers whose programs are the victims."""
    return [peers.PEERS[0], peers.this_python()[0]]


def name_of(peer, model):
    return '%s-%s' % ('c' if peer.name == 'c' else 'python', model)


class Stand(Keeper):
    """What a hostile client has: the server, and connections to it that end with the cell."""

    NO_NEWCOMER = 'no newcomer'
    SMALL_RECEIVE_BUFFER = socket.SOL_SOCKET, socket.SO_RCVBUF, 4096

    def __init__(self, server, model):
        Keeper.__init__(self)
        self.server = server
        self._crowd = CROWD_OF_PROCESSES if model == 'fork' else CROWD

    def dial(self):
        return self.keep(dial(self.server))

    def send_until_full(self, wire, block, most=10000):
        """Send a block again and again, until neither end's buffers have room; return what is left of the last one."""
        wire.sock.setblocking(False)
        left = b''
        for _ in range(most):
            left = left or block
            # The server may be about to make room.
            if not select.select([], [wire.sock], [], 0.1)[1]:
                break
            try:
                left = left[wire.sock.send(left):]
            except EnvironmentError as error:
                if error.errno not in (errno.EAGAIN, errno.EWOULDBLOCK):
                    raise
        wire.sock.settimeout(SECONDS)
        return left

    def crowd(self):
        """Begin many connections, without waiting for the server; return the sockets.

        They are reset when they are closed: none keeps its port in TIME_WAIT.
        """
        socks = []
        for _ in range(self._crowd):
            sock = self.keep(socket.socket())
            socks.append(sock)
            sock.setblocking(False)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            sock.connect_ex(self.server.socket_address())
        return socks


class Machine(Keeper):
    """What a fault of a machine has: a server that it starts as it likes, and connections to it."""

    REACHABLE = True

    def __init__(self, victim):
        Keeper.__init__(self)
        self._victim = victim
        self.model = victim.model
        self.server = None

    def start(self, shell='', transport='inet', options=(), errors=None):
        """Start the server behind some words of a shell, such as ``ulimit -n 32;``, and serve one good client."""
        peer = self._victim.peer
        if shell:
            words = "bash -c '%s' bash " % (shell if 'exec' in shell else shell + ' exec "$@"')
            peer = peer._replace(command=words + peer.command)
        self.server = self.keep(self._victim.start('u32be', options, peer, transport, errors))
        newcomer(self.server, encode('u32be', b'good'))

    def dial(self):
        return self.keep(dial(self.server))

    def bad_client(self):
        """A client whose mistake is worth a line in the log, from its first byte to the server's FIN."""
        with closing(dial(self.server)) as wire:
            wire.sock.sendall(b'\xff' * 4)
            assert wire.read_to_end() == b''


class Victim(object):
    """A server of one language and model for each framing, shared by the cells."""

    def __init__(self, peer, model):
        self.peer, self.model = peer, model
        self._servers = {}

    def start(self, frame_format='u32be', options=(), peer=None, transport='inet', errors=None):
        """Return a new server."""
        extra = ['--model', self.model, '--max-frame', str(LIMIT), '--timeout', str(IDLE)] + list(options)
        return Server(peer or self.peer, 'frame', frame_format, transport, SECONDS, extra, errors=errors)

    def against(self, fault):
        """Do a fault of a client to it; return a :class:`Seen`.

        :raises AssertionError: when it does not do what it must.
        """
        server = self._server(fault)
        hello = encode(fault.format, b'good')
        before = size(server)
        with closing(Stand(server, self.model)) as stand:
            # An iterative server serves the good client when the hostile one has gone.
            alone = self.model == 'iterative'
            waits = []
            with closing(nobody() if alone else dial(server)) as old:
                if not alone:
                    ask(old, hello)
                steps = fault.run(stand)
                word = next(steps)
                if not alone:
                    waits.append(ask(old, hello))
                    old.close()
                    if word != stand.NO_NEWCOMER:
                        waits.append(newcomer(server, hello))
            for _ in steps:
                raise AssertionError('a fault yields once')
        wait = newcomer(server, hello)
        # Where the backlog was full, the kernel tries again after a second.
        waits += [] if word == stand.NO_NEWCOMER and waits else [wait]
        crashed = server.crashed()
        assert crashed is None, crashed
        return judged(waits, before, settled(server, before))

    def under(self, fault):
        """Start it on an unkind machine, and serve good clients there; return a :class:`Seen`."""
        with closing(Machine(self)) as machine:
            steps = fault.run(machine)
            reachable = next(steps)
            server, hello = machine.server, encode(fault.format, b'good')
            waits = [newcomer(server, hello) for _ in range(3 if reachable else 0)]
            before = size(server)
            waits += [newcomer(server, hello) for _ in range(10 if reachable else 0)]
            after = settled(server, before)
            for _ in steps:
                raise AssertionError('a fault yields once')
            found = server.stop(SECONDS)
            assert found.status == verdict.PASS, found
            assert 'Traceback' not in server.process.errors
            return judged(waits or [0], before, after)

    def _server(self, fault):
        key = fault.format, fault.options
        if key not in self._servers:
            server = self._servers[key] = self.start(fault.format, fault.options)
            # It has allocated what it keeps when it has served some, and the server of a crowd when it has had one.
            for _ in range(3):
                newcomer(server, encode(fault.format, b'good'))
            if fault.options:
                with closing(Stand(server, self.model)) as stand:
                    stand.crowd()
                newcomer(server, encode(fault.format, b'good'))
            size(server)
        return self._servers[key]

    def close(self):
        """Stop its servers; each ends with 0, whatever was done to it."""
        servers, self._servers = self._servers, {}
        for server in servers.values():
            found = server.stop(SECONDS)
            assert found.status == verdict.PASS, found


class nobody(object):

    def close(self):
        pass


def ask(wire, hello):
    """Ask and read the answer; return the seconds."""
    began = clock()
    wire.sock.sendall(hello)
    assert wire.read_exactly(len(hello)) == hello, 'a good client was not answered'
    return clock() - began


def newcomer(server, hello):
    """Serve a good client from connect to the server's FIN; return the seconds up to the answer."""
    began = clock()
    with closing(dial(server)) as wire:
        ask(wire, hello)
        seconds = clock() - began
        wire.half_close()
        assert wire.read_to_end() == b''
    return seconds


def size(server):
    """Measure a server and the processes that it has started."""
    pid = server.process.pid
    everybody = proc.session(pid)
    return Size(sum(proc.memory(one, 'VmRSS') for one in everybody), proc.descriptors(pid), len(everybody))


def settled(server, before):
    """Wait until all has come back, for some seconds; return the last size.

    Memory, too: a child that ends has none any more a moment before its process is gone, and may have been measured so.
    """
    deadline = clock() + SECONDS
    while True:
        now = size(server)
        if (now.descriptors <= before.descriptors and now.processes <= before.processes
                and now.memory <= before.memory + MEMORY_LEFT) or clock() > deadline:
            return now
        time.sleep(0.01)


def judged(waits, before, after):
    """Return a :class:`Seen`; raise AssertionError when something did not come back, or a good client waited."""
    seen = Seen(max(waits), after.memory - before.memory, after.descriptors - before.descriptors)
    assert seen.descriptors <= 0, '%d descriptors are left' % seen.descriptors
    assert after.processes <= before.processes, 'processes are left'
    assert seen.memory <= MEMORY_LEFT, '%d bytes are left' % seen.memory
    assert seen.wait <= SERVED_WITHIN, 'a good client waited %.1f s' % seen.wait
    return seen
