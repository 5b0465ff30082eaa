"""Which cells a run tries.

::

    covering   every check for every peer; C with itself, the oldest and the newest Python in full, both ways; of
               each other pair some routes, chosen so that every peer meets foreign ones in both roles with every
               protocol, framing, transport and case.  The suite's other Pythons share their code: with each other
               they run one route a pair, and a check that is tried with several protocols or framings is tried
               with a third of them in each
    full       every check, and every cell of every pair
    mine       a peer's checks, and its cells with C, with itself and with the newest Python

What only the full product can find: one certain pair with one framing, transport or case, and rare flakes.
"""

from collections import namedtuple

from interop_tests import matrix, trials
from interop_tests.cases import CASES, runs_alone
from interop_tests.checks.all import CHECKS
from interop_tests.judging import by_group

COVERING, FULL, MINE = 'covering', 'full', 'mine'
# How many routes of a protocol another pair runs, and the share of the cases that need a client each.
ROUTES = {'frame': 3}
SHARE = 3
# Cases that cost more than all others together.
HEAVY = ['length-1048576', 'pipelined']

# kind: checks or pairs; identity: what pytest calls it; cells: what is tried, in this order.
Group = namedtuple('Group', 'kind identity cells')


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


def _variants(found, turn, share):
    """Of the protocols, framings and transports of a check, keep all, or every third, and at least one."""
    return found[turn % min(SHARE, len(found))::SHARE] if share and found else found


def _near_equal(rows):
    """Return the suite's Pythons between the oldest and the newest: what tells them apart is little."""
    pythons = [peer for peer in rows if peer.ours and '-m pyside' in peer.command]
    cpythons = [peer for peer in pythons if peer.name[:2] == 'py' and peer.name[2:].isdigit()]
    return [peer for peer in pythons if peer not in cpythons[:1] + cpythons[-1:]]


def _checks(rows, selection, mine):
    near = _near_equal(rows)
    for place, peer in enumerate(rows):
        if selection == MINE and peer.name not in mine:
            continue
        share = selection == COVERING and peer in near
        # The same third of all checks: those that need the same server share it.
        tried = [trial for check in CHECKS.values()
                 for trial in _variants(trials.trials(check, peer), place, share)]
        for (role, protocol, frame_format), cells in by_group(
                tried, lambda trial: (trial.check.role, trial.protocol, trial.format)).items():
            ends = ('suite', peer.name) if role == 'server' else (peer.name, 'suite')
            name = protocol if frame_format == '-' else '%s-%s' % (protocol, frame_format)
            yield '%s-to-%s/%s' % (ends + (name,)), cells


def _pairs(rows, selection, mine):
    cells = []
    for i, server in enumerate(rows):
        for j, client in enumerate(rows):
            if selection == COVERING:
                cells += _covering(rows, i, j)
            elif selection == FULL or _concerns(mine, client, server, rows):
                cells += [cell for route in matrix.routes(client, server) for cell in matrix.cells(route)]
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
    pythons = [peer.name for peer in rows if peer.ours and peer.name.startswith('py') and '-' not in peer.name
               and not peer.name.startswith('pypy')]
    return (client == server) if not others else others[0] in ['c'] + pythons[-1:]


def _covering(rows, i, j):
    """Choose the cells of one pair, the rows ``i`` and ``j``, whose numbers turn through routes and cases."""
    near = _near_equal(rows)
    client, server = rows[j], rows[i]
    routes = matrix.routes(client, server)
    is_near = [peer for peer in (client, server) if peer in near]
    if not is_near and 'c' in (client.name, server.name):
        if all(peer.name == 'c' or '-m pyside' in peer.command for peer in (client, server)):
            return [cell for route in routes for cell in matrix.cells(route)]
        return _turned(_each_format(routes, i + j), i + j, HEAVY)
    if not is_near:
        return _turned(_some_of_each_protocol(routes, 5 * i + 7 * j), i + j)
    if 'c' in (client.name, server.name):
        return _turned(_each_format(routes, rows.index(is_near[0])), i + j, HEAVY)
    return _turned([routes[(5 * i + 7 * j) % len(routes)]], i + j)


def _each_format(routes, turn):
    """Return the routes of each protocol and framing over one transport that turns, and echo over all."""
    for number, found in enumerate(by_group(routes, lambda route: (route.protocol, route.format)).values()):
        for route in found if found[0].protocol == 'echo' else [found[(number + turn) % len(found)]]:
            yield route


def _some_of_each_protocol(routes, turn):
    """Return one route of each protocol, and of frame some more."""
    for protocol, found in by_group(routes, lambda route: route.protocol).items():
        for step in range(ROUTES.get(protocol, 1)):
            # A step that has no factor in common with the number of routes comes to all of them.
            yield found[(turn + step * (len(found) // 3 + 1)) % len(found)]


def _turned(routes, turn, some=None):
    """List the cells of routes; of the cases that cost a client each, or are in ``some``, every third."""
    found = []
    for place, route in enumerate(routes):
        for number, cell in enumerate(matrix.cells(route)):
            costs = cell.case in some if some is not None else (
                cell.case in HEAVY or runs_alone(CASES[cell.case], route.protocol, route.format))
            if not costs or (number + place + turn) % SHARE == 0:
                found.append(cell)
    return found


def count(found):
    """Count the cells of groups."""
    return sum(len(group.cells) for group in found)
