"""Measures the ledger again, on every interpreter given, and writes ``outcomes.json``.

``python -m pyside.ledger record PYTHON...``, the oldest first.
"""

import io
import json
import sys
from collections import OrderedDict
from multiprocessing.pool import ThreadPool

from pyside.ledger.entries import OUTCOMES, entries
from pyside.ledger.measure import measure
from pyside.ledger.versions import name_of, tabulate

AT_A_TIME = 4


def record(pythons):
    """Return ``{entry: {'outcomes': {versions: outcome}, 'remedy': outcome}}`` and a list of remedies that differ."""
    names = [name_of(python) for python in pythons]
    pool = ThreadPool(AT_A_TIME)
    found, differing = OrderedDict(), []
    for name, entry in entries().items():
        said = pool.map(lambda python, entry=entry: (
            measure(python, entry.code, entry.flags),
            measure(python, entry.remedy, entry.flags, plainly=True)), pythons)
        remedies = [remedy for _, remedy in said]
        if len(set(remedies)) > 1:
            differing.append((name, dict(zip(names, remedies))))
        found[name] = {'outcomes': tabulate(OrderedDict(zip(names, [outcome for outcome, _ in said]))),
                       'remedy': remedies[0]}
    return found, differing


def main(pythons):
    found, differing = record(pythons)
    with io.open(OUTCOMES, 'w', encoding='utf-8') as file:
        file.write(json.dumps(found, indent=1, separators=(',', ': ')) + u'\n')
    for name, remedies in differing:
        sys.stderr.write('the remedy of %s is not the same everywhere: %s\n' % (name, remedies))
    return 1 if differing else 0
