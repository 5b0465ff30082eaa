"""Unkind peers and machines: every cell of docs/hostile.md, once more.

A server is shared by the faults of hostile clients, which is the point: it has to be as it was before each of them.
"""

import io

import pytest

from interop_tests import verdict
from interop_tests.hostile import __main__ as hostile
from interop_tests.hostile import servers
from interop_tests.hostile.table import FAULTS, faults
from interop_tests.hostile.victims import SECONDS, Victim


@pytest.fixture(scope='module')
def victim_of():
    """Return the victim of a peer and a model, which the tests of this module share."""
    found = {}

    def victim(peer, model):
        if (peer, model) not in found:
            found[peer, model] = Victim(peer, model)
        return found[peer, model]
    yield victim
    for one in found.values():
        one.close()


@pytest.mark.parametrize('fault', faults('client') + faults('machine'), ids=lambda fault: fault.name)
def test_a_server(ours, model, fault, victim_of):
    reason = hostile.impossible(fault, model)
    if reason is not None:
        pytest.skip(reason)
    hostile.run(fault, victim_of(ours, model))


@pytest.mark.parametrize('name', servers.ROWS)
def test_a_client(ours, name):
    found = servers.against(name, ours, SECONDS)
    assert found.status == verdict.PASS, found.text


def test_the_page_is_up_to_date():
    with io.open(hostile.PAGE, encoding='utf-8') as page:
        assert page.read() == hostile.page(), 'python3 -m interop_tests.hostile makes it'


def test_every_fault_says_what_it_does():
    for fault in FAULTS.values():
        assert fault.sentence.endswith('.') and fault.done and fault.must
        assert (fault.only is None) == (not fault.why_not)
