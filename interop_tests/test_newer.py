"""The pages about what a new Python changes say what was measured, and a version that changes nothing says so."""

import io
import os

import pytest

from interop_tests import newer
from interop_tests.process import ROOT
from pyside.ledger.entries import outcomes
from pyside.ledger.versions import expected

PAGES = newer.pages()


@pytest.mark.parametrize('name', sorted(PAGES))
def test_page_is_up_to_date(name):
    with io.open(os.path.join(ROOT, 'docs', name), encoding='utf-8') as page:
        assert page.read() == PAGES[name], 'python -m interop_tests.newer regenerates it'


def test_a_page_has_what_changed_and_nothing_else():
    text = PAGES['new-in-3.15.md']
    for name, row in outcomes().items():
        changed = expected(row['outcomes'], 'py314') != expected(row['outcomes'], 'py315')
        assert (u'#%s)' % name in text) == changed, name


def test_a_version_that_changes_nothing(monkeypatch):
    monkeypatch.setattr(newer, 'pythons_measured', lambda: ['py315', 'py316', 'pypy3'])
    text = newer.pages()['new-in-3.16.md']
    assert text.count(u'Nothing.\n') == 2
    assert text.endswith(u'The same calls; in which they wait, `poll` or `ppoll`, is not compared.\n')
