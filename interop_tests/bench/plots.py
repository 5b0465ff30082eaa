"""A plot for each load, and two of how cost grows; each once for a light page and once for a dark one."""

import os

import matplotlib
from matplotlib import pyplot
from matplotlib.figure import Figure

from interop_tests.bench.shapes import SHAPES
from interop_tests.bench.tables import cpu, spread

matplotlib.use('svg')
# The same run makes the same file; text stays text.
matplotlib.rcParams.update({'svg.hashsalt': 'speed', 'svg.fonttype': 'none', 'font.size': 10})
THEMES = {'light': ('default', '#0969da', '#8c959f'), 'dark': ('dark_background', '#58a6ff', '#6e7681')}
# Plots of how cost grows: the loads, and along what.
GROWTHS = {
    'by-size': (['1-b', '64-b', '1-kib', '64-kib', '1-mib', '16-mib'], 'size', 'bytes in a frame'),
    'by-connections': (['round-trip', '100-round-trips', 'busy-10000'], 'connections', 'busy connections'),
}
GROWING = ['raw-c', 'c', 'raw-python', 'python', 'python-asyncio', 'by-hand', 'twisted', 'streams']


def draw(run, folder):
    """Write the files; return their names without the theme."""
    names = []
    for name in run['shapes']:
        names.append(name)
        for theme in THEMES:
            _save(_bars(run, name, theme), folder, name, theme)
    for name in GROWTHS:
        for theme in THEMES:
            _save(_growth(run, name, theme), folder, name, theme)
    return names + list(GROWTHS)


def _save(figure, folder, name, theme):
    path = os.path.join(folder, '%s-%s.svg' % (name, theme))
    figure.savefig(path, transparent=True, bbox_inches='tight', metadata={'Date': None})
    pyplot.close('all')


def _bars(run, name, theme):
    """CPU for each unit: the median as a bar, from the least to the most as a line; the quickest at the top."""
    style, mine, others = THEMES[theme]
    rows = run['shapes'][name].items()
    found = [(spread([turn[1] for turn in turns]), key) for key, turns in rows]
    found.sort(key=lambda row: -row[0][1])
    with pyplot.style.context(style):
        figure = Figure(figsize=(8, 0.6 + 0.3 * len(found)))
        axes = figure.add_subplot()
        for place, ((least, middle, most), key) in enumerate(found):
            axes.barh(place, middle, color=mine if run['labels'][key].startswith('ours') else others)
            axes.plot([least, most], [place, place], color=axes.xaxis.label.get_color(), linewidth=1)
            axes.text(max(most, middle), place, '  %.3g' % middle, va='center')
        axes.set_yticks(range(len(found)), [run['labels'][key] for _, key in found])
        shape = SHAPES[name]
        axes.set_xlabel('%s: µs of the %s\'s CPU for each %s' % (shape.title, shape.of, shape.unit))
        axes.margins(x=0.12)
        for side in ('top', 'right'):
            axes.spines[side].set_visible(False)
    return figure


def _growth(run, name, theme):
    """CPU for each unit by what grows, both on logarithmic axes."""
    style = THEMES[theme][0]
    loads, field, label = GROWTHS[name]
    with pyplot.style.context(style):
        figure = Figure(figsize=(8, 4.5))
        axes = figure.add_subplot()
        for key in GROWING:
            points = [(getattr(SHAPES[load], field), cpu(run, load, key)) for load in loads if cpu(run, load, key)]
            if points:
                axes.loglog(*zip(*points), marker='o', markersize=3, label=run['labels'][key],
                            linestyle='-' if run['labels'][key].startswith('ours') else '--')
        axes.set_xlabel(label)
        axes.set_ylabel('µs of the server\'s CPU for each %s' % SHAPES[loads[0]].unit)
        axes.grid(True, alpha=0.3)
        axes.legend(fontsize=8)
    return figure
