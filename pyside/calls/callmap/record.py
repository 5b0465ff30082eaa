"""Measures the map again, on every interpreter given and in C, and writes ``recorded.json``.

``python -m pyside.calls.callmap record PYTHON...``; ``add PYTHON...`` keeps what was measured on others.
"""

import io
import json
import shutil
import sys
import tempfile
from collections import OrderedDict
from multiprocessing.pool import ThreadPool

from pyside.calls.callmap import measure, twins
from pyside.calls.callmap.rows import RECORDED, examples, interpreters, recorded
from pyside.ledger.versions import in_order, name_of, widened

AT_A_TIME = 4


def record(pythons, program, known, before):
    """Return ``{'pythons': [names], 'examples': {example: {'python': {versions: outcome}, 'c': outcome}}}``.

    :param known: names of the interpreters that ``before`` is about, as :func:`rows.recorded` has it.
    """
    names = [name_of(python) for python in pythons]
    pool = ThreadPool(AT_A_TIME)
    found = OrderedDict()
    for name, example in examples().items():
        outcomes = pool.map(lambda python, example=example: measure.in_python(python, example), pythons)
        found[name] = OrderedDict([
            ('python', widened(before.get(name, {}).get('python', {}), known, dict(zip(names, outcomes)))),
            ('c', measure.in_c(program, example))])
    return OrderedDict([('pythons', in_order(set(known) | set(names))), ('examples', found)])


def main(pythons, add=False):
    folder = tempfile.mkdtemp(prefix='callmap-')
    try:
        program = twins.build(examples().values(), folder)
        found = record(pythons, program, *((interpreters(), recorded()) if add else ([], {})))
    finally:
        shutil.rmtree(folder)
    with io.open(RECORDED, 'w', encoding='utf-8') as file:
        file.write(json.dumps(found, indent=1, separators=(',', ': ')) + u'\n')
    sys.stdout.write('%d examples on %d interpreters and in C\n' % (len(found['examples']), len(found['pythons'])))
    return 0
