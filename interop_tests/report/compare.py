"""What changed between two runs, what needs a look first."""

from collections import namedtuple

from interop_tests.report.results import Results
from interop_tests.report.status import FAILED, outcome, severity

# before, after: a cell, or None where the run has none.
Change = namedtuple('Change', 'name before after')
Changes = namedtuple('Changes', 'before sections')
# status: what the heading's colour says.
Section = namedtuple('Section', 'title kind changes')


def compare(before: Results, after: Results):
    """Compare two runs.

    :returns: Changes, whose sections hold each changed cell once.
    """
    found = {'newly failing': [], 'newly passing': [], 'other status': [], 'new cells': [], 'gone cells': []}
    for name in {**before.cells, **after.cells}:
        one, other = before.cells.get(name), after.cells.get(name)
        kind = _kind(one, other)
        if kind:
            found[kind].append(Change(name, one, other))
    for changes in found.values():
        changes.sort(key=lambda change: severity(change.after or change.before))
    kinds = {'newly failing': 'wrong', 'newly passing': 'pass'}
    return Changes(before, [
        Section(title, kinds.get(title, 'none'), changes) for title, changes in found.items()])


def _kind(before, after):
    if after is None:
        return 'gone cells'
    failed = outcome(after) == FAILED
    if before is None:
        # A new cell that fails is news of the worst kind, not a detail of the selection.
        return 'newly failing' if failed else 'new cells'
    if failed != (outcome(before) == FAILED):
        return 'newly failing' if failed else 'newly passing' if after['status'] == 'pass' else 'other status'
    return 'other status' if after['status'] != before['status'] else None
