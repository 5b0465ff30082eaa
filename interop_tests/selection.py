"""Which cells a run tries.

::

    covering   every check for every peer; C with itself, the oldest and the newest Python in full, both ways; of
               each other pair some routes, chosen so that every peer meets foreign ones in both roles with every
               protocol, framing, transport and case.  The suite's other peers run a check that is tried with
               several protocols or framings with a third of them
    full       every check, and every cell of every pair
    mine       a peer's checks, and its cells with C, with itself and with the newest Python

What only the full product can find: one certain pair with one framing, transport or case, and rare flakes.

What a run costs is the number of programs that it starts.  So the clients of one server take turns over few
servers of it: one for each protocol and framing, and over which transport is another choice for each peer.
"""

from collections import namedtuple

from interop_tests import matrix, trials
from interop_tests.cases import CASES, runs_alone
from interop_tests.checks.all import CHECKS
from interop_tests.judging import by_group

COVERING, FULL, MINE = 'covering', 'full', 'mine'
# The share of the cases that need a client each, and of the variants of a check.
SHARE = 3
# Cases that cost more than all others together.
HEAVY = ['length-1048576', 'pipelined']

# kind: checks or pairs; identity: what pytest calls it; cells: what is tried, in this order.
Group = namedtuple('Group', 'kind identity cells')


def third(variants, turn):
    """Keep every third of some variants, from one that turns, and at least one.

    :param turn: a number of the one that tries them; of any three in a row, one keeps a variant.
    """
    return variants[turn % min(SHARE, len(variants))::SHARE] if variants else variants


def groups(rows, selection, mine=(), wanted=None):
    """List the groups of cells that are tried together, checks first.

    :param rows: the peers.
    :param mine: names of peers, for the selection ``mine``.
    :param wanted: a function that tells from a cell's name whether it is run, or None for all.
    """
    found = [_group('checks', name, cells, trials.trial_id, wanted) for name, cells in _checks(rows, selection, mine)]
    found += [_group('pairs', name, cells, matrix.cell_id, wanted) for name, cells in _pairs(rows, selection, mine)]
    return [group for group in found if group.cells]


def _group(kind, identity, cells, name, wanted):
    return Group(kind, identity, [cell for cell in cells if wanted is None or wanted(name(cell))])


def _core(rows):
    """Return C, the oldest and the newest Python: what is tried in full."""
    cpythons = _cpythons(rows)
    return [peer for peer in rows if peer.name == 'c'] + cpythons[:1] + cpythons[-1:]


def _cpythons(rows):
    """Return the suite's CPythons, the oldest first."""
    return [peer for peer in rows if peer.ours and peer.name[:2] == 'py' and peer.name[2:].isdigit()]


def _checks(rows, selection, mine):
    core = _core(rows)
    for place, peer in enumerate(rows):
        if selection == MINE and peer.name not in mine:
            continue
        share = selection == COVERING and peer.ours and peer not in core
        # The same third of all checks: those that need the same server share it.
        variants = [trials.trials(check, peer) for check in CHECKS.values()]
        tried = [trial for found in variants for trial in (third(found, place) if share else found)]
        for (role, protocol, frame_format), cells in by_group(
                tried, lambda trial: (trial.check.role, trial.protocol, trial.format)).items():
            ends = ('suite', peer.name) if role == 'server' else (peer.name, 'suite')
            name = protocol if frame_format == '-' else '%s-%s' % (protocol, frame_format)
            yield '%s-to-%s/%s' % (ends + (name,)), cells


def _pairs(rows, selection, mine):
    core = _core(rows)
    cells = []
    for i, server in enumerate(rows):
        for j, client in enumerate(rows):
            routes = matrix.routes(client, server)
            with_c = 'c' in (client.name, server.name)
            if selection == FULL or _concerns(mine, client, server, rows) or (
                    selection == COVERING and with_c and client in core and server in core):
                cells += [cell for route in routes for cell in matrix.cells(route)]
            elif selection == COVERING:
                cells += _covering(routes, i, j, with_c)
    by_server = by_group(cells, lambda cell: cell.route[1:])
    for (server, protocol, frame_format, transport), of_server in by_server.items():
        name = protocol if frame_format == '-' else '%s-%s' % (protocol, frame_format)
        yield '%s/%s/%s' % (server.name, name, transport), of_server


def _concerns(mine, client, server, rows):
    """Whether a pair is one of somebody's own peer with C, with itself, or with the newest Python."""
    names = [client.name, server.name]
    if not set(names) & set(mine):
        return False
    others = [name for name in names if name not in mine]
    newest = [peer.name for peer in _cpythons(rows)[-1:]]
    return (client == server) if not others else others[0] in ['c'] + newest


def _covering(routes, i, j, with_c):
    """Choose the cells of one pair, the rows ``i`` and ``j``, whose numbers turn through routes and cases."""
    stands = list(_stands(routes, i))
    if with_c:
        return _turned(stands, i + j, lambda cell: cell.case in HEAVY)
    return _turned([stands[(5 * i + 7 * j) % len(stands)]], i + j, lambda cell: cell.case in HEAVY or runs_alone(
        CASES[cell.case], cell.route.protocol, cell.route.format))


def _stands(routes, turn):
    """Return the routes of each protocol and framing over one transport that turns, and echo over all."""
    for number, found in enumerate(by_group(routes, lambda route: (route.protocol, route.format)).values()):
        for route in found if found[0].protocol == 'echo' else [found[(number + turn) % len(found)]]:
            yield route


def _turned(routes, turn, costs):
    """List the cells of routes, and every third of those that cost a client or much time each."""
    found = []
    for place, route in enumerate(routes):
        for number, cell in enumerate(matrix.cells(route)):
            if not costs(cell) or (number + place + turn) % SHARE == 0:
                found.append(cell)
    return found


def count(found):
    """Count the cells of groups."""
    return sum(len(group.cells) for group in found)
