"""Each fault of ``broken_peers`` is named by the check that is there for it, and the right peer by none."""

import sys

import pytest

from interop_tests import trials
from interop_tests.broken_peers import client_faults, server_faults  # noqa: F401
from interop_tests.broken_peers.table import FAULTS
from interop_tests.checks.all import CHECKS
from interop_tests.judging import Judge
from interop_tests.peers import Peer
from interop_tests.trials import Trials

pytestmark = pytest.mark.skipif(
    sys.version_info < (3, 8), reason='what the suite makes of other peers does not depend on its own Python')

SECONDS = 2.5


def broken(name):
    return Peer('broken', '%s -m interop_tests.broken_peers %s {role}' % (sys.executable, name))


def trial(peer, role, cell):
    """Return the trial of a cell, ``frame-u8/inet/length-255``."""
    protocol, transport, name = cell.split('/')
    protocol, _, frame_format = protocol.partition('-')
    return trials.Trial(CHECKS[role, name], peer, protocol, frame_format or '-', transport)


def judged(cells):
    """Try cells as a run does; return ``{name of the check: Verdict}``."""
    judge = Judge(SECONDS)
    try:
        return {cell.check.name: found for cell, found in judge.judge(Trials(cells, lambda name: 'again ' + name))}
    finally:
        judge.stop()


CASES = [(fault, named) for fault in FAULTS for named in fault.named]


@pytest.mark.parametrize('fault, named', CASES, ids=['%s-%s' % (fault.name, named.cell.replace('/', '-'))
                                                     for fault, named in CASES])
def test_a_fault_is_named(fault, named):
    one = trial(broken(fault.name), fault.role, named.cell)
    found = judged([one])[one.check.name]
    assert (found.status, named.words in found.text) == (named.status, True), found.text


def test_there_are_many_faults_of_both_roles():
    names = [fault.name for fault in FAULTS]
    assert len(names) == len(set(names)) >= 80
    assert {fault.role for fault in FAULTS} == {'server', 'client'}
