"""``python -m interop_tests.bench [--quick] [--record] [--shape NAME] [--server KEY]``: see the head of the package."""

import argparse
import io
import json
import os
import sys

from interop_tests.bench import running, tables
from interop_tests.bench.clients import clients
from interop_tests.bench.measure import FOLDER
from interop_tests.bench.servers import servers
from interop_tests.bench.shapes import SHAPES
from interop_tests.compiling import forget_builds

RESULTS = os.path.join(FOLDER, 'results.json')
# What a minute is enough for.
QUICK = ['round-trip', '64-b', '64-kib', 'connect', 'client-64-b']


def options(words):
    rows = [row.key for row in servers() + clients()]
    parser = argparse.ArgumentParser(
        prog='python -m interop_tests.bench', description='Measure what frames, connections and starts cost.')
    parser.add_argument('--quick', action='store_true', help='five loads, one short turn each')
    parser.add_argument('--record', action='store_true', help='store the run, and make docs/speed.md of it')
    parser.add_argument('--page', action='store_true', help='make docs/speed.md of the stored run')
    parser.add_argument('--shape', action='append', choices=list(SHAPES), help='only this load; again for more')
    parser.add_argument('--server', action='append', choices=rows, help='only this server or client; again for more')
    parser.add_argument('--seconds', type=_above_zero(float), help='of one turn')
    parser.add_argument('--turns', type=_above_zero(int), help='how often each program is measured')
    chosen = parser.parse_args(words)
    if chosen.record and (chosen.quick or chosen.shape or chosen.server):
        parser.error('--record stores a whole run: neither --quick nor --shape nor --server')
    chosen.seconds = chosen.seconds or (0.4 if chosen.quick else 1.0)
    chosen.turns = chosen.turns or (1 if chosen.quick else 3)
    chosen.shape = chosen.shape or (QUICK if chosen.quick else list(SHAPES))
    chosen.rows = [row for row in servers() + clients() if not chosen.server or row.key in chosen.server]
    idle = [name for name in chosen.shape if not running.taking(chosen.rows, SHAPES[name])]
    if idle:
        parser.error('--server %s takes no part in %s' % (' '.join(chosen.server), ' '.join(idle)))
    return chosen


def _above_zero(kind):
    def number(word):
        found = kind(word)
        if not 0 < found < float('inf'):
            raise ValueError
        return found
    number.__name__ = 'number above zero'
    return number


def main(words):
    chosen = options(words)
    if chosen.page:
        from interop_tests.bench import page
        return page.write(stored())
    is_whole = chosen.shape == list(SHAPES)

    def say(line):
        sys.stderr.write(line + '\n')

    found = running.run(chosen.rows, chosen.shape, chosen.seconds, chosen.turns, say)
    if is_whole:
        found['held'], found['calls'] = running.held(chosen.rows, say), running.calls(chosen.rows, say)
        found['framings'] = running.framings(chosen.turns, chosen.seconds, say)
        found['starts'] = running.starts(chosen.rows, say)
    for name in found['shapes']:
        sys.stdout.write('\n## %s\n\n%s\n' % (SHAPES[name].title, tables.of_shape(found, name)))
    sys.stdout.write('\n%s\n' % tables.ratios(found))
    if chosen.record:
        from interop_tests.bench import page
        page.write(found)
        with io.open(RESULTS, 'w', encoding='utf-8') as file:
            file.write(json.dumps(found, indent=1) + '\n')
    return 0


def stored():
    """Return the run that was stored."""
    with io.open(RESULTS, encoding='utf-8') as file:
        return json.load(file)


if __name__ == '__main__':
    try:
        sys.exit(main(sys.argv[1:]))
    finally:
        forget_builds()
