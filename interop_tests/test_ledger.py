"""The byte/str ledger: this interpreter does what the ledger says; the checker has test_checker.py."""

import io
import os
import platform
import re
import sys
from collections import OrderedDict

import pytest

from interop_tests import peers
from pyside.ledger import check, indexes, pages, search
from pyside.ledger.entries import entries, outcomes, releases_measured
from pyside.ledger.measure import measure
from pyside.ledger.versions import expected, tabulate, widened

ENTRIES = entries()
OUTCOMES = outcomes()
# An exception as an outcome says it, up to its words.
ERROR = re.compile(r'[\w.]+: ')


@pytest.mark.parametrize('name', list(ENTRIES))
def test_outcome(name):
    entry = ENTRIES[name]
    python, release = peers.this_python()[0].name, platform.python_version()
    as_measured = releases_measured().get(python, release) == release
    for family, key in (('inet', 'outcomes'), ('unix', 'unix')):
        if key in OUTCOMES[name]:
            came = measure(sys.executable, entry.code, entry.flags, family=family)
            wanted = expected(OUTCOMES[name][key], python)
            assert came == wanted or (not as_measured and is_same_exception(came, wanted))


def is_same_exception(came, wanted):
    """Tell whether two outcomes are errors that differ in their words alone."""
    return bool(ERROR.match(came)) and wanted.startswith(ERROR.match(came).group())


@pytest.mark.parametrize('came, same', [
    ('OverflowError: timestamp too large', True),
    ('ValueError: timestamp out of range', False),
    ("str 'OverflowError: timestamp out of range'", False),
    ('NoneType None', False),
], ids=['other-words', 'another-exception', 'text', 'nothing'])
def test_another_release_may_word_an_error_otherwise(came, same):
    assert is_same_exception(came, 'OverflowError: timestamp out of range') == same


@pytest.mark.parametrize('name', list(ENTRIES))
def test_remedy(name):
    """What to write instead does the same on every version."""
    entry = ENTRIES[name]
    assert measure(sys.executable, entry.remedy, entry.flags, plainly=True) == OUTCOMES[name]['remedy']


@pytest.mark.parametrize('name', list(ENTRIES))
def test_remedy_is_one(name):
    """It has a value, and is not what the entry warns of."""
    remedy = OUTCOMES[name]['remedy']
    assert 'Error:' not in remedy and not remedy.startswith(('nothing', 'timeout:'))


def test_what_is_the_same_everywhere_has_a_reason():
    """It says why somebody would look for it; no other entry has such a sentence."""
    reasons = {name: entry.here for name, entry in ENTRIES.items() if entry.here}
    assert set(reasons) == {name for name in ENTRIES if pages.same_everywhere(OUTCOMES[name])}
    assert [name for name, reason in reasons.items() if not reason.endswith('.')] == []
    # One sentence will do for a few of a kind: text that is called str on both.
    sentences = list(reasons.values())
    assert max(map(sentences.count, sentences)) <= 4


def test_every_outcome_has_an_entry():
    assert set(OUTCOMES) == set(ENTRIES)
    assert len(ENTRIES) >= 120


def test_a_new_version_is_compared_with_the_newest_that_was_measured():
    table = tabulate(OrderedDict([('py27', 'a'), ('py36', 'b'), ('py37', 'b'), ('py38', 'c'), ('pypy3', 'd')]))
    assert table == {'2.7': 'a', '3.6-3.7': 'b', '3.8+': 'c', 'pypy3': 'd'}
    pythons = ['py27', 'py36', 'py38', 'py399', 'pypy3']
    assert [expected(table, python) for python in pythons] == ['a', 'b', 'c', 'c', 'd']


def test_a_different_outcome_is_noticed():
    """The measurement itself can come out otherwise: the same code, with another value."""
    assert measure(sys.executable, '2 + 3') == 'int 5'
    assert measure(sys.executable, '2 + 2') == 'int 4'
    assert measure(sys.executable, 'raise_nothing').startswith('NameError: ')


@pytest.mark.parametrize('name', sorted(pages.pages()))
def test_page_is_up_to_date(name):
    with io.open(os.path.join(pages.DOCS, name), encoding='utf-8') as page:
        assert page.read() == pages.pages()[name], 'python -m pyside.ledger pages regenerates it'


def test_check_says_what_it_needs(tmpdir, monkeypatch, capsys):
    """Where this Python has no mypy, that of .venv checks; where there is none, one line says what to do."""
    path = tmpdir.join('program.py')
    path.write("def f(s):\n    s.recv(5).split(',')\n")
    monkeypatch.setattr(check, '_has_all', lambda: False)
    monkeypatch.setattr(check, 'VENV', str(tmpdir.join('python')))
    assert check.main([str(path)]) == 2
    assert capsys.readouterr()[1] == (
        'ledger: check needs mypy and fissix, and Python 3.10 or newer: '
        'run make .venv/ready, or pip install -r interop_tests/requirements.txt\n')


def test_check_helps_without_what_it_needs(tmpdir, monkeypatch, capsys):
    monkeypatch.setattr(check, '_has_all', lambda: False)
    monkeypatch.setattr(check, 'VENV', str(tmpdir.join('python')))
    assert check.main(['--help']) == check.main(['-h']) == 0
    out, err = capsys.readouterr()
    assert (out, err) == (check.HELP * 2, '')


def test_check_starts_the_python_that_has_all(tmpdir, monkeypatch):
    """What is given goes on to it, and its exit status comes back."""
    python = tmpdir.join('python')
    python.write('#!/bin/sh\ntest "$1" = -c && exit 0\ntest "$*" = "-m pyside.ledger check -- x.py" && exit 7\n')
    python.chmod(0o755)
    monkeypatch.setattr(check, '_has_all', lambda: False)
    monkeypatch.setattr(check, 'VENV', str(python))
    assert check.main(['--', 'x.py']) == 7


@pytest.mark.parametrize('words, first', [
    (['sendall', 'bytes-like object'], 'sendall-text'),
    (['SENDALL-TEXT'], 'sendall-text'),
    (['Bad file descriptor'], 'send-on-closed'),
    (['makefile', 'readline'], None),
], ids=['words-of-code-and-outcome', 'a-name', 'an-error', 'any'])
def test_search(words, first, capsys):
    found = search.search(words)
    assert found and (first is None or found[0].name == first)
    for entry in found:
        text = search.described(entry, outcomes()[entry.name]).lower() + entry.topic
        assert all(word.lower() in text for word in words)
    assert search.main(words) == 0
    out, err = capsys.readouterr()
    assert out.startswith(found[0].name)
    assert ('%d entries' % len(found) in err) == (len(found) > search.SHOWN)


def test_search_for_what_is_not_there(capsys):
    assert search.main(['sendal-text']) == 1
    assert capsys.readouterr()[1] == 'ledger: no entry has sendal-text; did you mean sendall-text?\n'


def test_indexes_lead_to_what_they_say():
    measured = outcomes()
    for text, names in indexes.symptoms(measured).items():
        for name in names:
            assert text in measured[name]['outcomes'].values()
    for changes in indexes.steps(measured).values():
        assert changes
        assert [change for change in changes if change[1] == change[2]] == []
    assert 'send-text' in indexes.calls(entries())['send']


def test_one_more_python_joins_a_table():
    table = OrderedDict([('2.7', 'a'), ('3.6+', 'b')])
    pythons = ['py27', 'py36', 'py313', 'pypy3']
    assert widened(table, pythons, {'py314': 'b'}) == table
    assert widened(table, pythons, {'py314': 'c'}) == {'2.7': 'a', '3.6-3.13': 'b', '3.14+': 'c'}
    assert widened({}, [], {'py27': 'a', 'pypy3': 'd', 'py36': 'b'}) == {'2.7': 'a', '3.6+': 'b', 'pypy3': 'd'}


def test_a_and_b_are_what_connect_and_accept_give():
    """On Python 2 what socketpair gives is of another class."""
    for family, number in (('inet', 2), ('unix', 1)):
        assert measure(sys.executable, 'a.__class__ is socket.socket', family=family) == 'bool True'
        assert measure(sys.executable, 'int(a.family)', family=family) == 'int %d' % number
