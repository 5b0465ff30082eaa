"""The registry of checks, the selection of cells, and what is made of both: by the words of the contract."""

import io
import os
import re
import subprocess
import sys

import pytest

from interop_tests import matrix, patience, peers, selection, trials
from interop_tests.checks import __main__ as page
from interop_tests.checks.all import CHECKS
from interop_tests.checks.clauses import CLAUSES
from interop_tests.judging import Judge
from interop_tests.known_failures import BadFile, KnownFailures
from interop_tests.peers import Peer
from interop_tests.process import ROOT

PYTHONS = ['py27', 'py36', 'py37', 'py38', 'py313']
EVERY_LINE = ['protocol ' + name for name in matrix.PROTOCOL_FORMATS] + [
    'format u8', 'format u32be', 'family inet', 'family inet6', 'family unix', 'type stream', 'type dgram',
    'type seqpacket']


def read(path):
    with io.open(os.path.join(ROOT, path), encoding='utf-8') as text:
        return text.read()


def words(text):
    return re.sub(r'\s+', ' ', text)


def test_the_page_is_up_to_date():
    assert page.page() == read('docs/checks.md'), 'make docs'


@pytest.mark.parametrize('name', sorted(CLAUSES))
def test_quotations_stand_where_they_are_said_to(name):
    clause = CLAUSES[name]
    assert words(clause.quote) in words(read(clause.page.split('#')[0]))


@pytest.mark.parametrize('key', sorted(CHECKS), ids=lambda key: '-'.join(key))
def test_a_check_says_what_it_does(key):
    check = CHECKS[key]
    assert check.demand.endswith('.') and check.wire and check.expected
    assert check.clause in CLAUSES
    assert check.lesson is None or os.path.exists(os.path.join(ROOT, trials.lesson_page(check.lesson)))


def rows():
    """Peers that exist in name only, with everything listed."""
    found = [Peer('c', 'c_ref/bin/{role}', True), Peer('perl', 'perl peer.pl {role}', True)]
    return found + [Peer(name, '%s -m pyside {role}' % name, True) for name in PYTHONS]


@pytest.fixture
def listed(monkeypatch):
    for peer in rows():
        monkeypatch.setitem(peers._lists, peer, EVERY_LINE)


def language(peer):
    return 'python' if '-m pyside' in peer.command else peer.name


@pytest.mark.parametrize('role', ['client', 'server'])
def test_every_peer_meets_foreign_ones_with_everything(listed, role):
    """The default run: each protocol, framing, transport and case, in both roles, with another language."""
    cells = [cell for group in selection.groups(rows(), selection.COVERING) if group.kind == 'pairs'
             for cell in group.cells]
    for peer in rows():
        met = [cell for cell in cells if getattr(cell.route, role) == peer
               and language(cell.route.client) != language(cell.route.server)]
        every = [cell for route in matrix.routes(peer, peer) for cell in matrix.cells(route)]
        for what in ('protocol', 'format', 'transport'):
            assert {getattr(cell.route, what) for cell in met} == {getattr(cell.route, what) for cell in every}
        assert {cell.case for cell in met} == {cell.case for cell in every}


def test_the_default_run_has_every_check_for_every_peer(listed):
    tried = {(trial.peer.name, trial.check.role, trial.check.name)
             for group in selection.groups(rows(), selection.COVERING) if group.kind == 'checks'
             for trial in group.cells}
    assert tried == {(peer.name,) + key for peer in rows() for key in CHECKS}


def test_the_full_product_is_full(listed):
    found = selection.groups(rows(), selection.FULL)
    pairs = len(rows()) ** 2
    of_a_pair = sum(len(matrix.cells(route)) for route in matrix.routes(rows()[0], rows()[0]))
    assert sum(len(group.cells) for group in found if group.kind == 'pairs') == pairs * of_a_pair


def test_ones_own_peer_meets_c_itself_and_the_newest_python(listed, monkeypatch):
    mine = Peer('mine', 'mine {role}')
    monkeypatch.setitem(peers._lists, mine, EVERY_LINE)
    found = selection.groups(rows() + [mine], selection.MINE, ['mine'])
    pairs = {(cell.route.client.name, cell.route.server.name) for group in found if group.kind == 'pairs'
             for cell in group.cells}
    assert pairs == {('mine', 'mine'), ('mine', 'c'), ('c', 'mine'), ('mine', 'py313'), ('py313', 'mine')}
    assert {trial.peer.name for group in found if group.kind == 'checks' for trial in group.cells} == {'mine'}


def test_names_that_stand_for_a_python(monkeypatch):
    monkeypatch.setattr(peers, 'all_pythons', lambda: [Peer('pypy3', 'pypy3 -m pyside {role}', True)] + rows()[2:])
    assert peers.named('c,oldest,newest,pypy3') == ['c', 'py27', 'py313', 'pypy3']


def test_names_are_unique(listed):
    for chosen in (selection.COVERING, selection.FULL):
        found = selection.groups(rows(), chosen)
        names = [matrix.cell_id(cell) if group.kind == 'pairs' else trials.trial_id(cell)
                 for group in found for cell in group.cells]
        assert len(names) == len(set(names))
        assert len({group.identity for group in found}) == len(found)


@pytest.mark.parametrize('name, longer', [(name, 3) for name in trials.WITH_MEGABYTES] + [('one-conversation', 1)])
def test_what_moves_megabytes_may_take_longer(name, longer):
    """However short the other steps of a peer are."""
    judge = Judge(15)
    trial = trials.Trial(CHECKS['client', name], Peer('mine', 'mine {role}'), 'frame', 'u32be', 'unix')
    tried = trials.Trials([trial], None)
    judge.patience.passed(('mine', 'client'), 0.01)
    assert tried._seconds(judge, trial) == longer * patience.LEAST_SECONDS


def test_known_failures(tmpdir):
    path = tmpdir.join('known')
    path.write('# why\n\nsuite-to-mine/greet/*   #12: no limit yet\nmine-to-*/upper/* not finished\n')
    known = KnownFailures(str(path))
    assert known.reason('suite-to-mine/greet/unix/silence') == '#12: no limit yet'
    assert known.reason('suite-to-mine/echo/unix/silence') is None
    assert known.unmatched(['suite-to-mine/greet/unix/silence']) == [
        '%s, line 4: mine-to-*/upper/* matches no cell of this run' % path]


def test_a_known_failure_needs_a_reason(tmpdir):
    path = tmpdir.join('known')
    path.write('suite-to-mine/greet/*\n')
    with pytest.raises(BadFile) as error:
        KnownFailures(str(path))
    assert str(error.value) == '%s, line 1: expected a pattern and, behind a space, the reason' % path


def test_known_failures_are_text(tmpdir):
    path = tmpdir.join('known')
    path.write(b'suite-to-mine/greet/* \xff\n', 'wb')
    with pytest.raises(BadFile) as error:
        KnownFailures(str(path))
    assert str(error.value) == '%s: expected text in UTF-8: invalid start byte at byte 22' % path


def play(*arguments):
    process = subprocess.Popen(
        [sys.executable, '-m', 'interop_tests', 'play'] + list(arguments), cwd=ROOT,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, close_fds=True)
    said, errors = process.communicate()
    return process.returncode, said.decode('utf-8'), errors.decode('utf-8')


def c_command():
    return peers.PEERS[0].command


@pytest.mark.parametrize('arguments', [
    ['replies-owed-at-half-close', '--protocol', 'echo'],
    ['one-conversation', '--protocol', 'frame', '--format', 'varint'],
    ['a-wrong-reply', '--client', '--protocol', 'upper'],
    ['stops-at-sigterm'],
    ['each-datagram-is-answered', '--transport', 'inet-dgram'],
], ids=lambda arguments: arguments[0])
def test_the_player_with_a_program(arguments):
    status, said, errors = play(*(arguments + ['--peer', c_command()]))
    assert (status, errors) == (0, '')
    assert said.endswith('pass: nothing differed\n')


def test_the_player_with_a_server_that_runs():
    from interop_tests.programs import Server
    server = Server(peers.PEERS[0], 'upper', '-', 'inet', 15)
    try:
        status, said, _ = play('replies-owed-at-half-close', '--protocol', 'upper', '--port', server.address[1])
        assert status == 0 and "suite: 6f 6e 65 74 77 6f 74 68 72 65 65 'onetwothree'" in said
        status, said, _ = play('replies-owed-at-half-close', '--protocol', 'echo', '--port', server.address[1])
        assert status == 1 and 'wrong-answer' in said and 'expected: 6f 6e 65' in said
    finally:
        server.kill()


@pytest.mark.parametrize('arguments, words', [
    (['one-conversaton', '--port', '1'], 'no check one-conversaton; did you mean one-conversation'),
    (['one-conversation', '--protocol', 'nosuch', '--port', '1'], 'is tried with command, count, echo'),
    (['one-conversation', '--protocol', 'echo'], 'say where the server listens, with --port or --path'),
    (['stops-at-sigterm', '--port', '1'], 'looks at the program, not only at the wire'),
    (['one-conversation', '--port', '99999'], '--port takes a number from 1 to 65535, not 99999'),
    (['one-conversation', '--peer', '/no/such/program {role}'], '/no/such/program {role}: No such file or directory'),
    (['one-conversation', '--client', '--peer', '/no/such/program {role}'], 'No such file or directory'),
    (['one-conversation', '--peer', "a 'b"], "--peer a 'b: No closing quotation"),
], ids=['check', 'protocol', 'port', 'program', 'port-number', 'server', 'client', 'quotation'])
def test_slips_of_the_player(arguments, words):
    status, said, errors = play(*arguments)
    assert status == 2
    assert words in errors and errors.startswith('play: ') and errors.count('\n') == 1


def test_the_player_waits_for_a_client():
    """It says how to run the client, answers it wrongly, and says what the client must have done."""
    from interop_tests.process import Process
    player = Process([sys.executable, '-m', 'interop_tests', 'play', 'a-wrong-reply', '--listen', '--protocol', 'echo'])
    try:
        said = player.read_until(b'the end of input\n', 15).decode('utf-8')
        port = re.search(r'--port (\d+)', said).group(1)
        client = Process(peers.command(peers.PEERS[0], 'client') + ['echo', '--port', port])
        client.exchange(b'hello\n', 0, 15)
        client.close_input()
        assert client.read_to_end(15) == b'hellO\n' and client.wait(15) == 1
        client.close()
        rest = player.read_to_end(15).decode('utf-8')
        assert player.wait(15) == 0
        assert 'and to end with the exit status 1' in rest
    finally:
        player.close()
