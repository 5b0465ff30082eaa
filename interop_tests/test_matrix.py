"""Every check for every peer, and every client against every server.

One test is a group of cells that share programs; each cell has a verdict of its own, in the file of results.
"""

import pytest

from interop_tests import verdict
from interop_tests.pairs import Pairs
from interop_tests.trials import Trials

KINDS = {'checks': Trials, 'pairs': Pairs}


# The limits are those of the cells.
@pytest.mark.timeout(0)
def test_cells(group, run):
    found = run.judge(KINDS[group.kind](group.cells, run.again))
    bad = [(name, one) for name, one in found.items() if one.status not in verdict.GREEN and not run.is_known(name)]
    passes = ['%s passes, but is listed as a known failure: %s' % (name, run.is_known(name))
              for name, one in found.items() if one.status == verdict.PASS and run.is_known(name)]
    if bad or passes:
        pytest.fail('%d of %d cells; the first: %s' % (
            len(passes + bad), len(found), (passes + [_short(name, one) for name, one in bad])[0]), pytrace=False)
    if all(one.status == verdict.UNSUPPORTED for one in found.values()):
        pytest.skip(list(found.values())[0].text)


def _short(name, found):
    return '%s: %s: %s' % (name, found.status, found.text)
