"""Addresses: how they are shown, which of them are loopback, and those that need a scope."""

import socket
from contextlib import closing

import pytest

from interop_tests import peers, verdict
from interop_tests.process import Process
from interop_tests.programs import Client
from interop_tests.wire import SECONDS
from pyside.net import address

SHOWN = [
    (('127.0.0.1', 7000), '127.0.0.1:7000', True),
    (('0.0.0.0', 7000), '0.0.0.0:7000', False),
    (('::1', 7000, 0, 0), '[::1]:7000', True),
    (('fe80::1', 7000, 0, 2), '[fe80::1%2]:7000', False),
    # As Python before 3.7 has it.
    (('fe80::1%eth0', 7000, 0, 2), '[fe80::1%2]:7000', False),
    ('/tmp/s', '/tmp/s', True),
    ('', 'unix', True),
    (b'\0name', '@name', True),
]


@pytest.mark.parametrize('found, name, is_loopback', SHOWN, ids=[row[1] for row in SHOWN])
def test_shown(found, name, is_loopback):
    assert (address.name(found), address.is_loopback(found)) == (name, is_loopback)


@pytest.mark.parametrize('host, family', [
    ('127.0.0.1', 'inet'), ('::1', 'inet6'), ('fe80::1%eth0', 'inet6'), ('localhost', None), ('127.1', None),
    ('', None)])
def test_family_of_a_host(host, family):
    assert address.family_of(host) == family


def link_local():
    """Return an address of this machine that needs a scope, and the number of its interface; or None."""
    try:
        with open('/proc/net/if_inet6') as table:
            rows = [line.split() for line in table]
    except IOError:
        return None
    for digits, number, _, scope, _, _ in rows:
        if scope == '20':
            return ':'.join(digits[i:i + 4] for i in range(0, 32, 4)), int(number, 16)
    return None


def test_a_scope_is_announced(ours):
    """And what is announced can be dialled, by a client in either language."""
    if link_local() is None:
        pytest.skip('no interface has a link-local address')
    host, number = link_local()
    scoped = '%s%%%d' % (host, number)
    with closing(Process(peers.command(ours, 'server') + ['echo', '--family', 'inet6', '--host', scoped])) as process:
        word, announced, port = process.exchange(b'', 1, SECONDS)[0].decode('ascii').split()
        assert (word, announced.partition('%')[2]) == ('LISTENING', str(number))
        assert socket.inet_pton(socket.AF_INET6, announced.partition('%')[0]) == socket.inet_pton(socket.AF_INET6, host)
        for peer in (peers.PEERS[0], peers.this_python()[0]):
            with closing(Client(peer, Announced(announced, port))) as client:
                assert client.run([b'hello'], [b'hello'], SECONDS).status == verdict.PASS


class Announced(object):
    """What :class:`programs.Client` needs to reach a server."""

    options = ['echo', '--family', 'inet6']

    def __init__(self, host, port):
        self.where = ['--host', host, '--port', port]
