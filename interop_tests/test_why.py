"""``python -m pyside why``: each naive program of the lessons is recognised, and the right ones raise no finding."""

import importlib
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import closing

import pytest

from interop_tests import peers, test_links
from interop_tests import test_trace as pairs
from interop_tests.lessons import LESSONS
from interop_tests.lessons import stage as lesson_stage
from interop_tests.process import ROOT
from interop_tests.recorder.programs import needs_c
from pyside.calls import preloading
from pyside.trace import conversation, detecting, lines, staging, why
from pyside.trace.findings import KINDS

# The findings by which each lesson's program is recognised: one of them at least.
EXPECTED = {
    'one_recv': ['one-recv'],
    'empty_recv': ['spinning'],
    'reset': ['died-of-reset'],
    'bytes_and_text': ['one-recv', 'text'],
    # In Python, the stranger's reset takes the server with it before the client comes: see below.
    'sticky_reads': ['left-behind', 'died-of-reset'],
    'size_without_end': ['misread', 'unanswered'],
    'unexpected_greeting': ['speaks-first'],
    'nothing_to_say': ['empty-send'],
    'partial_send': ['part-lost'],
    'lost_datagram': ['no-answer'],
    'slow_reader': ['slow-reader'],
    'zombies': ['zombies', 'kept-open'],
    'empty_line': ['empty-send'],
}

# One of the programs spins: its first calls tell.
CALLS = 5000


class Watched(lesson_stage.Stage):
    """A stage whose programs are recorded, each for itself."""

    def __init__(self, lesson, language):
        lesson_stage.Stage.__init__(self, lesson, language)
        self._watched = []
        self.found = []

    def prefixed(self, words):
        context = staging.stage(CALLS)
        files = context.__enter__()
        environment = lines.environment(preloading.environment(files.recording, {}, files.notes), files.lines, CALLS)
        self._watched.append((context, files))
        return ['env', 'PYTHONPATH=' + environment.pop('PYTHONPATH') + os.pathsep + ROOT] + [
            '%s=%s' % item for item in sorted(environment.items())] + words

    def _command(self, name):
        return self.prefixed(lesson_stage.Stage._command(self, name))

    def close(self):
        facts = [self._facts(process) for process in self._started]
        lesson_stage.Stage.close(self)
        for number, (context, files) in enumerate(self._watched):
            seen = conversation.of(files.recording, files.notes, files.lines)
            self.found += detecting.find(seen, facts[number] if facts else detecting.Facts(None, 0))
            context.__exit__(None, None, None)

    def _facts(self, process):
        return detecting.Facts(process.poll(), why.zombies(process.pid) if process.poll() is None else 0)


@pytest.fixture
def unchecked(monkeypatch):
    """Leave out the ledger, which test_checker.py asks about all these programs at once."""
    monkeypatch.setattr('pyside.ledger.check.found_in', lambda paths: [])


@pytest.fixture(params=['python', 'c'])
def language(request):
    if request.param == 'c':
        needs_c(request)
    return request.param


@pytest.mark.parametrize('lesson', LESSONS)
def test_naive_programs_are_recognised(lesson, language, unchecked, monkeypatch):
    # A program that spins is an expense, and its transcript is for test_lessons.py.
    monkeypatch.setattr(lesson_stage, 'AWAY_SECONDS', 1)
    experiment = importlib.import_module('interop_tests.lessons.%s.experiment' % lesson)
    with closing(Watched(lesson, language)) as stage:
        experiment.naive(stage)
        if 'the server does not start' in ''.join(stage.lines):
            pytest.skip('its module is gone from Python 3')
    if 'NameError' in ''.join(stage.lines):
        pytest.skip('in Python 2, input evaluates what is typed: it never comes to the socket')
    kinds = {one.kind for one in stage.found}
    assert kinds & set(EXPECTED[lesson]), (kinds, stage.lines)


@pytest.mark.parametrize('lesson', LESSONS)
def test_right_programs_raise_no_finding(lesson, language, unchecked, monkeypatch):
    experiment = importlib.import_module('interop_tests.lessons.%s.experiment' % lesson)
    with closing(Watched(lesson, language)) as stage:
        plain = peers.command
        monkeypatch.setattr('interop_tests.programs.command', lambda peer, role: stage.prefixed(plain(peer, role)))
        experiment.ours(stage)
    assert [why.text([one], None) for one in stage.found] == []


# What is wrong with a server or a client, and the finding.
LONG_ANSWER = """\
connection.recv(100)
connection.sendall(b'x' * 3000)
connection.recv(100)
"""
PIECES = [
    ('left-behind', pairs.one(LONG_ANSWER), pairs.naive('sticky_reads', 'naive_client')),
    ('deadlock', pairs.one('connection.recv(1)'), pairs.caller('s.recv(1)')),
    ('unread', pairs.one('connection.recv(1)\nconnection.close()\nlistener.accept()'), pairs.caller(
        "s.sendall(b'hello\\n')\ntime.sleep(0.3)\nsocket.create_connection(s.getpeername())")),
    ('sigpipe', pairs.one('connection.close()\nlistener.accept()'), pairs.caller(
        "import signal\nsignal.signal(signal.SIGPIPE, signal.SIG_DFL)\ns.recv(1)\n"
        "for _ in range(9):\n    s.send(b'x')\n    time.sleep(0.1)")),
    ('not-accepted', pairs.one('connection.recv(1)'), pairs.caller(
        "t = socket.create_connection(s.getpeername())\ns.settimeout(0.5)\n"
        "try:\n    t.recv(1) if not s else s.recv(1)\nexcept socket.timeout:\n    os._exit(0)")),
]


@pytest.mark.parametrize('kind, server, client', PIECES, ids=[row[0] for row in PIECES])
def test_pairs(kind, server, client):
    found, status = pairs.traced(server, client, seconds=3)
    assert kind in [one.kind for one in detecting.find(found, detecting.Facts(status, 0))]


SILENT = """\
while connection.recv(100):
    pass
"""


def test_an_answer_that_does_not_come():
    """The peer has it in a buffer of its own, say: the client asks, waits in poll, and gives up."""
    found, status = pairs.traced(pairs.one(SILENT), pairs.caller(
        "s.settimeout(1.1)\ns.sendall(b'hello')\ntry:\n    s.recv(1)\nexcept socket.timeout:\n    s.close()"))
    assert [one.kind for one in detecting.find(found, detecting.Facts(status, 0))] == ['waits']


# Programs that nobody here wrote.

def test_curl_and_the_server_of_the_standard_library(tmpdir):
    if sys.version_info < (3, 7) or not preloading.which('curl'):
        pytest.skip('it needs curl, and a http.server that takes --directory')
    tmpdir.join('a').write('hello')
    server = [sys.executable, '-m', 'http.server', '0', '--bind', '127.0.0.1', '--directory', str(tmpdir)]
    client = ['curl', '-s', 'http://127.0.0.1:{port}/a', 'http://127.0.0.1:{port}/a', 'http://127.0.0.1:{port}/none']
    found, status = pairs.traced(server, client)
    assert status == 0 and len(found.connections) >= 1
    assert [why.text([one], None) for one in detecting.find(found, detecting.Facts(status, 0))] == []


def test_address_in_use(tmpdir):
    code = "import socket; a = socket.socket(); a.bind(('127.0.0.1', 0)); b = socket.socket(); b.bind(a.getsockname())"
    status, said = why_command('--', sys.executable, '-c', code)
    assert status == 1
    assert 'Its address is still in use' in said and 'SO_REUSEADDR was not set' in said
    assert 'docs/claims.md#claim-4' in said


def test_nothing_is_found():
    code = 'import socket; a, b = socket.socketpair(); a.send(b"x"); b.recv(1)'
    status, said = why_command('--', sys.executable, '-c', code)
    assert status == 0 and re.match(r'why: no known trouble in \d+ calls of 1 connections\n$', said), said


def why_command(*words):
    process = subprocess.Popen([sys.executable, '-m', 'pyside', 'why'] + list(words), cwd=ROOT,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    _, errors = process.communicate()
    # What the program says itself comes first.
    return process.returncode, errors.decode('utf-8')


def test_a_server_is_told_to_stop():
    """SIGTERM ends the program, and then it is said what was seen."""
    process = subprocess.Popen(
        [sys.executable, '-m', 'pyside', 'why', '--'] + pairs.naive('one_recv', 'naive_server'),
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    port = int(process.stdout.readline())
    with closing(socket.create_connection(('127.0.0.1', port))) as client:
        client.sendall(b'hello')
        assert client.recv(100) == b'HELLO'
        assert client.recv(100) == b''
    process.send_signal(signal.SIGTERM)
    errors = process.communicate()[1].decode('utf-8')
    assert process.returncode == 1
    assert 'naive_server.py:6: It takes what one recv brought for a whole message.' in errors
    assert 'recv(' in errors and 'docs/lessons/01-one-recv.md' in errors


BAD = [
    ([], "-- COMMAND is needed, or --pair 'SERVER COMMAND' 'CLIENT COMMAND'"),
    (['--pair', 'a'], "--pair needs two commands: 'SERVER COMMAND' 'CLIENT COMMAND'"),
    (['--what', '1', '--', 'true'], 'no option --what; -- stands in front of the program'),
    (['--seconds', 'x', '--', 'true'], '--seconds must be a number from 1 to 86400, not x'),
    (['--output', '/nowhere/x', '--', 'true'], '/nowhere/x: No such file or directory'),
]


@pytest.mark.parametrize('words, error', BAD, ids=[' '.join(row[0]) or 'nothing' for row in BAD])
def test_usage(words, error):
    assert why_command(*words) == (2, 'why: %s\n' % error)


def test_what_cannot_be_run():
    assert why_command('--', 'no-such-program') == (127, 'why: no-such-program is no program, or not found\n')


@pytest.mark.parametrize('kind', sorted(KINDS))
def test_pages_are_there(kind):
    for page in KINDS[kind].pages:
        path, _, anchor = page.partition('#')
        text = test_links.read(path)
        assert not anchor or anchor in test_links.anchors(text), page
