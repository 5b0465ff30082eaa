"""The claims: this kernel and this interpreter give the verdicts that the page shows, and could have given others."""

import io
import os

import pytest

from interop_tests import claims
from interop_tests.claims import pages
from interop_tests.claims.claims import CLAIMS, VERDICTS
from interop_tests.kinds import expected, kind_of
from interop_tests.process import ROOT

RECORDED = claims.recorded()
CELLS = [(claim, language) for claim in CLAIMS for language in claims.languages(claim.number)]


@pytest.mark.parametrize('claim, language', CELLS, ids=['%d-%s' % (cell[0].number, cell[1]) for cell in CELLS])
def test_verdict(claim, language, request):
    if language == 'c' and request.config.getoption('--without-c'):
        pytest.skip('the programs in C are run once')
    recorded = expected(RECORDED[str(claim.number)], kind_of(language))
    seen = claims.run(claim.number, language)
    assert claim.decide(seen) == recorded['verdict'], '\n'.join('%s: %s' % pair for pair in seen.items())
    assert list(seen) == list(recorded['seen'])


@pytest.mark.parametrize('claim', CLAIMS, ids=[str(claim.number) for claim in CLAIMS])
def test_another_answer_of_the_kernel_gives_another_verdict(claim):
    """For one kind at least: where kinds differ, the opposite of one is what the other sees."""
    assert {claim.verdict, claim.otherwise} <= set(VERDICTS) and claim.verdict != claim.otherwise
    before = []
    for row in RECORDED[str(claim.number)].values():
        assert row['verdict'] == claim.decide(row['seen'])
        assert set(claim.opposite) <= set(row['seen'])
        assert claim.decide(dict(row['seen'], **claim.opposite)) == claim.otherwise
        before.append(row['verdict'])
    assert claim.verdict in before


def test_there_are_fifty():
    assert [claim.number for claim in CLAIMS] == list(range(1, 51))


def test_page_is_up_to_date():
    with io.open(os.path.join(ROOT, 'docs', 'claims.md'), encoding='utf-8') as page:
        assert page.read() == pages.page(), 'python -m interop_tests.claims regenerates it'
