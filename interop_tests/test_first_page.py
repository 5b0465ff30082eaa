"""The page of the first programs: what it shows is what they call, and what happens to them."""

import io
import os

import pytest

from interop_tests import peers
from interop_tests.first import experiments, recording
from interop_tests.first.drawing import PICTURE
from interop_tests.first.page import NAME, core, pages
from interop_tests.first.programs import LANGUAGES, command, source
from interop_tests.pictures import lines_of, unseen
from interop_tests.process import ROOT
from pyside.calls import preloading
from pyside.ledger.versions import expected

# What makes the conversation, whatever an interpreter calls around it.
CONVERSATION = ('setsockopt(', 'bind(', 'listen(', 'connect(', 'send(', 'recv(', 'close(')


@pytest.fixture(params=LANGUAGES)
def language(request):
    if request.param == 'c' and request.config.getoption('--without-c'):
        pytest.skip('the programs in C are run once')
    return request.param


@pytest.mark.parametrize('experiment', experiments.EXPERIMENTS, ids=[one.__name__ for one in experiments.EXPERIMENTS])
def test_experiment(experiment, language):
    assert experiments.play(experiment, language) == experiments.recorded()[experiment.__name__]


def test_calls(language):
    obstacle = preloading.obstacle(command('tcp_server', language)[0])
    if obstacle:
        pytest.skip(obstacle)
    found = recording.recorded()[language]
    if language == 'python':
        found = expected(found, peers.this_python()[0].name)
    assert recording.record(language) == found


@pytest.mark.parametrize('role, calls', [('server', 9), ('client', 6)])
def test_every_version_has_the_conversation_of_c(role, calls):
    found = recording.recorded()
    of_c = _conversation(found['c'][role])
    for versions, of_python in found['python'].items():
        assert _conversation(of_python[role]) == of_c, versions
    assert len(of_c) == calls


def _conversation(lines):
    return [line for line in lines if line.startswith(CONVERSATION)]


def test_page_is_up_to_date():
    with io.open(os.path.join(ROOT, NAME), encoding='utf-8') as page:
        assert page.read() == pages()[NAME], 'python -m interop_tests.first regenerates it'


def test_the_picture_is_of_the_programs():
    path = os.path.join(ROOT, PICTURE)
    programs = [source('tcp_server', 'c'), source('tcp_client', 'python')]
    assert unseen([r'= 6 "world\\n"', 'EOF: the peer sends no more'], path) == []
    found = lines_of(path, [os.path.join(ROOT, name) for name in programs])
    assert found and [line for line in found if not line[2].startswith(line[1])] == []


def test_the_readme_shows_the_pair():
    with io.open(os.path.join(ROOT, 'README.md'), encoding='utf-8') as page:
        text = page.read()
    for language in LANGUAGES:
        with io.open(os.path.join(ROOT, source('tcp_server', language)), encoding='utf-8') as program:
            assert core(program.read()) in text
    assert '\n'.join(recording.recorded()['c']['server'][:-1]) in text
