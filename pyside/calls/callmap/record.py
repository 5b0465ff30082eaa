"""Measures the map again, on every interpreter given and in C, and writes ``recorded.json``.

``python -m pyside.calls.callmap record PYTHON...``, the oldest first.
"""

import io
import json
import shutil
import sys
import tempfile
from collections import OrderedDict
from multiprocessing.pool import ThreadPool

from pyside.calls.callmap import measure, twins
from pyside.calls.callmap.rows import RECORDED, examples
from pyside.ledger.versions import name_of, tabulate

AT_A_TIME = 4


def record(pythons, program):
    """Return ``{'pythons': [names], 'examples': {example: {'python': {versions: outcome}, 'c': outcome}}}``."""
    names = [name_of(python) for python in pythons]
    pool = ThreadPool(AT_A_TIME)
    found = OrderedDict()
    for name, example in examples().items():
        outcomes = pool.map(lambda python, example=example: measure.in_python(python, example), pythons)
        found[name] = OrderedDict([
            ('python', tabulate(OrderedDict(zip(names, outcomes)))), ('c', measure.in_c(program, example))])
    return OrderedDict([('pythons', names), ('examples', found)])


def main(pythons):
    folder = tempfile.mkdtemp(prefix='callmap-')
    try:
        found = record(pythons, twins.build(examples().values(), folder))
    finally:
        shutil.rmtree(folder)
    with io.open(RECORDED, 'w', encoding='utf-8') as file:
        file.write(json.dumps(found, indent=1, separators=(',', ': ')) + u'\n')
    sys.stdout.write('%d examples on %d interpreters and in C\n' % (len(found['examples']), len(pythons)))
    return 0
