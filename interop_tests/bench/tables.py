"""Tables of a run, for the terminal and for the page."""

from interop_tests.bench.shapes import SHAPES

# What each ratio compares: (shape, ours, the other, at most).
TARGETS = [
    ('64-b', 'python', 'twisted', 0.33), ('64-b', 'python', 'by-hand', 0.65),
    ('64-b', 'python-asyncio', 'twisted', 0.33), ('64-b', 'python-asyncio', 'by-hand', 0.65),
    ('1-kib', 'python', 'twisted', 0.5), ('1-kib', 'python-asyncio', 'twisted', 0.5),
    ('64-kib', 'python', 'raw-python', 1.1), ('1-mib', 'python', 'by-hand', 1.1), ('16-mib', 'python', 'by-hand', 1.0),
    ('round-trip', 'python', 'raw-python', 2.0),
    ('1-kib', 'c', 'raw-c', 1.1), ('64-kib', 'c', 'raw-c', 1.1), ('1-mib', 'c', 'raw-c', 1.1),
    ('16-mib', 'c', 'raw-c', 1.1), ('connect', 'c', 'raw-c', 1 / 0.9), ('connect', 'python', 'raw-python', 1 / 0.9)]


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
    lines = ['| server | %ss a second | server CPU for each, µs: median | least | most |' % shape.unit,
             '|---|--:|--:|--:|--:|']
    for key, turns in run['shapes'][name].items():
        cpu = spread([turn[1] for turn in turns])
        lines.append('| %s | %s | %s | %s | %s |' % (
            (run['labels'][key], number(spread([turn[0] for turn in turns])[1]), number(cpu[1]),
             number(cpu[0]), number(cpu[2]))))
    return '\n'.join(lines)


def cpu(run, shape, key):
    """Return the median of a server's CPU for each unit, in microseconds, or None."""
    turns = run['shapes'].get(shape, {}).get(key)
    return spread([turn[1] for turn in turns])[1] if turns else None


def ratios(run):
    """Return the Markdown table of what was aimed at."""
    lines = ['| load | ours | compared with | CPU, ratio | aimed at | |', '|---|---|---|--:|--:|---|']
    for shape, ours, other, most in TARGETS:
        mine, theirs = cpu(run, shape, ours), cpu(run, shape, other)
        if mine is not None and theirs:
            ratio = mine / theirs
            lines.append('| %s | %s | %s | %.2f | at most %.2f | %s |' % (
                SHAPES[shape].title, run['labels'][ours], run['labels'][other], ratio, most,
                'reached' if ratio <= most else '**missed**'))
    return '\n'.join(lines)


def memory(run):
    return '\n'.join(['| server | bytes of its memory for each connection |', '|---|--:|'] + [
        '| %s | %d |' % (run['labels'][key], used) for key, used in run['held'].items()])


def starting(run):
    labels = dict(run['labels'], **{'bare': 'an interpreter that does nothing, without site', 'bare-site': 'with site'})
    return '\n'.join(['| program | ms, median | least | most |', '|---|--:|--:|--:|'] + [
        '| %s | %.1f | %.1f | %.1f |' % (labels[key], middle, least, most)
        for key, (least, middle, most) in run['starts'].items()])
