"""``docs/speed.md``, made from a run that was stored; what it says is in ``page.md``."""

import io
import os
import re

import jinja2

from interop_tests.bench import tables
from interop_tests.bench.measure import FOLDER
from interop_tests.bench.shapes import SHAPES
from interop_tests.process import ROOT

DOCS = os.path.join(ROOT, 'docs')
PICTURE = ('<picture><source media="(prefers-color-scheme: dark)" srcset="speed/{0}-dark.svg">'
           '<img src="speed/{0}-light.svg" alt="{1}"></picture>')
USUAL = ['round-trip', '1-b', '64-b', '1-kib', '64-kib', '1-mib', '16-mib', '100-connections', '100-round-trips',
         'connect', 'udp']
MODELS = ['models-1', 'models-100', 'models-idle', 'idle-10000', 'busy-10000']
CLIENTS = [name for name, shape in SHAPES.items() if shape.of == 'client']


def page(run):
    """Return the page."""
    def cpu(shape, key):
        found = tables.cpu(run, shape, key)
        if found is None:
            raise KeyError('%s under %s was not measured' % (key, shape))
        return found

    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True, trim_blocks=True)
    environment.filters['us'] = lambda value: '%.3g ms' % (value / 1000) if value >= 1000 else '%.3g µs' % value
    environment.filters['ratio'] = lambda value: '%.2g' % value
    with io.open(os.path.join(FOLDER, 'page.md'), encoding='utf-8') as file:
        template = environment.from_string(file.read())
    text = template.render(
        run=run, cpu=cpu, shapes=SHAPES, usual=USUAL, models=MODELS, clients=CLIENTS, calls=run['calls'],
        calls_table=calls_table(run), ratios=tables.ratios(run), glance=tables.glance(run), memory=tables.memory(run),
        framings=tables.framings(run),
        table=lambda name: tables.of_shape(run, name),
        starting=tables.starting(run), picture=lambda name, alt: PICTURE.format(name, alt), held=run['held'],
        starts=run['starts'])
    return re.sub(r'\n{3,}', '\n\n', text)


def calls_table(run):
    """Return which functions each server called for one unit."""
    lines = ['| server | ' + ' | '.join(SHAPES[name].title for name in run['calls']) + ' |',
             '|---|' + '---|' * len(run['calls'])]
    for key in list(run['calls'].values())[0]:
        cells = [', '.join('%s %.3g' % call for call in found.get(key, {}).items()) for found in run['calls'].values()]
        lines.append('| %s | %s |' % (run['labels'][key], ' | '.join(cells)))
    return '\n'.join(lines)


def write(run):
    """Write the page and its plots."""
    from interop_tests.bench import plots
    text = page(run)
    folder = os.path.join(DOCS, 'speed')
    os.makedirs(folder, exist_ok=True)
    plots.draw(run, folder)
    with io.open(os.path.join(DOCS, 'speed.md'), 'w', encoding='utf-8') as file:
        file.write(text)
    return 0
