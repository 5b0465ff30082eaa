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
SIZES = ['1-b', '64-b', '1-kib', '64-kib', '1-mib', '16-mib']
GROWING = ['raw-c', 'c', 'raw-python', 'python', 'python-asyncio', 'by-hand', 'twisted', 'streams']


def draw(run, folder):
    """Write the files; return their names without the theme."""
    names = []
    for name in run['shapes']:
        names.append(name)
        for theme in THEMES:
            _save(_bars(run, name, theme), folder, name, theme)
    for theme in THEMES:
        _save(_by_size(run, theme), folder, 'by-size', theme)
    return names + ['by-size']


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
        axes.set_xlabel('%s: µs of the server\'s CPU for each %s' % (SHAPES[name].title, SHAPES[name].unit))
        axes.margins(x=0.12)
        for side in ('top', 'right'):
            axes.spines[side].set_visible(False)
    return figure


def _by_size(run, theme):
    """CPU for each frame by its size, both on logarithmic axes."""
    style = THEMES[theme][0]
    with pyplot.style.context(style):
        figure = Figure(figsize=(8, 4.5))
        axes = figure.add_subplot()
        for key in GROWING:
            points = [(SHAPES[name].size, cpu(run, name, key)) for name in SIZES if cpu(run, name, key)]
            if points:
                axes.loglog(*zip(*points), marker='o', markersize=3, label=run['labels'][key],
                            linestyle='-' if run['labels'][key].startswith('ours') else '--')
        axes.set_xticks([SHAPES[name].size for name in SIZES], [SHAPES[name].title.partition(',')[0] for name in SIZES])
        axes.set_ylabel('µs of the server\'s CPU for each frame')
        axes.grid(True, alpha=0.3)
        axes.legend(fontsize=8)
    return figure
