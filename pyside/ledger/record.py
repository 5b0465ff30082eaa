"""Measures the ledger again, on every interpreter given, and writes ``outcomes.json``.

``python -m pyside.ledger record PYTHON...``; ``add PYTHON...`` keeps what was measured on others.
"""

import io
import json
import re
import sys
from collections import OrderedDict
from multiprocessing.pool import ThreadPool

from pyside.ledger.entries import OUTCOMES, entries, outcomes, releases_measured
from pyside.ledger.measure import measure
from pyside.ledger.versions import in_order, name_of, release_of, widened

AT_A_TIME = 4
# The sockets that are connected over TCP, or over AF_UNIX.
PAIR = re.compile(r'\b[ab]\b')


def record(pythons, known, before):
    """Measure every entry.

    :param pythons: paths of interpreters.
    :param known: ``{name: release}`` of those on which ``before`` was measured, as :func:`entries.outcomes` has it.
    :returns: ``{name: release}`` of all, and what is to be stored.
    :raises ValueError: where a remedy is not the same everywhere.
    """
    names = [name_of(python) for python in pythons]
    pool = ThreadPool(AT_A_TIME)
    found, differing = OrderedDict(), []
    for name, entry in entries().items():
        old = before.get(name, {})
        row = found[name] = OrderedDict([('outcomes', old.get('outcomes', {}))])
        row['outcomes'] = _measured(pool, pythons, names, entry, 'inet', known, row['outcomes'])
        if PAIR.search(entry.code):
            over_unix = _measured(
                pool, pythons, names, entry, 'unix', known, old.get('unix', old.get('outcomes', {})))
            if over_unix != row['outcomes']:
                row['unix'] = over_unix
        remedies = pool.map(
            lambda python, entry=entry: measure(python, entry.remedy, entry.flags, plainly=True), pythons)
        row['remedy'] = old.get('remedy', remedies[0]) if known else remedies[0]
        if set(remedies) != {row['remedy']}:
            differing.append('%s: %s there, %s' % (name, row['remedy'], dict(zip(names, remedies))))
    if differing:
        raise ValueError('\n'.join('the remedy is not the same everywhere: ' + text for text in differing))
    releases = dict(known, **dict(zip(names, map(release_of, pythons))))
    return OrderedDict((name, releases[name]) for name in in_order(releases)), found


def _measured(pool, pythons, names, entry, family, known, table):
    said = pool.map(lambda python: measure(python, entry.code, entry.flags, family=family), pythons)
    return widened(table, known, dict(zip(names, said)))


def main(pythons, add=False):
    try:
        releases, found = record(pythons, *((releases_measured(), outcomes()) if add else ({}, {})))
    except ValueError as error:
        sys.stderr.write('%s\n' % error)
        return 1
    text = json.dumps(OrderedDict([('pythons', releases), ('entries', found)]), indent=1, separators=(',', ': '))
    with io.open(OUTCOMES, 'w', encoding='utf-8') as file:
        file.write(text + u'\n')
    return 0
