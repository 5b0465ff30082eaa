"""Clients that always have work for the server must not keep it from a client that has little."""

import os
import select
import subprocess
import threading
from contextlib import closing

import pytest

from interop_tests.compiling import build
from interop_tests.process import ROOT
from interop_tests.programs import Server
from interop_tests.wire import SECONDS, dial

FLOODERS = 4
ROUNDS = 5
CHUNK = 65536
# In the place of the event loop: pipes that nobody reads, more than are told of at a time, and how many never were.
MANY_READY = '''
#include "iomodels/eventloop.h"
#include <stdio.h>
#include <unistd.h>

int SERVE(const struct service *service);

int net_milliseconds(double seconds)
{
	return (int)seconds;
}

int eventloop_serve(const struct service *service, struct poller *poller)
{
	static struct ready ready[MOST_READY];
	int fds[2], last = 0, missed = 0, named[FD_LIMIT] = {0};

	while (last + 2 < FD_LIMIT && pipe(fds) == 0 && write(fds[1], "x", 1) == 1) {
		last = fds[1];
		poller->watch(poller, fds[0], 1, 0);
		poller->watch(poller, fds[1], 0, 1);
	}
	for (int turn = 0; turn < 3; turn++)
		for (int i = poller->wait(poller, 0, ready); i > 0; i--)
			named[ready[i - 1].fd]++;
	for (int fd = 5; fd <= last; fd++)
		missed += named[fd] == 0;
	printf("%d of %d", missed, last - 4);
	return service != NULL;
}

int main(void)
{
	return SERVE(NULL);
}
'''


class Flood(threading.Thread):
    """A client that pipelines the same bytes, and reads what comes, until it is told to stop."""

    def __init__(self, server, data):
        threading.Thread.__init__(self)
        self.daemon = True
        self.answered = threading.Event()
        self._wire = dial(server)
        self._data = data
        self._over = threading.Event()

    def run(self):
        sock = self._wire.sock
        sock.setblocking(False)
        while not self._over.is_set():
            readable, writable, _ = select.select([sock], [sock], [], 0.1)
            if readable and sock.recv(CHUNK):
                self.answered.set()
            if writable:
                try:
                    sock.send(self._data)
                except EnvironmentError:
                    pass  # room for a little, and no more, on a unix socket

    def stop(self):
        self._over.set()
        self.join(SECONDS)
        self._wire.close()


@pytest.mark.parametrize('protocol, flood, question, answer', [
    ('frame', b'\0' * CHUNK, b'\x02hi', b'\x02hi'),
    ('sizeok', b'\nok\n' * (CHUNK // 4), b'hi\nok\n', b'2\nHI'),
    ('command', b'\0\0\0\x01?' * (CHUNK // 5), b'\0\0\0\x05false', b'\0\0\0\x07Welcome\0\0\0\x07\x01Done.\n'),
], ids=['empty-frames', 'empty-lines', 'unknown-commands'])
def test_a_flood_holds_up_nobody(ours, model, protocol, flood, question, answer):
    """With as many bytes a turn as a recv takes, a flooder's turn took a second, and under asyncio turns had no end."""
    if model == 'iterative':
        pytest.skip('one client after another: the flood is the one client')
    with closing(Server(ours, protocol, 'u8', 'inet', SECONDS, ['--model', model])) as server:
        floods = [Flood(server, flood) for _ in range(FLOODERS)]
        try:
            for one in floods:
                one.start()
            assert all(one.answered.wait(SECONDS) for one in floods)
            for _ in range(ROUNDS):
                with closing(dial(server)) as wire:
                    wire.sock.sendall(question)
                    assert wire.read_exactly(len(answer)) == answer
        finally:
            for one in floods:
                one.stop()


@pytest.mark.parametrize('waiting', ['selecting', 'polling', 'epolling'])
def test_of_many_that_are_ready_each_has_its_turn(waiting, ours, tmpdir):
    if ours.name != 'c':
        pytest.skip('in Python a turn is for all that are ready')
    source = tmpdir.join('many_ready.c')
    source.write(MANY_READY)
    c_ref = os.path.join(ROOT, 'c_ref')
    program = build([str(source), os.path.join(c_ref, 'iomodels', waiting + '.c')], [
        '-I', c_ref, '-DFD_LIMIT=1000', '-DSERVE=serve_' + waiting])
    missed, ready = subprocess.check_output([program]).split(b' of ')
    assert int(missed) == 0 and int(ready) > 512
