"""A minute of conversations that nobody thought of, in both languages: the generator, hypothesis, libFuzzer.

``make fuzz SECONDS=600`` does it for longer.
"""

import json
import random
import shutil
import sys

import pytest

from interop_tests import vectors
from interop_tests.fuzz import __main__ as fuzz
from interop_tests.fuzz import making, playing, script

pytest.importorskip('cffi')
hypothesis = pytest.importorskip('hypothesis')
st = pytest.importorskip('hypothesis.strategies')

SECONDS = 20
EXAMPLES = 1000

VECTORS = vectors.conversations()

NUMBER = st.integers(0, 255)
DATA = st.binary(max_size=40).map(lambda data: [data.hex()])
FLOOD = st.tuples(DATA, st.integers(0, script.FLOOD_MOST - 1)).map(lambda pair: [[pair[0][0], pair[1]]])
ARGUMENTS = {'data': DATA, 'flood': FLOOD, 'byte': NUMBER}


def scripts_of(role):
    steps = st.one_of([
        st.tuples(st.just(verb), *[ARGUMENTS[kind] for kind in kinds]).map(list) for verb, kinds in script.VERBS[role]])
    return st.fixed_dictionaries({
        'protocol': st.sampled_from(script.PROTOCOL_NAMES), 'format': st.sampled_from(script.FORMAT_NAMES),
        'limit': st.sampled_from(script.LIMITS), 'role': st.just(role), 'steps': st.lists(steps, max_size=20)})


SCRIPTS = st.one_of([scripts_of(role) for role in script.ROLES])


def example_budget(count):
    return hypothesis.settings(
        max_examples=count, deadline=None, suppress_health_check=list(hypothesis.HealthCheck), database=None)


@pytest.mark.parametrize('vector', VECTORS, ids=[vector['name'] for vector in VECTORS])
def test_what_was_found_once(vector):
    assert playing.disagreement(vector) is None


def test_vectors_as_scripts():
    for made in making.from_vectors():
        assert playing.disagreement(made) is None


def test_from_a_seed():
    found, _ = fuzz.play_random(SECONDS, random.randrange(2 ** 32))
    assert found is None, found


@hypothesis.given(SCRIPTS)
@example_budget(EXAMPLES)
def test_from_hypothesis(made):
    found = playing.disagreement(made)
    assert found is None, found


@hypothesis.given(SCRIPTS)
@example_budget(100)
def test_a_script_is_the_same_as_bytes(made):
    assert script.from_bytes(script.to_bytes(made)) == made


RIGHT = {'protocol': 'echo', 'format': 'u8', 'limit': 8, 'role': 'server', 'steps': [['feed', ['68 69', ['00', 3]]]]}
SLIPS = {
    'no JSON': ('{', 'no JSON: '),
    'nothing': ('', 'no JSON: '),
    'a list': ('[]', 'expected {"protocol": '),
    'empty': ('{}', 'protocol must be one of command, '),
    'protocol': (dict(RIGHT, protocol='smtp'), 'protocol must be one of '),
    'format': (dict(RIGHT, format=['u8']), 'format must be one of '),
    'role': (dict(RIGHT, role='peer'), 'role must be one of server, client, not "peer"'),
    'limit': (dict(RIGHT, limit='8'), 'limit must be a number from 0 on, not "8"'),
    'steps': (dict(RIGHT, steps='feed'), 'steps must be a list such as [["feed", ["6869"]]], not "feed"'),
    'no step': (dict(RIGHT, steps=['tick']), 'step 1, "tick": expected a list that begins with a verb'),
    'verb': (dict(RIGHT, steps=[['tick'], ['eat']]), 'step 2, ["eat"]: the verb must be one of feed, feed_eof, '),
    'verb of the other role': (dict(RIGHT, steps=[['relay']]), 'step 1, ["relay"]: the verb must be one of feed, '),
    'no argument': (dict(RIGHT, steps=[['feed']]), 'step 1, ["feed"]: expected 1 behind the verb'),
    'no number': (dict(RIGHT, steps=[['sent', '1']]), 'step 1, ["sent", "1"]: expected a number from 0 on, not "1"'),
    'bad hex': (dict(RIGHT, steps=[['feed', ['6x']]]), 'step 1, ["feed", ["6x"]]: expected hex such as '),
}


def status_of(text, monkeypatch):
    monkeypatch.setattr(sys, 'argv', ['fuzz', '--script', text])
    return fuzz.main()


@pytest.mark.parametrize('name', sorted(SLIPS))
def test_slips_in_a_script(name, monkeypatch, capsys):
    typed, said = SLIPS[name]
    assert status_of(typed if isinstance(typed, str) else json.dumps(typed), monkeypatch) == 2
    output, errors = capsys.readouterr()
    assert output == '' and errors.startswith('fuzz: --script: ' + said) and errors.count('\n') == 1


def test_a_script_that_is_typed(monkeypatch, capsys):
    assert status_of(json.dumps(RIGHT), monkeypatch) == 0
    assert capsys.readouterr()[0] == 'one script: both languages agree\n'


@hypothesis.given(SCRIPTS)
@example_budget(100)
def test_every_script_can_be_typed(made):
    assert script.from_text(json.dumps(made)) == made


def test_from_libfuzzer(tmp_path, monkeypatch, capfd):
    if not shutil.which('clang'):
        pytest.skip('clang is not installed')
    monkeypatch.setattr(fuzz, 'FOLDER', str(tmp_path))
    monkeypatch.setattr(fuzz, 'CORPUS', str(tmp_path / 'corpus'))
    fuzz.write_corpus()
    assert fuzz.from_libfuzzer(SECONDS / 2, random.randrange(2 ** 31)) == 0, capfd.readouterr()


# Each makes one of the languages say something else once in a while.
BUGS = {
    'a-byte-more-than-the-limit': lambda made: dict(made, limit=made['limit'] + 1),
    'another-framing': lambda made: dict(made, format='u16le' if made['format'] == 'u16be' else made['format']),
    'a-step-that-is-not-seen': lambda made: dict(
        made, steps=[['tick'] if step == ['half_closed'] else step for step in made['steps']]),
}


@pytest.mark.parametrize('bug', sorted(BUGS))
def test_a_bug_is_found(bug, monkeypatch):
    right = playing.play
    monkeypatch.setattr(playing, 'play', lambda made, language: right(
        BUGS[bug](made) if language is playing.C else made, language))
    found, _ = fuzz.play_random(SECONDS, 1)
    assert found and 'Python' in found
