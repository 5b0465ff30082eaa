"""``python -m interop_tests.soak --seconds 60``: see the head of the package."""

import argparse
import os
import random
import signal
import sys
import threading
import time
from collections import namedtuple
from contextlib import closing

from interop_tests import peers
from interop_tests.hostile.table import faults
from interop_tests.hostile.victims import LIMIT, Stand, name_of, size
from interop_tests.process import Overdue
from interop_tests.programs import Server
from interop_tests.soak.accounting import Account, GoodClient

CLIENTS = 4
IDLE, WAIT_SECONDS = 1, 20
SAMPLES_A_SECOND = 4
RESTART_SECONDS = 5
MODELS = ['epoll', 'thread']
# What may be more at the end of a server than when it had served some, in bytes: what an allocator keeps.
MEMORY_LEFT = 16 * 1024 * 1024

# at: seconds since the beginning.
Sample = namedtuple('Sample', 'at memory descriptors server')


class Soak(object):
    """One server of one language and model, started again and again, and all its clients.

    :param seconds: how long.
    """

    def __init__(self, peer, model, seconds, seed):
        self.name = name_of(peer, model)
        self.account, self.samples, self.harm, self.restarts = Account(), [], {}, 0
        self._peer, self._model, self._seconds = peer, model, seconds
        self._random = random.Random(seed)
        self._server = self._start(0)
        self._address = self._server.socket_address()
        self._changing = threading.Lock()
        self._over = threading.Event()

    def run(self):
        """Run it; what went wrong is in ``account.wrong``."""
        clients = [GoodClient(number, self._address, self.account, self._random.random(), WAIT_SECONDS)
                   for number in range(CLIENTS)]
        others = [threading.Thread(target=self._harm), threading.Thread(target=self._sample)]
        for thread in clients + others:
            thread.daemon = True
            thread.start()
        began = time.time()
        while time.time() - began < self._seconds:
            time.sleep(min(RESTART_SECONDS, max(0, self._seconds - (time.time() - began))))
            self._restart()
        for client in clients:
            client.stop()
        for client in clients:
            client.join(2 * WAIT_SECONDS)
            if client.is_alive():
                self.account.note_wrong('a good client was not answered')
        self._over.set()
        for thread in others:
            thread.join(WAIT_SECONDS)
        self._stop()
        self._judge()

    def _start(self, port):
        extra = ['--model', self._model, '--max-frame', str(LIMIT), '--timeout', str(IDLE), '--port', str(port)]
        return Server(self._peer, 'frame', 'u32be', 'inet', WAIT_SECONDS, extra)

    def _restart(self):
        with self._changing:
            self._stop()
            self._server = self._start(self._address[1])
            self.restarts += 1

    def _stop(self):
        found = self._server.stop(WAIT_SECONDS)
        if found.status != 'pass':
            self.account.note_wrong('a server ended: %s' % found.text)

    def _harm(self):
        """Do one fault after another; whether the server has done what it must does not count while it restarts."""
        rows = [row for row in faults('client') if row.format == 'u32be' and not row.options]
        while not self._over.is_set():
            row = self._random.choice(rows)
            restarts = self.restarts
            try:
                with closing(Stand(self._server, self._model)) as stand:
                    for _ in row.run(stand):
                        pass
                self.harm[row.name] = self.harm.get(row.name, 0) + 1
            except (AssertionError, EnvironmentError, Overdue) as error:
                if not self._changing.locked() and restarts == self.restarts:
                    self.account.note_wrong('%s: %s' % (row.name, error))

    def _sample(self):
        began = time.time()
        while not self._over.wait(1.0 / SAMPLES_A_SECOND):
            if self._changing.acquire(False):
                try:
                    now = size(self._server)
                    self.samples.append(Sample(time.time() - began, now.memory, now.descriptors, self.restarts))
                except EnvironmentError:
                    pass  # it has just ended
                finally:
                    self._changing.release()

    def _judge(self):
        if self.account.sent != self.account.acknowledged:
            self.account.note_wrong('%d bytes sent, %d answered' % (self.account.sent, self.account.acknowledged))
        for server in range(self.restarts):
            memory = [sample.memory for sample in self.samples if sample.server == server]
            if len(memory) > 4 and memory[-1] - memory[2] > MEMORY_LEFT:
                self.account.note_wrong('server %d needs %d bytes more at its end' % (server, memory[-1] - memory[2]))


def plot(soaks, path):
    """Draw memory and descriptors of all servers over time, as SVG."""
    import matplotlib
    matplotlib.use('svg')
    from matplotlib import pyplot
    figure, axes = pyplot.subplots(2, 1, sharex=True, figsize=(9, 6))
    for soak in soaks:
        at = [sample.at for sample in soak.samples]
        axes[0].plot(at, [sample.memory / 2.0 ** 20 for sample in soak.samples], label=soak.name)
        axes[1].plot(at, [sample.descriptors for sample in soak.samples], label=soak.name)
    axes[0].set_ylabel('MiB in memory')
    axes[1].set_ylabel('descriptors')
    axes[1].set_xlabel('seconds; a new server every %d s' % RESTART_SECONDS)
    axes[0].legend()
    figure.savefig(path)


def main(arguments):
    parser = argparse.ArgumentParser(prog='python -m interop_tests.soak', description=__doc__)
    parser.add_argument('--seconds', type=float, default=60, help='for all servers together')
    parser.add_argument('--seed', type=int, default=None, help='the same faults in the same order')
    parser.add_argument('--plot', metavar='FILE', help='draw memory and descriptors, as SVG; needs matplotlib')
    options = parser.parse_args(arguments)
    seed = random.randrange(2 ** 32) if options.seed is None else options.seed
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))
    print('seed %d' % seed)
    programs = [(peer, model) for peer in (peers.PEERS[0], peers.this_python()[0]) for model in MODELS]
    soaks = []
    for peer, model in programs:
        soak = Soak(peer, model, options.seconds / len(programs), seed)
        soak.run()
        soaks.append(soak)
        print(told(soak))
    if options.plot:
        plot(soaks, options.plot)
        print('drawn: %s' % os.path.relpath(options.plot))
    return 1 if any(soak.account.wrong for soak in soaks) else 0


def told(soak):
    """Return the result of a soak as text."""
    account = soak.account
    peak = max([sample.memory for sample in soak.samples] or [0]) / 2.0 ** 20
    most = max([sample.descriptors for sample in soak.samples] or [0])
    return '\n'.join(['%-15s %d bytes sent, %d answered, %d lost; %d messages sent again; %d connections, %d faults, '
                      '%d restarts; at most %.0f MiB, %d descriptors' % (
                          soak.name, account.sent, account.acknowledged, account.sent - account.acknowledged,
                          account.repeated, account.connections, sum(soak.harm.values()), soak.restarts, peak, most)]
                     + ['    wrong: ' + text for text in account.wrong[:10]])


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
