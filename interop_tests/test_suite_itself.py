"""The suite checks itself: peers that are broken on purpose, and each fault has to be called by its name."""

import io
import json
import os
import subprocess
import sys
from contextlib import closing

import pytest

from interop_tests import cases, matrix, peers
from interop_tests.broken_peers import POISON
from interop_tests.cases import Case
from interop_tests.matrix import Cell, Route, Runner
from interop_tests.peers import Peer
from interop_tests.process import ROOT

SECONDS = 3

SERVER_FAULTS = [
    ('none', 'pass', 'replies'),
    ('wrong', 'wrong-answer', "reply 1 of 1: expected 1 bytes 'x', got 1 bytes '?'"),
    ('hang', 'time-out', '0 of 1 replies within %g s' % SECONDS),
    ('signal', 'crash', 'the server is gone: died of SIGSEGV'),
    ('reset', 'reset', 'exit status 5'),
    ('close', 'end-of-input', 'exit status 3'),
    ('mute', 'time-out', 'the server announced nothing on stdout within %g s' % SECONDS),
    ('rubbish', 'malformed', 'Hello, I am listening!'),
    ('stillborn', 'refused', 'the server ended before it announced itself: exit status 5'),
    ('unlisted', 'unsupported', 'does not list protocol echo'),
    ('client-only', 'unsupported', 'does not list protocol echo'),
]

CLIENT_FAULTS = [
    ('none', 'pass', 'replies'),
    ('client-only', 'pass', 'replies'),
    ('wrong', 'wrong-answer', "reply 1 of 1: expected 1 bytes 'x', got 1 bytes '?'"),
    ('hang', 'time-out', '0 of 1 replies within %g s' % SECONDS),
    ('signal', 'crash', 'died of SIGSEGV'),
    ('traceback', 'crash', 'ValueError: an uncaught exception'),
    ('status', 'crash', 'exit status 42'),
    ('reset', 'reset', 'client: reset: by the other side'),
    ('close', 'end-of-input', 'expected 1 replies, got 0'),
    ('rubbish', 'malformed', 'not hex'),
    ('unlisted', 'unsupported', 'does not list protocol echo'),
]

FAULTS_AT_THE_END = [
    ('talkative', 'wrong-answer', 'expected 0 replies, got 1'),
    ('late-status', 'malformed', 'exit status 3'),
]


def broken(fault):
    return Peer('broken', '%s -m interop_tests.broken_peers %s {role}' % (sys.executable, fault))


def run(client, server, names):
    """Run cases of echo over inet; return ``{case: Verdict}``."""
    route = Route(client, server, 'echo', '-', 'inet')
    runner = Runner({route: names}, SECONDS)
    try:
        return {name: runner.verdict(Cell(route, name)) for name in names}
    finally:
        runner.stop()


def table(rows):
    return pytest.mark.parametrize('fault, status, words', rows, ids=[row[0] for row in rows])


@table(SERVER_FAULTS)
def test_broken_server(fault, status, words):
    found = run(peers.PEERS[0], broken(fault), ['one-byte'])['one-byte']
    assert found.status == status
    assert words in found.text


@table(CLIENT_FAULTS)
def test_broken_client(fault, status, words):
    found = run(broken(fault), peers.PEERS[0], ['one-byte'])['one-byte']
    assert found.status == status
    assert words in found.text


CANNOT_LIST = [
    (broken('silent-list'), 'listed 0 lines and ended with status 0; on standard error: nothing'),
    (broken('failing-list'), 'listed 0 lines and ended with status 1; on standard error: no such module: frames'),
    (Peer('broken', '/no/such/program {role}'), '/no/such/program list cannot be started: No such file or directory'),
]


@pytest.mark.parametrize('peer, words', CANNOT_LIST, ids=['silent', 'failing', 'no-program'])
def test_a_peer_that_cannot_list_is_an_error_of_the_run(peer, words):
    """Before any cell, and never "unsupported"."""
    with pytest.raises(peers.CannotList) as error:
        run(peers.PEERS[0], peer, ['one-byte'])
    assert words in str(error.value)
    status, said = run_matrix('--peer', 'broken=' + peer.command, '--only', 'c,broken')
    assert status == 4 and words in said


def test_an_unknown_name_is_an_error_of_the_run():
    status, said = run_matrix('--only', 'c,py72')
    assert status == 4
    assert '--only: no peer py72; there are: c, ' in said


def run_matrix(*options):
    """Run the matrix; return its exit status and what it said."""
    process = subprocess.Popen(
        [sys.executable, '-m', 'pytest', 'interop_tests/test_matrix.py', '-q', '-p', 'no:cacheprovider']
        + list(options), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, close_fds=True)
    said = process.communicate()[0].decode('utf-8', 'replace')
    return process.returncode, said


@table(FAULTS_AT_THE_END)
def test_client_broken_at_the_end(fault, status, words):
    found = run(broken(fault), peers.PEERS[0], ['one-byte', 'close'])
    assert found['one-byte'].status == 'pass'
    assert found['close'].status == status
    assert words in found['close'].text


@pytest.mark.parametrize('role', ['client', 'server'])
def test_a_hang_costs_one_cell(role, monkeypatch):
    """What comes after the case that hangs is run in a new client, and where needed with a new server."""
    monkeypatch.setitem(cases.CASES, 'poison', Case('poison', [POISON], False))
    one, other = broken('hang-at-poison'), peers.PEERS[0]
    pair = (one, other) if role == 'client' else (other, one)
    found = run(pair[0], pair[1], ['one-byte', 'poison', 'length-127', 'close'])
    assert [found[name].status for name in ('one-byte', 'poison', 'length-127', 'close')] == [
        'pass', 'time-out', 'pass', 'pass']


def test_a_failing_cell_says_how_to_repeat_it(tmpdir):
    """A real run of pytest: it fails, the table and the results say so, and both kinds of command are there."""
    results = str(tmpdir.join('results.jsonl'))
    node = 'interop_tests/test_matrix.py::test_cell[c-to-broken/%s/inet/one-byte]'
    with closing(subprocess.Popen(
            [sys.executable, '-m', 'pytest', node % 'echo', node % 'count', '-p', 'no:cacheprovider', '-q',
             '--peer', 'broken=' + broken('wrong').command, '--pythons', 'all', '--only', 'c,broken',
             '--results', results],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, close_fds=True).stdout) as output:
        said = output.read().decode('utf-8', 'replace')
    assert "wrong-answer: reply 1 of 1: expected 1 bytes 'x', got 1 bytes '?'" in said
    assert 'interop_tests.broken_peers wrong server echo --family inet --port 7000' in said
    client = ' '.join(peers.command(peers.PEERS[0], 'client'))
    assert '-m interop_tests.cases echo - one-byte | %s echo --family inet --port 7000 --hex' % client in said
    assert "-m pytest '%s' --pythons all --peer 'broken=" % node % 'echo' in said
    with io.open(results, encoding='utf-8') as lines:
        cells = [json.loads(line) for line in lines]
    by_status = {cell['cell']: cell['status'] for cell in cells}
    assert by_status['c-to-broken/echo/inet/one-byte'] == 'wrong-answer'
    assert by_status['c-to-broken/count/inet/one-byte'] == 'unsupported'
    assert sorted(cells[0]) == [
        'case', 'cell', 'client', 'format', 'protocol', 'seconds', 'server', 'status', 'text', 'transport']


def test_the_commands_of_a_cell_really_run():
    """The feed that a failing cell prints is what the matrix writes."""
    found = subprocess.Popen(
        [sys.executable, '-m', 'interop_tests.cases', 'frame', 'u8', 'every-byte'], cwd=ROOT,
        stdout=subprocess.PIPE, close_fds=True).communicate()[0]
    assert found == cases.lines(cases.CASES['every-byte'].messages)


def test_ids_are_unique():
    pair = [(peers.PEERS[0], peers.PEERS[0])]
    ids = [matrix.cell_id(cell) for cell in matrix.cells(pair)]
    assert len(ids) == len(set(ids)) > 400


def test_every_python_that_is_found_has_a_name():
    found = [peer.name for peer in peers.all_pythons()]
    assert len(found) == len(set(found))
    assert peers.this_python()[0].name in found
    assert all(os.access(peer.command.split()[0], os.X_OK) for peer in peers.all_pythons())
