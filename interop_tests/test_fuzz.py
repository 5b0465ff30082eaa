"""A minute of conversations that nobody thought of, in both languages: the generator, hypothesis, libFuzzer.

``make fuzz SECONDS=600`` does it for longer.
"""

import random
import shutil

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
