"""Each fault of ``broken_peers`` is named by the check that is there for it, and the right peer by none."""

import sys

import pytest

from interop_tests import trials, verdict
from interop_tests.broken_peers import client_faults, server_faults  # noqa: F401
from interop_tests.broken_peers.table import FAULTS
from interop_tests.checks.all import CHECKS
from interop_tests.judging import Judge
from interop_tests.peers import Peer
from interop_tests.trials import Trials
from interop_tests.verdict import Verdict

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


SMALL_BACKLOG = (
    'import runpy, socket, sys; listen = socket.socket.listen; '
    'socket.socket.listen = lambda sock, size: listen(sock, 16); sys.argv[0] = "pyside"; '
    'runpy.run_module("pyside", run_name="__main__", alter_sys=True)')


def test_a_full_backlog_is_no_refusal():
    """The contract asks for no backlog; on a unix socket a client finds EAGAIN, and tries again."""
    peer = Peer('small', "%s -c '%s' {role}" % (sys.executable, SMALL_BACKLOG))
    found, = judged([trial(peer, 'server', 'frame-u32be/unix/two-hundred-at-a-time')]).values()
    assert found.status == verdict.PASS, found.text


def test_a_client_is_not_charged_with_the_next_ones_fault(monkeypatch):
    """Each client is a process of its own: what fails at times is flaky, and not the check before it."""
    cells = [trial(broken('hangs'), 'client', 'frame-u8/unix/' + name)
             for name in ('one-conversation', 'a-wrong-reply')]
    turns = iter([verdict.PASS, verdict.WRONG_ANSWER, verdict.PASS])
    monkeypatch.setattr(Trials, '_try_client', lambda self, judge, one: Verdict(next(turns), 'at times'))
    monkeypatch.setattr(Trials, 'lacks', lambda self, cell: None)
    found = judged(cells)
    assert [found[cell.check.name].status for cell in cells] == [verdict.PASS, verdict.FLAKY]


def test_there_are_many_faults_of_both_roles():
    names = [fault.name for fault in FAULTS]
    assert len(names) == len(set(names)) >= 80
    assert {fault.role for fault in FAULTS} == {'server', 'client'}
