"""Calls that fail once, in the C programs and in Python's: what comes of it is what ``faults/table.py`` says.

One server takes the faults of a row one after another, so what one of them has spoiled is seen by the next.
"""

import itertools
import os
import socket
import sys
from collections import namedtuple
from contextlib import closing

import pytest

from interop_tests import peers, verdict
from interop_tests.faults import __main__ as page
from interop_tests.faults import table
from interop_tests.faults.control import ALLOCATION, Faults
from interop_tests.process import Overdue, Process
from interop_tests.programs import Server
from interop_tests.wire import SECONDS, dial
from pyside.wire.errors import EXIT_SOFTWARE

HELLO = b'\x02hi'
# What dial needs of a server.
Announced = namedtuple('Announced', 'address where')
KNOWN_STATUS = set(verdict.BY_EXIT_STATUS) | {EXIT_SOFTWARE}
# Longer than any program allocates.
MOST_ALLOCATIONS = 1000

if not sys.platform.startswith('linux'):
    pytest.skip('the interposer is for the C library of Linux', allow_module_level=True)


def victims():
    """Return C, the oldest and the newest CPython: those between are like one of them."""
    pythons = [peer for peer in peers.all_pythons() if not peer.name.startswith('pypy')]
    return [peers.PEERS[0]] + [pythons[0], pythons[-1]]


VICTIMS = victims()
SERVERS = [(peer, model) for peer in VICTIMS for model in peers.models(peer)]
each_server = pytest.mark.parametrize(
    'peer, model', SERVERS, ids=['%s-%s' % (peer.name, model) for peer, model in SERVERS])
each_victim = pytest.mark.parametrize('peer', VICTIMS, ids=[peer.name for peer in VICTIMS])


@pytest.fixture
def faults():
    with closing(Faults()) as found:
        yield found


class Victim(object):
    """A server under the interposer, which is started again when a fault has ended it."""

    def __init__(self, peer, model, faults):
        self._peer, self._model, self._faults = peer, model, faults
        self._server = None

    def outcome(self, call, number, fd, countdown=1, scenario=None):
        """Let a call fail while a client is served; return an outcome, None if none failed, and what the log said."""
        server = self._started()
        before = len(server.process.errors)
        self._faults.arm(call, number, fd, countdown)
        served = (scenario or say_hello)(server)
        # The end of a connection may come after its client has seen it: the next one waits until it is over.
        also_served = say_hello(server)
        struck = self._faults.struck
        self._faults.disarm()
        if also_served and struck:
            also_served = say_hello(server)
        said = server.process.errors[before:]
        if not struck:
            return None, said
        if served and also_served:
            return table.NOTHING, said
        if say_hello(server):
            return table.CONNECTION, said
        return self._ended(), server.process.errors[before:]

    def _started(self):
        if self._server is None:
            self._faults.disarm()
            with self._faults.in_environment():
                self._server = Server(
                    self._peer, 'frame', 'u8', 'inet', SECONDS, ['--model', self._model, '--max-frame', '8'])
            # It announces itself a moment before it watches for clients.
            assert say_hello(self._server)
        return self._server

    def _ended(self):
        server, self._server = self._server, None
        status = server.process.poll() if server.process.ends_within(SECONDS) else None
        said = server.process.errors
        server.kill()
        return table.SERVER if status == EXIT_SOFTWARE and 'server: cannot serve: ' in said else 'status %s' % status

    def close(self):
        """Stop the server: after all that, it ends with 0."""
        if self._server is not None:
            found = self._server.stop(SECONDS)
            assert found.status == verdict.PASS, found


def say_hello(server):
    """Tell whether a client is served from the beginning to the end."""
    return talk(server, HELLO, HELLO)


def say_too_much(server):
    """A frame over the limit: the server half-closes, and lingers until the client's end."""
    return talk(server, HELLO + b'\xff', HELLO)


def talk(server, request, reply):
    try:
        with closing(dial(server)) as wire:
            wire.sock.sendall(request)
            came = wire.read_exactly(len(reply))
            wire.half_close()
            return came == reply and wire.read_to_end() == b''
    except socket.timeout:
        raise AssertionError('the server lets its client wait')
    except EnvironmentError:
        return False


def is_one_line(said):
    return said.count('\n') == 1 and 'Traceback' not in said


@each_server
def test_a_server_that_serves(peer, model, faults):
    wrong = []
    with closing(Victim(peer, model, faults)) as victim:
        for row in table.SERVING:
            for name in row.errnos:
                scenario = say_too_much if row.call == 'shutdown' else say_hello
                outcome, said = victim.outcome(row.call, table.number_of(name), row.fd, scenario=scenario)
                if outcome is None:
                    break  # this model does not make that call
                if outcome not in row.outcomes or 'Traceback' in said:
                    wrong.append((row.call, name, outcome, said))
    assert wrong == []


@each_victim
@pytest.mark.parametrize('row', table.STARTING, ids=['%s-%s' % (row.call, row.errnos[0]) for row in table.STARTING])
def test_a_server_that_starts(peer, row, faults):
    model = 'epoll' if row.call == 'epoll_create1' else 'thread'
    assert wrong_outcomes(row, faults, lambda: start(peer, faults, ['frame', '--format', 'u8', '--model', model])) == []


def wrong_outcomes(row, faults, attempt):
    """List what a call comes to with each errno of a row, where the row does not say so.

    :param attempt: a function that returns an outcome, and what the program said on stderr.
    """
    wrong = []
    for name in row.errnos:
        faults.arm(row.call, table.number_of(name), row.fd)
        outcome, said = attempt()
        if not faults.struck:
            break
        if outcome not in row.outcomes:
            wrong.append((name, outcome, said))
    return wrong


def start(peer, faults, words):
    """Start a server; return an outcome, and what it said on stderr."""
    with faults.in_environment():
        process = Process(peers.command(peer, 'server') + words)
    with closing(process):
        try:
            words = process.exchange(b'', 1, SECONDS)[0].decode('ascii').split()
            # Some calls are made behind the announcement, and some for the first client.
            if words[:1] == ['LISTENING']:
                server = Announced(words[1:], ['--port', words[2]])
                if say_hello(server) or say_hello(server):
                    return table.NOTHING, process.errors
            return gave_up(process.wait(SECONDS), process.errors), process.errors
        except Overdue:
            return 'hangs', process.errors


@each_victim
def test_a_server_of_datagrams(peer, faults):
    """Its client is C without faults, which asks three times at most."""
    serving = ['echo', '-', 'inet-dgram', SECONDS, ['--max-frame', '100']]
    found = outcomes_of_rows(peer, faults, table.ANSWERING, serving, ask_for_datagrams)
    assert [seen for seen in found if is_wrong(*seen)] == []


@each_victim
def test_a_server_that_runs_programs(peer, faults):
    serving = ['command', '-', 'unix', SECONDS, ['--model', 'epoll', '--allow', 'true=/bin/true']]
    found = outcomes_of_rows(peer, faults, table.RUNNING, serving, ask_for_a_program)
    assert [seen for seen in found if is_wrong(*seen)] == []


def is_wrong(row, name, outcome, said):
    return outcome not in row.outcomes or 'Traceback' in said


def outcomes_of_rows(peer, faults, rows, serving, scenario):
    """Yield row, errno, outcome and log for each fault that strikes a server; one that has ended is started again.

    The first such call fails, and in another turn the second.
    """
    server = None
    for row, countdown in itertools.product(rows, (1, 2)):
        for name in row.errnos:
            if server is None:
                faults.disarm()
                with faults.in_environment():
                    server = Server(peer, *serving)
                assert scenario(server) == table.NOTHING
            before = len(server.process.errors)
            faults.arm(row.call, table.number_of(name), row.fd, countdown)
            outcome = scenario(server)
            struck = faults.struck
            faults.disarm()
            if not struck:
                break  # it does not make that call
            if scenario(server) != table.NOTHING:
                status = server.process.poll() if server.process.ends_within(SECONDS) else None
                outcome = table.SERVER if status == EXIT_SOFTWARE else 'status %s' % status
            yield row, name, outcome, server.process.errors[before:]
            if server.process.poll() is not None:
                server.kill()
                server = None
    if server is not None:
        found = server.stop(SECONDS)
        assert found.status == verdict.PASS, found


def ask_for_datagrams(server):
    return table.NOTHING if answered(server, b'hi\n') == (b'hi\n', 0) else 'no answer'


def ask_for_a_program(server):
    came, _ = answered(server, b'true\n')
    return {b'\0': table.NOTHING, b'\x7e': table.TOLD_SO}.get(came[:1], 'answered %r' % came)


def answered(server, line):
    """Give a line to a client in C without faults; return what it prints, and its exit status."""
    with closing(Process(peers.command(C, 'client') + server.options + server.where + ['--timeout', '2'])) as client:
        client.exchange(line, 0, SECONDS)
        client.close_input()
        return client.read_to_end(SECONDS), client.wait(SECONDS)


def gave_up(status, said):
    return table.GIVES_UP if status in KNOWN_STATUS and is_one_line(said) else 'status %s' % status


@pytest.fixture(scope='module')
def listener():
    with closing(Server(peers.PEERS[0], 'frame', 'u8', 'inet', SECONDS)) as server:
        yield server


@each_victim
@pytest.mark.parametrize('row', table.ASKING, ids=['%s-%s' % (row.call, row.errnos[0]) for row in table.ASKING])
def test_a_client(peer, row, faults, listener):
    assert wrong_outcomes(row, faults, lambda: ask(peer, faults, listener)) == []


@pytest.fixture(scope='module')
def datagram_listener():
    with closing(Server(peers.PEERS[0], 'echo', '-', 'inet-dgram', SECONDS)) as server:
        yield server


@each_victim
@pytest.mark.parametrize(
    'row', table.ASKING_DATAGRAMS, ids=['%s-%s' % (row.call, row.errnos[0]) for row in table.ASKING_DATAGRAMS])
def test_a_client_of_datagrams(peer, row, faults, datagram_listener):
    extra = ['--unconnected'] if row.call == 'sendto' else []
    assert wrong_outcomes(row, faults, lambda: ask(peer, faults, datagram_listener, extra)) == []


def ask(peer, faults, listener, extra=()):
    """Run a client; return an outcome, and what it said on stderr."""
    words = peers.command(peer, 'client') + listener.options + listener.where + ['--timeout', '0.3'] + list(extra)
    with faults.in_environment():
        process = Process(words)
    with closing(process):
        try:
            process.exchange(b'hi\nthere\n', 0, SECONDS)
            process.close_input()
            replies = process.read_to_end(SECONDS)
            status = process.wait(SECONDS)
        except Overdue:
            return 'hangs', process.errors
        if status == 0:
            return table.NOTHING if replies == b'hi\nthere\n' else 'loses %r' % replies, process.errors
        return gave_up(status, process.errors), process.errors


C = peers.PEERS[0]
NO_MEMORY = table.number_of('ENOMEM')


def each_allocation(faults):
    """Yield 1, 2, 3 .. while there are so many allocations."""
    for countdown in range(1, MOST_ALLOCATIONS):
        yield countdown
        if not faults.struck:
            return
    raise AssertionError('more than %d allocations' % MOST_ALLOCATIONS)


@pytest.mark.parametrize('model', peers.models(C))
def test_every_allocation_of_a_c_server(model, faults):
    for countdown in each_allocation(faults):
        faults.arm(ALLOCATION, NO_MEMORY, countdown=countdown)
        outcome, said = start(C, faults, ['frame', '--format', 'u8', '--model', model, '--allow', 'true=/bin/true'])
        assert outcome in (table.NOTHING, table.GIVES_UP), (countdown, outcome, said)


@pytest.mark.parametrize('model', peers.models(C))
def test_every_allocation_while_a_c_server_serves(model, faults):
    outcome, countdown = '', 0
    with closing(Victim(C, model, faults)) as victim:
        while outcome is not None and countdown < MOST_ALLOCATIONS:
            countdown += 1
            outcome, said = victim.outcome(ALLOCATION, NO_MEMORY, table.ANY_FD, countdown)
            assert outcome in (table.NOTHING, table.CONNECTION, None), (countdown, outcome, said)
    assert countdown > 1


def test_every_allocation_of_a_c_client(faults, listener):
    for countdown in each_allocation(faults):
        faults.arm(ALLOCATION, NO_MEMORY, countdown=countdown)
        outcome, said = ask(C, faults, listener)
        assert outcome in (table.NOTHING, table.GIVES_UP), (countdown, outcome, said)


def test_the_page_is_made_from_the_table():
    with open(page.PAGE) as file:
        assert file.read() == page.text(), 'python -m interop_tests.faults makes it again'


def test_the_interposer_is_in_place(faults, listener):
    """Otherwise no fault would strike, and all would be well."""
    faults.arm('socket', NO_MEMORY)
    assert ask(C, faults, listener)[0] == table.GIVES_UP
    assert faults.struck and os.path.exists(faults.environment['LD_PRELOAD'])
