"""The suite checks itself: slips of the command line, and what a failing cell says."""

import fcntl
import io
import json
import os
import subprocess
import sys

import pytest

from interop_tests import cases, matrix, peers, proc
from interop_tests.process import ROOT
from interop_tests.wire import SECONDS
from pyside.net.compat import clock
from pyside.net.netio import poll

BROKEN = '%s -m interop_tests.broken_peers %%s {role}' % sys.executable


def run_matrix(*options):
    """Run the matrix; return its exit status and what it said."""
    process = subprocess.Popen(
        [sys.executable, '-m', 'pytest', 'interop_tests/test_matrix.py', '-q', '-p', 'no:cacheprovider']
        + list(options), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, close_fds=True)
    said = process.communicate()[0].decode('utf-8', 'replace')
    return process.returncode, said


CANNOT_LIST = [
    ('true {role}', 'listed 0 lines and ended with status 0; on standard error: nothing'),
    ('false {role}', 'listed 0 lines and ended with status 1'),
    ('/no/such/program {role}', '/no/such/program list cannot be started: No such file or directory'),
]


@pytest.mark.parametrize('command, words', CANNOT_LIST, ids=['silent', 'failing', 'no-program'])
def test_a_peer_that_cannot_list_is_an_error_of_the_run(command, words):
    """Before any cell, and never "unsupported"."""
    status, said = run_matrix('--peer', 'broken=' + command)
    assert status == 4 and words in said


@pytest.mark.parametrize('name', ['c', 'newest'])
def test_a_name_that_is_taken(name):
    status, said = run_matrix('--peer', name + '=true {role}')
    assert status == 4 and '--peer: there is a peer %s already; take another name' % name in said


def test_an_unknown_name_is_an_error_of_the_run():
    status, said = run_matrix('--only', 'c,py72')
    assert status == 4
    assert '--only: no peer py72; there are: c, ' in said


@pytest.mark.parametrize('options, words', [
    (['--cell', 'nope/*'], 'no cells at all: nothing would be tested (--only c, --cell nope/*'),
    (['--report', '/no/such/folder/report.html'], '--report /no/such/folder/report.html: cannot be written'),
    (['--junit', '/'], '--junit /: cannot be written'),
], ids=['no-cells', 'report', 'junit'])
def test_what_cannot_end_well_does_not_begin(tmpdir, options, words):
    """And the results of the run before are still there."""
    results = tmpdir.join('results.jsonl')
    results.write('of the run before')
    status, said = run_matrix('--only', 'c', '--results', str(results), *options)
    assert status == 4 and words in said
    assert results.read() == 'of the run before'


def test_two_runs_do_not_share_a_file(tmpdir):
    results = tmpdir.join('results.jsonl')
    results.write('of the other run')
    folder = os.open(str(tmpdir.mkdir('results.jsonl.started')), os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        status, said = run_matrix('--only', 'c', '--results', str(results))
    finally:
        os.close(folder)
    assert status == 4 and 'another run writes it; name another file' in said
    assert results.read() == 'of the other run'


def test_a_failing_cell_says_how_to_repeat_it(tmpdir):
    """A real run of pytest: it fails, and the commands are in the file of results."""
    results = str(tmpdir.join('results.jsonl'))
    cell = 'c-to-broken/echo/inet/one-byte'
    status, said = run_matrix('--peer', 'broken=' + BROKEN % 'wrong-byte', '--cell', cell, '--results', results)
    assert status == 1 and cell + ': wrong-answer: ' in said
    with io.open(results, encoding='utf-8') as lines:
        found, = [line for line in map(json.loads, lines) if line.get('cell') == cell and 'detail' in line]
    assert found['detail']['stderr']['client'].startswith('client: wrong: ')
    by_hand = {one['what']: one['command'] for one in found['detail']['commands']}
    assert 'interop_tests.broken_peers wrong-byte server echo --family inet --port 7000' in by_hand['the server']
    assert '-m interop_tests.cases echo - one-byte | ' in by_hand['the client']
    assert '--cell %s ' % cell in by_hand['this cell'] and '--case-seconds' in by_hand['this cell']


def test_the_commands_of_a_cell_really_run():
    """The feed that a failing cell prints is what the matrix writes."""
    found = subprocess.Popen(
        [sys.executable, '-m', 'interop_tests.cases', 'frame', 'u8', 'every-byte'], cwd=ROOT,
        stdout=subprocess.PIPE, close_fds=True).communicate()[0]
    assert found == cases.lines(cases.CASES['every-byte'].messages)


def test_ids_are_unique():
    ids = [matrix.cell_id(cell) for route in matrix.routes(peers.PEERS[0], peers.PEERS[0])
           for cell in matrix.cells(route)]
    assert len(ids) == len(set(ids)) > 400


def test_every_python_that_is_found_has_a_name():
    found = [peer.name for peer in peers.all_pythons()]
    assert len(found) == len(set(found))
    assert peers.this_python()[0].name in found
    assert all(os.access(peer.command.split()[0], os.X_OK) for peer in peers.all_pythons())


def cells_of(results):
    """Return the last line of each cell, and the last line of the file."""
    with io.open(results, encoding='utf-8') as lines:
        found = [json.loads(line) for line in lines]
    return {line['cell']: line for line in found if 'cell' in line}, found[-1]


def test_a_late_death_is_charged_to_its_cause(tmpdir):
    """The server dies a moment after it has answered the cell before: that one fails, and the next one passes."""
    results = str(tmpdir.join('results.jsonl'))
    status, _ = run_matrix('--peer', 'broken=' + BROKEN % 'dies-afterwards', '--cell', 'c-to-broken/echo/inet/*',
                           '--results', results)
    found, _ = cells_of(results)
    bad = {name.split('/')[-1]: cell['status'] for name, cell in found.items() if cell['status'] != 'pass'}
    assert (status, bad) == (1, {'every-byte': 'crash'})


def test_a_peer_that_hangs_costs_a_bounded_time_and_keeps_every_verdict(tmpdir):
    results = str(tmpdir.join('results.jsonl'))
    status, said = run_matrix(
        '--peer', 'broken=' + BROKEN % 'hangs', '--cell', 'suite-to-broken/echo/*', '--cell', 'c-to-broken/echo/*',
        '--case-seconds', '2', '--results', results)
    found, end = cells_of(results)
    statuses = [cell['status'] for cell in found.values()]
    assert status == 1
    assert {'time-out', 'not-run'} <= set(statuses) and statuses.count('time-out') <= 10
    because = [cell['text'] for cell in found.values() if cell['status'] == 'not-run']
    assert all('the first was ' in text for text in because)
    assert end['end']['ended'] == 'complete' and sum(end['end']['counts'].values()) == len(found)


def test_workers_are_told_of_a_file_that_nobody_named():
    process = subprocess.Popen(
        [sys.executable, '-m', 'pytest', 'interop_tests/test_matrix.py', '-q', '-p', 'no:cacheprovider', '-n', '2',
         '--pythons', 'mine', '--only', 'c', '--cell', 'c-to-c/frame-u8/inet/length-255'],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output, _ = process.communicate()
    assert process.returncode == 0 and b'pass 1' in output, output


def test_a_run_that_is_interrupted_leaves_nothing_running(tmpdir):
    results = str(tmpdir.join('results.jsonl'))
    process = subprocess.Popen(
        [sys.executable, '-m', 'pytest', 'interop_tests/test_matrix.py', '-q', '-s', '-p', 'no:cacheprovider',
         '-n', '2', '--pythons', 'all', '--only', 'c', '--results', results],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, close_fds=True)
    deadline = clock() + SECONDS * 4
    while (not os.path.exists(results) or io.open(results).read().count('"cell"') < 20) and clock() < deadline:
        poll({}, 0.05)
    started = [pid for pid, (_, parent) in proc.processes().items() if parent in workers_of(process.pid)]
    process.terminate()
    process.communicate()
    assert process.returncode == 2
    while any(is_running(pid) for pid in started) and clock() < deadline:
        poll({}, 0.05)
    assert [pid for pid in started if is_running(pid)] == []
    assert cells_of(results)[1]['end']['ended'] == 'interrupted'


def workers_of(pid):
    return set(proc.children(pid))


def is_running(pid):
    state = proc.processes().get(pid)
    return state is not None and state[0] != 'Z'


def test_known_failures_in_a_run(tmpdir):
    """What is listed and fails leaves the run green; what is listed and passes, or matches nothing, does not."""
    known = tmpdir.join('known')
    words = ['--peer', 'broken=' + BROKEN % 'wrong-byte', '--cell', 'c-to-broken/echo/inet/one-byte',
             '--cell', 'c-to-broken/echo/inet/nothing', '--known-failures', str(known)]
    known.write('c-to-broken/echo/inet/one-byte  #1: under repair\n')
    status, said = run_matrix(*words)
    assert status == 0 and 'known 1' in said
    known.write('c-to-broken/echo/inet/*  #1: under repair\nnosuch/*  gone\n')
    status, said = run_matrix(*words)
    assert status == 1
    assert 'nothing passes, but is listed as a known failure: #1: under repair' in said
    assert 'line 2: nosuch/* matches no cell of this run' in said


def test_a_failing_cell_is_traced(tmpdir):
    """The report opens the picture of another run of it."""
    pytest.importorskip('jinja2', reason='the reports need jinja2')
    cell = 'c-to-broken/frame-u8/inet/one-byte'
    status, said = run_matrix(
        '--peer', 'broken=' + BROKEN % 'wrong-byte', '--cell', cell, '--results', str(tmpdir.join('results.jsonl')),
        '--report', str(tmpdir.join('report.html')), '--traces', str(tmpdir.join('traces')))
    assert status == 1 and 'traced: 1 of the cells that failed' in said
    page = tmpdir.join('traces', 'c-to-broken_frame-u8_inet_one-byte.html').read_text('utf-8')
    assert 'frame 1' in page and 'client.c' in page
    assert '"trace":"traces/c-to-broken_frame-u8_inet_one-byte.html"' in tmpdir.join('report.html').read_text('utf-8')
