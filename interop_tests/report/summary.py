"""Count and sort a run: what every report says."""

from collections import Counter, namedtuple

from interop_tests.report.results import SUITE
from interop_tests.report.status import FAILED, KNOWN, PASSED, STATUSES, UNSUPPORTED, outcome, severity

NO_THEME = 'other'

# One check of one peer, or one case of one pair: what fails alike over several framings and transports.
Group = namedtuple('Group', 'client server protocol case status cells')


class Tally(Counter):
    """How many cells ended how; the keys are PASSED, UNSUPPORTED, KNOWN and FAILED."""

    @property
    def run(self):
        """The cells that were tried."""
        return sum(self.values()) - self[UNSUPPORTED]

    def text(self):
        """Say it in a table's cell: the number that passed, or that failed of all."""
        if not self.run:
            return '\u2013'
        if self[FAILED]:
            return f'\u2717{self[FAILED]}'
        return f'k{self[KNOWN]}' if self[KNOWN] else str(self[PASSED])

    def kind(self):
        """Name the colour of a table's cell."""
        if not self.run:
            return 'none'
        return 'wrong' if self[FAILED] else 'known' if self[KNOWN] else 'pass'


def peers(results):
    """List the names of peers: as the header has them, then any other, by name."""
    named = [str(peer.get('name')) for peer in results.run.get('peers', []) if isinstance(peer, dict)]
    seen = {name for cell in results.cells.values() for name in (cell['client'], cell['server'])} - {SUITE}
    return [name for name in named if name in seen] + sorted(seen.difference(named))


def role(cell):
    """Return the role of the peer under test in a cell of a check, or None for a pair."""
    if cell['client'] == SUITE:
        return 'server'
    return 'client' if cell['server'] == SUITE else None


def check_of(results, cell):
    """Return what the header says of a cell's check; {} for a pair."""
    found = results.run.get('checks', {}).get(cell.get('check', cell['case'])) if role(cell) else None
    return found if isinstance(found, dict) else {}


def theme_of(results, cell):
    return str(check_of(results, cell).get('theme') or NO_THEME)


def tally(cells):
    return Tally(outcome(cell) for cell in cells)


def statuses(results):
    """Count cells by status, the worst first: ``[(Status, cells, how many of them are known failures)]``."""
    counts, known = Counter(), Counter()
    for cell in results.cells.values():
        counts[cell['status']] += 1
        known[cell['status']] += outcome(cell) == KNOWN
    return [(status, counts[status.word], known[status.word]) for status in STATUSES if counts[status.word]]


def pairs(results):
    """Tally the matrix: ``{(client, server): Tally}``."""
    return _tallies((cell['client'], cell['server'], cell) for cell in results.cells.values() if role(cell) is None)


def checks(results, wanted):
    """Tally the checks of a role: ``{(peer, check): Tally}``."""
    return _tallies(
        (cell['server' if wanted == 'server' else 'client'], cell['case'], cell)
        for cell in results.cells.values() if role(cell) == wanted)


def themes(results, wanted):
    """Group the checks of a role: ``{theme: [check, ...]}``, in the header's order."""
    found = {}
    ordered = list(results.run.get('checks', {}))
    seen = {cell['case']: theme_of(results, cell) for cell in results.cells.values() if role(cell) == wanted}
    for name in [name for name in ordered if name in seen] + sorted(set(seen).difference(ordered)):
        found.setdefault(seen[name], []).append(name)
    return found


def failures(results):
    """Return failed cells in groups that failed alike, the worst first: ``[Group]``."""
    groups = {}
    for cell in results.cells.values():
        if outcome(cell) == FAILED:
            key = (cell['client'], cell['server'], cell['protocol'], cell['case'], cell['status'])
            groups.setdefault(key, []).append(cell)
    found = [Group(*key, cells) for key, cells in groups.items()]
    # A check names the bug; a pair shows where it is felt.
    return sorted(found, key=lambda group: (role(group.cells[0]) is None, severity(group.cells[0])))


def headline(results):
    """Say in one sentence how the run ended."""
    count = tally(results.cells.values())
    if not count.run:
        return 'No cell was run'
    if count[FAILED]:
        return f'{count[FAILED]:,} of {count.run:,} cells failed'
    known = f'; {count[KNOWN]:,} known failures' if count[KNOWN] else ''
    return f'{count[PASSED]:,} of {count.run:,} cells passed{known}' if known else f'All {count.run:,} cells passed'


def warnings(results):
    """List what a reader must know before any number: a part, a run that did not reach its end, an unknown origin."""
    run, end, found = results.run, results.end, []
    if not run:
        found.append('The origin of this run is unknown: its file has no header with date, commit and versions.')
    if run.get('part'):
        found.append(f'This is a part of a run: {run["part"]}. What is not here was not tried.')
    planned, there_are = run.get('cells'), len(results.cells)
    if isinstance(planned, int) and planned > there_are:
        found.append(f'{planned - there_are:,} of {planned:,} planned cells are missing.')
    if run and not end:
        found.append('The run has no end: it was killed.')
    elif end.get('ended', 'complete') != 'complete':
        found.append(f'The run did not reach its end: {end["ended"]}.')
    return found


def origin(results):
    """List facts about a run: ``[(name, text)]``."""
    run, end = results.run, results.end
    seconds = end.get('seconds')
    facts = [
        ('date', run.get('date')),
        ('commit', run.get('commit') or ('not from git' if run else None)),
        ('suite', run.get('suite')),
        ('contract', run.get('contract') and f'version {run["contract"]}'),
        ('Python', run.get('python')),
        ('system', run.get('system')),
        ('selection', _selection(run)),
        ('command', ' '.join(map(str, run.get('command', [])))),
        ('time', f'{seconds:,.1f} s' if isinstance(seconds, (int, float)) else None),
        ('file', results.path)]
    return [(name, str(text)) for name, text in facts if text]


SELECTIONS = {
    'covering': 'covering: every pair meets, not every cell of every pair',
    'full': 'full: every cell of every pair',
    'mine': 'mine: what concerns the peers that were brought'}


def _selection(run):
    chosen = run.get('selection') and SELECTIONS.get(run['selection'], str(run['selection']))
    mine = ', '.join(map(str, run.get('mine', [])))
    return f'{chosen} ({mine})' if chosen and mine else chosen


def _tallies(triples):
    found = {}
    for one, other, cell in triples:
        found.setdefault((one, other), Tally())[outcome(cell)] += 1
    return found
