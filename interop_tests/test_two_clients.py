"""The page of the two clients: they still call what it says, and both send and receive the same."""

import io
import sys

import pytest

from interop_tests import peers
from interop_tests.recorder import clients
from pyside.calls import preloading
from pyside.ledger.versions import expected

RECORDED = clients.recorded()
# The calls that make the conversation, whatever is around them.
CONVERSATION = ('socket(', 'connect(', 'send(', 'shutdown(', 'recv(', 'close(')


@pytest.mark.parametrize('protocol', clients.PROTOCOLS)
def test_python(protocol):
    lines = expected(RECORDED[protocol]['python'], peers.this_python()[0].name)
    assert clients.essential(clients.of_python(sys.executable, protocol)) == clients.essential(lines)


@pytest.mark.parametrize('protocol', clients.PROTOCOLS)
def test_c(protocol, request):
    if request.config.getoption('--without-c'):
        pytest.skip('the programs in C are run once')
    obstacle = preloading.obstacle(peers.command(peers.PEERS[0], 'client')[0])
    if obstacle:
        pytest.skip(obstacle)
    assert clients.essential(clients.of_c(protocol)) == clients.essential(RECORDED[protocol]['c'])


@pytest.mark.parametrize('protocol', clients.PROTOCOLS)
def test_both_have_the_same_conversation(protocol):
    def conversation(lines):
        return [line.replace('MSG_NOSIGNAL', '0').replace('|SOCK_CLOEXEC', '')
                for line in lines if line.startswith(CONVERSATION)]
    for lines in RECORDED[protocol]['python'].values():
        assert conversation(lines) == conversation(RECORDED[protocol]['c'])
    assert len(conversation(RECORDED[protocol]['c'])) >= 5


def test_page_is_up_to_date():
    with io.open(clients.PAGE, encoding='utf-8') as page:
        assert page.read() == clients.page(), 'python -m interop_tests.recorder clients regenerates it'
