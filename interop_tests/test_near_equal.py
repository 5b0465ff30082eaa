"""A third of the variants for near-equal Pythons: together they leave nothing out, and no fact to another."""

import configparser
import json
import os
import subprocess
import sys
from collections import Counter, namedtuple

import pytest

from interop_tests import near_equal
from interop_tests.process import ROOT, environment

# What is known of a test of the suite.
Item = namedtuple('Item', 'nodeid fixturenames')
LIST = """
import json, pytest, sys

class Listing(object):
    def pytest_collection_finish(self, session):
        with open(sys.argv[1], 'w') as file:
            json.dump([[item.nodeid, sorted(item.fixturenames)] for item in session.items], file)

sys.exit(pytest.main(['-q', '--collect-only', '--without-c'] + sys.argv[2:], plugins=[Listing()]))
"""
FACTS = ['test_callmap.py', 'test_claims.py', 'test_framing.py', 'test_ledger.py', 'test_lessons.py',
         'test_recorder.py', 'test_sessions.py', 'test_two_clients.py']


def collected(folder, *words):
    path = str(folder.join('items.json'))
    with open(os.devnull, 'w') as nothing:
        subprocess.check_call([sys.executable, '-c', LIST, path] + list(words), cwd=ROOT, stdout=nothing,
                              env=environment())
    with open(path) as file:
        return [Item(nodeid, tuple(fixtures)) for nodeid, fixtures in json.load(file)]


@pytest.fixture(scope='module')
def items(tmpdir_factory):
    """Return what the environments of tox collect for one Python."""
    tox = configparser.ConfigParser()
    tox.read(os.path.join(ROOT, 'tox.ini'))
    ignored = tox['once']['ignored'].replace('\\', ' ').split()
    return collected(tmpdir_factory.mktemp('all'), 'interop_tests', *ignored)


@pytest.fixture(scope='module')
def shares(items):
    """Return what each of these Pythons runs."""
    return {minor: near_equal.kept(items, minor) for minor in near_equal.MINORS}


def test_each_variant_meets_two_of_them_at_least(items, shares):
    met = Counter(item for kept in shares.values() for item in kept)
    assert [item.nodeid for item in items if met[item] < 2] == []


def test_each_of_them_runs_a_variant_of_each_test(items, shares):
    for kept in shares.values():
        assert {near_equal.variant_of(item) for item in kept} == {near_equal.variant_of(item) for item in items}


def test_facts_are_left_to_no_other(items, shares):
    facts = [item for item in items if not near_equal.variant_of(item)]
    assert {os.path.basename(item.nodeid.partition('::')[0]) for item in facts} >= set(FACTS)
    for item in items:
        if os.path.basename(item.nodeid.partition('::')[0]) in FACTS:
            assert item in facts
    for kept in shares.values():
        assert set(facts) <= set(kept)


def test_a_share_is_about_a_third(items, shares):
    variants = [item for item in items if near_equal.variant_of(item)]
    for kept in shares.values():
        count = len([item for item in kept if near_equal.variant_of(item)])
        assert len(variants) / 4 < count < len(variants) / 2


def test_the_options(tmpdir):
    """--share takes effect on these Pythons alone, and --full takes it back."""
    models = os.path.join('interop_tests', 'test_models.py')
    every = collected(tmpdir, models)
    expected = near_equal.kept(every, sys.version_info[1]) if near_equal.shares() else every
    assert collected(tmpdir, models, '--share') == expected
    assert collected(tmpdir, models, '--share', '--full') == every
