"""Datagrams: their limits, the ones that are lost, late or doubled, and dead ports."""

import errno
import os
import shutil
import socket
import struct
import tempfile
from collections import Counter
from contextlib import closing

import pytest

from interop_tests import verdict
from interop_tests.cases import DATAGRAMS, lines
from interop_tests.programs import Client, Server
from interop_tests.relay import Relay
from interop_tests.wire import SECONDS, wait_until
from pyside.net.address import FAMILIES, TYPES


class Plain(object):
    """A datagram socket in the hands of a test, with what :class:`programs.Client` needs to reach it."""

    def __init__(self, transport):
        family, _, kind = transport.partition('-')
        self.options = ['echo', '--family', family, '--type', kind]
        self._folder = tempfile.mkdtemp(prefix='interop-')
        self.sock = socket.socket(FAMILIES[family].number, TYPES[kind])
        self.sock.settimeout(SECONDS)
        if family == 'unix':
            self.where = ['--path', os.path.join(self._folder, 's')]
            self.sock.bind(self.where[1])
        else:
            self.sock.bind(('::1' if family == 'inet6' else '127.0.0.1', 0))
            self.where = ['--port', str(self.sock.getsockname()[1])]
        if kind == 'seqpacket':
            self.sock.listen(1)

    def close(self):
        self.sock.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def dial(server, transport):
    """Connect a plain socket to a server."""
    family, _, kind = transport.partition('-')
    sock = socket.socket(FAMILIES[family].number, TYPES[kind])
    sock.settimeout(SECONDS)
    if family == 'unix':
        if kind == 'dgram':
            sock.bind('')
        sock.connect(server.where[1])
    else:
        sock.connect((server.address[0], int(server.address[1])))
    return sock


def largest(transport):
    """Find the longest datagram that the kernel takes: bisection, with EMSGSIZE for an answer."""
    with closing(Plain(transport)) as listener:
        family, _, kind = transport.partition('-')
        low, high = 0, 2 ** 24
        while high - low > 1:
            middle = (low + high) // 2
            sock = socket.socket(FAMILIES[family].number, TYPES[kind])
            with closing(sock):
                sock.setblocking(False)
                sock.connect(listener.sock.getsockname())
                try:
                    sock.send(b'x' * middle)
                    low = middle
                except socket.error as error:
                    assert error.errno == errno.EMSGSIZE
                    high = middle
            receiver = listener.sock if kind == 'dgram' else listener.sock.accept()[0]
            if low == middle:
                assert len(receiver.recv(middle + 1)) == middle
            if receiver is not listener.sock:
                receiver.close()
    return low


LARGEST = {'inet-dgram': 65535 - 20 - 8, 'inet6-dgram': 65535 - 8}


@pytest.fixture(params=DATAGRAMS)
def transport(request):
    return request.param


def test_the_largest(ours, transport):
    """What the kernel takes goes there and back; one byte more is refused by the client, and nothing is lost."""
    size = largest(transport)
    assert size == LARGEST.get(transport, size)
    fits, too_long = b'x' * size, b'x' * (size + 1)
    with closing(Server(ours, 'upper', '-', transport, SECONDS)) as server, closing(Client(ours, server)) as client:
        client.process.exchange(lines([fits, too_long]), 0, SECONDS)
        assert client.finish([fits.upper()], SECONDS, 2).status == verdict.PASS
        assert client.process.errors == 'client: unsendable: datagram of %d bytes: Message too long\n' % (size + 1)
        assert server.process.errors == ''


def test_one_too_long_for_the_server(ours, transport):
    """Not cut: nothing comes back, and one line says so.  A connection ends with it."""
    extra = ['--max-frame', '5']
    with closing(Server(ours, 'upper', '-', transport, SECONDS, extra)) as server:
        with closing(dial(server, transport)) as sock:
            sock.send(b'abcdef')
            if transport == 'unix-seqpacket':
                assert sock.recv(100) == b''
        with closing(dial(server, transport)) as sock:
            sock.send(b'abcde')
            assert sock.recv(100) == b'ABCDE'
        assert server.stop(SECONDS).status == verdict.PASS
        said = server.process.errors.splitlines()
        assert len(said) == 1 and said[0].endswith(': too-long: datagram of more than 5 bytes')


@pytest.mark.parametrize('retries', [0, 2])
def test_as_many_attempts_as_allowed(ours, retries):
    """A server that never answers sees the same datagram again and again, and the client says that it timed out."""
    with closing(Plain('inet-dgram')) as listener:
        extra = ['--timeout', '1', '--retries', str(retries)]
        with closing(Client(ours, listener, extra)) as client:
            assert client.run([b'hello'], [], SECONDS, 4).status == verdict.PASS
            assert client.process.errors == 'client: timed-out: silence for 1 s\n'
        listener.sock.setblocking(False)
        seen = [listener.sock.recv(100) for _ in range(retries + 1)]
        assert seen == [b'hello'] * (retries + 1)
        with pytest.raises(socket.error):
            listener.sock.recv(100)


@pytest.mark.parametrize('unconnected', [[], ['--unconnected']], ids=['connected', 'unconnected'])
@pytest.mark.parametrize('seed', range(4))
def test_a_bad_network(ours, seed, unconnected):
    """A third is lost, a third doubled, a third late: all replies are printed, once, in order."""
    messages = [('%d' % number).encode('ascii') for number in range(8)]
    with closing(Server(ours, 'upper', '-', 'inet-dgram', SECONDS)) as server:
        with closing(Relay((server.address[0], int(server.address[1])), seed, 0.3, 0.3, 0.2)) as relay:
            relay.options = server.options
            # The intervals are shares of the time limit: so this takes a tenth of a second for each datagram lost.
            extra = ['--retries', '99', '--timeout', '10'] + unconnected
            with closing(Client(ours, relay, extra)) as client:
                assert client.run(messages, messages, 4 * SECONDS).status == verdict.PASS
        assert Counter(relay.fates)['lost'] and Counter(relay.fates)['doubled']


def dead_port():
    """Return the options for a port where nothing listens any more."""
    listener = Plain('inet-dgram')
    listener.close()
    return listener


def test_a_dead_port(ours):
    """A connected client is told (ICMP, ECONNREFUSED); an unconnected one hears nothing, which is all it can say."""
    dead = dead_port()
    with closing(Client(ours, dead)) as client:
        assert client.run([b'hello'], [], SECONDS, 5).status == verdict.PASS
        assert client.process.errors == (
            'client: unreachable: cannot reach 127.0.0.1:%s: Connection refused\n' % dead.where[1])
    with closing(Client(ours, dead_port(), ['--unconnected', '--timeout', '0.5'])) as client:
        assert client.run([b'hello'], [], SECONDS, 4).status == verdict.PASS
        assert client.process.errors == 'client: timed-out: silence for 0.5 s\n'


@pytest.mark.parametrize('transport', ['inet-dgram', 'inet6-dgram', 'unix-dgram'])
def test_strangers_are_not_listened_to(ours, transport):
    """The kernel sees to it where the socket is connected; where it is not, the client has to."""
    with closing(Plain(transport)) as listener, closing(Plain(transport)) as stranger:
        with closing(Client(ours, listener, ['--unconnected'])) as client:
            client.process.exchange(lines([b'hello']), 0, SECONDS)
            _, address = listener.sock.recvfrom(100)
            stranger.sock.sendto(b'HELLO', address)
            listener.sock.sendto(b'hello', address)
            assert client.finish([b'hello'], SECONDS).status == verdict.PASS


def test_one_client_without_a_name(ours):
    """On unix sockets a client can have no address; the server cannot answer, and goes on."""
    with closing(Server(ours, 'echo', '-', 'unix-dgram', SECONDS, ['-v'])) as server:
        with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as nameless:
            nameless.sendto(b'hello', server.where[1])
        with closing(dial(server, 'unix-dgram')) as sock:
            sock.send(b'x')
            assert sock.recv(100) == b'x'
        assert server.process.errors == 'server: unix: has no address to answer to\n'


def test_a_datagram_too_long_from_a_client_without_a_name(ours):
    with closing(Server(ours, 'echo', '-', 'unix-dgram', SECONDS, ['--max-frame', '5'])) as server:
        with closing(dial(server, 'unix-dgram')) as sock:
            sock.send(b'hello')
            assert sock.recv(6) == b'hello'
            with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as nameless:
                nameless.sendto(b'123456', server.where[1])
            sock.send(b'again')
            assert sock.recv(6) == b'again'
        assert server.stop(SECONDS).status == verdict.PASS
        assert server.process.errors == 'server: unix: too-long: datagram of more than 5 bytes\n'


def test_a_client_that_does_not_read_holds_up_nobody(ours):
    """On unix sockets a full queue makes the sender wait; the server drops the answer instead."""
    with closing(Server(ours, 'echo', '-', 'unix-dgram', SECONDS)) as server:
        with closing(dial(server, 'unix-dgram')) as deaf, closing(dial(server, 'unix-dgram')) as sock:
            for _ in range(100):
                deaf.send(b'x')
            sock.send(b'y')
            assert sock.recv(100) == b'y'


@pytest.mark.parametrize('transport', ['inet-dgram', 'inet6-dgram', 'unix-dgram'])
def test_the_same_for_the_thousandth_time(ours, transport):
    """It may be an answer to the server's own answer: one is lost, which ends a loop; a client would ask again."""
    # One pair of addresses in a thousand shares a slot of the server's, and then no one of them is ever lost.
    said = _said_to_the_same(ours, transport) or _said_to_the_same(ours, transport)
    assert said == ['not answered: the same, 1001 times in a row: maybe it is an answer'] * 3


def _said_to_the_same(ours, transport):
    """Send the same a thousand times, thrice, while another client does, too; return what the server says to that."""
    # Little room: PyPy touches all of it for each datagram.
    with closing(Server(ours, 'upper', '-', transport, SECONDS, ['--max-frame', '1'])) as server:
        with closing(dial(server, transport)) as sock, closing(dial(server, transport)) as other:
            for _ in range(3):
                for number in range(1000):
                    sock.send(b'x')
                    assert sock.recv(100) == b'X', number
                    if number % 100 == 0:
                        other.send(b'x')
                        assert other.recv(100) == b'X'
                sock.send(b'x')
                sock.send(b'y')
                if sock.recv(100) != b'Y':
                    return []
        assert server.stop(SECONDS).status == verdict.PASS
        return [line.split(': ', 2)[2] for line in server.process.errors.splitlines()]


@pytest.fixture
def forge():
    """Return a function that sends a UDP datagram of a false port, over IPv4's loopback."""
    try:
        raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
    except EnvironmentError:
        pytest.skip('only root can forge')
    with closing(raw):
        yield lambda source, target: raw.sendto(
            struct.pack('>4H', source, target, 8 + 4, 0) + b'loop', ('127.0.0.1', 0))


def said_by(server):
    """Wait for a line of a server's log."""
    wait_until(lambda: server.process.errors.endswith('\n'))
    return server.process.errors


def test_forged_in_its_own_name(ours, forge):
    with closing(Server(ours, 'echo', '-', 'inet-dgram', SECONDS)) as server:
        port = int(server.address[1])
        forge(port, port)
        assert said_by(server) == (
            "server: 127.0.0.1:%d: not answered: it has the server's own address\n" % port)


def test_forged_in_its_own_name_where_it_has_every_address(ours, forge):
    with closing(Server(ours, 'echo', '-', 'inet-dgram', SECONDS, ['--host', '0.0.0.0'])) as server:
        port = int(server.address[1])
        forge(port, port)
        assert ': not answered: the same, 1001 times in a row' in said_by(server)


@pytest.mark.parametrize('port', [7, 19, 1023])
def test_forged_in_the_name_of_a_service(ours, forge, port):
    with closing(Server(ours, 'echo', '-', 'inet-dgram', SECONDS)) as server:
        forge(port, int(server.address[1]))
        assert said_by(server) == 'server: 127.0.0.1:%d: not answered: no client has a port below 1024\n' % port


def test_two_servers_do_not_answer_each_other_for_ever(ours, forge):
    servers = [Server(ours, 'echo', '-', 'inet-dgram', SECONDS) for _ in range(2)]
    try:
        first, second = [int(server.address[1]) for server in servers]
        forge(second, first)
        said = wait_until(lambda: ''.join(server.process.errors for server in servers))
        assert said == (
            'server: 127.0.0.1:%d: not answered: the same, 1001 times in a row: maybe it is an answer\n' % second)
    finally:
        for server in servers:
            server.close()
