"""Tables of a run, for the terminal and for the page."""

from collections import namedtuple

from interop_tests.bench.shapes import SHAPES
from pyside.wire.framing import FORMATS

# What was aimed at: a measure of one program, divided by that of another, or by a number.
Target = namedtuple('Target', 'measure shape ours other bound is_most')

TARGETS = [Target('cpu', *row, is_most=True) for row in (
    ('64-b', 'python', 'twisted', 0.33), ('64-b', 'python', 'by-hand', 0.65),
    ('64-b', 'python-asyncio', 'twisted', 0.33), ('64-b', 'python-asyncio', 'by-hand', 0.65),
    ('1-kib', 'python', 'twisted', 0.5), ('1-kib', 'python-asyncio', 'twisted', 0.5),
    ('64-kib', 'python', 'raw-python', 1.1), ('1-mib', 'python', 'by-hand', 1.1), ('16-mib', 'python', 'by-hand', 1.0),
    ('round-trip', 'python', 'raw-python', 2.0),
    ('1-kib', 'c', 'raw-c', 1.1), ('64-kib', 'c', 'raw-c', 1.1), ('1-mib', 'c', 'raw-c', 1.1),
    ('16-mib', 'c', 'raw-c', 1.1))]
TARGETS += [Target('framing', None, name, 'u32be', most, True) for name, most in (('varint', 1.1), ('netstring', 2.0))]
TARGETS += [Target('rate', 'connect', ours, other, 0.9, False) for ours, other in (
    ('c', 'raw-c'), ('python', 'raw-python'))]
TARGETS += [Target('held', None, key, most, 1.0, True) for key, most in (
    ('c', 1150), ('python', 805), ('python-asyncio', 2044))]
TARGETS += [Target('starts', None, 'python', 'bare', 1.5, True)]
MEASURES = {'cpu': '%s: CPU', 'rate': '%s: rate', 'framing': '64 B within the process',
            'held': 'memory of one of 10,000 connections', 'starts': 'a start'}
LABELS = {'bare': 'an interpreter that does nothing', 'nothing': 'one with -m, of a file of nothing',
          'imports': 'one with -m, of a file that imports socket, select, signal, struct and fcntl'}
# Fewer turns are no verdict.
TURNS = 3


def spread(values):
    """Return least, median and most."""
    values = sorted(values)
    return values[0], values[len(values) // 2], values[-1]


def number(value):
    """Write a number with three digits that count."""
    if value >= 1e6:
        return '%.3g M' % (value / 1e6)
    if value >= 1e4:
        return '%.3g k' % (value / 1e3)
    return '%.3g' % value if value < 1000 else '%d' % value


def of_shape(run, name):
    """Return the Markdown table of one load."""
    shape = SHAPES[name]
    lines = ['| %s | %ss a second | its CPU for each, µs: median | least | most |' % (shape.of, shape.unit),
             '|---|--:|--:|--:|--:|']
    for key, turns in run['shapes'][name].items():
        cpu = spread([turn[1] for turn in turns])
        lines.append('| %s | %s | %s | %s | %s |' % (
            (run['labels'][key], number(spread([turn[0] for turn in turns])[1]), number(cpu[1]),
             number(cpu[0]), number(cpu[2]))))
    return '\n'.join(lines)


def cpu(run, shape, key):
    """Return the median of a program's CPU for each unit, in microseconds, or None."""
    turns = run['shapes'].get(shape, {}).get(key)
    return spread([turn[1] for turn in turns])[1] if turns else None


def measured(run, target, key):
    """Return what a target compares, of one program: the median and the best of its turns; None where there is none.

    A number is what it says.
    """
    if not isinstance(key, str):
        return key, key
    if target.measure in ('cpu', 'rate'):
        turns = run['shapes'].get(target.shape, {}).get(key)
        values = [turn[('rate', 'cpu').index(target.measure)] for turn in turns or ()]
    elif target.measure == 'framing':
        values = next((costs[key] for costs in run.get('framings', {}).values()), ())
    else:
        found = run.get(target.measure, {}).get(key)
        values = found if isinstance(found, list) else [found] if found is not None else ()
    if not values:
        return None
    least, middle, most = spread(values)
    return middle, least if target.is_most else most


def ratios(run):
    """Return the Markdown table of what was aimed at."""
    lines = ['| what | ours | compared with | ratio | of the best turns | aimed at | |',
             '|---|---|---|--:|--:|--:|---|']
    for target in TARGETS:
        mine, theirs = measured(run, target, target.ours), measured(run, target, target.other)
        if mine and theirs:
            what = MEASURES[target.measure]
            found = [one / other for one, other in zip(mine, theirs)]
            lines.append('| %s | %s | %s | %.2f | %.2f | at %s %.2f | %s |' % (
                what % SHAPES[target.shape].title if target.shape else what, _label(run, target.ours),
                _label(run, target.other), found[0], found[1], 'most' if target.is_most else 'least', target.bound,
                verdict(run, found, target)))
    return '\n'.join(lines)


def verdict(run, found, target):
    """Say whether an aim was reached; on a machine that others share the medians and the best turns have to agree.

    :param found: the ratio of the medians, and that of the best turns.
    """
    if run['turns'] < TURNS:
        return '%d turn%s: no verdict' % (run['turns'], 's' * (run['turns'] > 1))
    reached = {ratio <= target.bound if target.is_most else ratio >= target.bound for ratio in found}
    return 'unclear' if len(reached) > 1 else 'reached' if True in reached else '**missed**'


def _label(run, key):
    if not isinstance(key, str):
        return 'the aim, %d bytes' % key
    return key if key in FORMATS else LABELS.get(key) or run['labels'][key]


GLANCE = ('python', 'python-asyncio', 'twisted', 'by-hand', 'by-hand-uvloop', 'streams', 'c')


def glance(run):
    """Return the Markdown table of what one would use, and what it costs."""
    loads = ('round-trip', '64-b', '1-kib', '64-kib', 'connect')
    lines = ['| server | %s | memory |' % ' | '.join(SHAPES[load].title for load in loads), '|---|' + '--:|' * 6]
    for key in GLANCE:
        if key in run['labels']:
            cells = [cpu(run, load, key) for load in loads] + [run['held'].get(key)]
            shown = [number(cell) if cell else '' for cell in cells]
            lines.append('| %s | %s |' % (run['labels'][key], ' | '.join(shown)))
    return '\n'.join(lines)


def framings(run):
    """Return the Markdown table of what a frame costs in each framing."""
    lines = ['| framing | %s |' % ' | '.join(run['framings']), '|---|' + '--:|' * len(run['framings'])]
    for name in FORMATS:
        cells = [number(spread(costs[name])[1]) for costs in run['framings'].values()]
        lines.append('| %s | %s |' % (name, ' | '.join(cells)))
    return '\n'.join(lines)


def memory(run):
    return '\n'.join(['| server | bytes of its memory for each connection |', '|---|--:|'] + [
        '| %s | %d |' % (run['labels'][key], used) for key, used in run['held'].items()])


def starting(run):
    return '\n'.join(['| program | ms, median | least | most |', '|---|--:|--:|--:|'] + [
        '| %s | %.1f | %.1f | %.1f |' % (_label(run, key), middle, least, most)
        for key, (least, middle, most) in run['starts'].items()])
