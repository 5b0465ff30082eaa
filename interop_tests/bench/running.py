"""A whole run: all programs under every load in turns, what 10,000 connections hold, and how long a start takes."""

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, OrderedDict
from contextlib import closing

from interop_tests import peers, proc
from interop_tests.bench.clients import Client
from interop_tests.bench.measure import Load, client_turn, start, turn
from interop_tests.bench.servers import RIVALS, Server, other_pythons
from interop_tests.bench.shapes import SHAPES, Shape
from interop_tests.process import ROOT
from pyside.calls import preloading, recording

HELD = Shape('hold', '', 'connection', 'hold', 10000, 64, 'frame', None)
EVENT_DRIVEN = ('raw-c', 'raw-python', 'by-hand', 'twisted', 'c', 'python', 'python-asyncio')
FILES = 20000
STARTS = 21
# Whose system calls are counted, and under which loads.
COUNTED_SECONDS, RECORDED = 0.2, 200000
COUNTED = ('raw-c', 'raw-python', 'by-hand', 'streams', 'twisted', 'c', 'python', 'python-asyncio', 'py27')


def run(rows, shapes, seconds, turns, say):
    """Measure all.

    :param rows: servers and clients.
    :param shapes: names of shapes.
    :param seconds: of one turn.
    :param turns: how many: A B C A B C.
    :param say: called with a line for people.
    :returns: what is stored, as a dictionary.
    """
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, max(FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
    found = OrderedDict([('machine', machine()), ('seconds', seconds), ('turns', turns),
                         ('labels', OrderedDict((row.key, row.label) for row in rows)), ('shapes', OrderedDict())])
    for name in shapes:
        shape = SHAPES[name]
        measure = client_turn if shape.of == 'client' else turn
        found['shapes'][name] = OrderedDict((row.key, []) for row in taking(rows, shape))
        for number in range(turns):
            say('%s, turn %d of %d' % (shape.title, number + 1, turns))
            for row in taking(rows, shape):
                found['shapes'][name][row.key].append(measure(row, shape, seconds))
    return found


def taking(rows, shape):
    """List the rows that take part in a load."""
    if shape.of == 'client':
        return [row for row in rows if isinstance(row, Client)]
    return [row for row in rows if isinstance(row, Server) and (row.key in shape.only if shape.only else row.usual)]


def machine():
    """Say where it was measured."""
    with open('/proc/cpuinfo') as file:
        models = [line.split(':')[1].strip() for line in file if line.startswith('model name')]
    versions = []
    for name in ('twisted', 'uvloop'):
        try:
            versions.append('%s %s' % (name, __import__(name).__version__))
        except ImportError:
            pass
    return '%s x %d, Linux %s, Python %s%s' % (
        models[0] if models else platform.machine(), os.cpu_count(), platform.release(), platform.python_version(),
        ''.join(', ' + version for version in versions))


def held(rows, say):
    """Return the bytes of a server's memory for each of 10,000 connections, a tenth of them troublesome."""
    found = OrderedDict()
    for row in rows:
        if row.key in EVENT_DRIVEN:
            say('10,000 connections to %s' % row.label)
            with closing(start(row, 'frame')) as server:
                before = proc.memory(server.process.pid, 'VmRSS')
                with closing(Load(server, HELD, 0)):
                    found[row.key] = (proc.memory(server.process.pid, 'VmRSS') - before) // HELD.connections
    return found


def calls(rows, say):
    """Return how often each server called what for a unit: ``{load: {server: {function: calls}}}``."""
    found = OrderedDict()
    for name in ('round-trip', '64-b', '64-kib'):
        found[name] = OrderedDict()
        for row in rows:
            if row.key in COUNTED:
                say('calls of %s, %s' % (row.label, SHAPES[name].title))
                found[name][row.key] = calls_for_each(row, SHAPES[name])
    return found


def calls_for_each(row, shape):
    """Run one turn under the recorder."""
    with tempfile.NamedTemporaryFile() as file:
        recording.create(file.name, RECORDED)
        changed = {name: value for name, value in preloading.environment(file.name).items()
                   if os.environ.get(name) != value}
        before = {name: os.environ.get(name) for name in changed}
        os.environ.update(changed)
        try:
            server = start(row, shape.protocol)
        finally:
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})
        with closing(server), closing(Load(server, shape, COUNTED_SECONDS)) as load:
            begun = len(recording.read(file.name)[1])
            units, _ = load.run()
            made = Counter(call.name for call in recording.read(file.name)[1][begun:])
    return {name: count / units for name, count in made.most_common() if count > units / 1000}


def framings(turns, seconds, say):
    """Return what a frame of each framing costs in each Python, this one first: ``{label: {framing: [us, ...]}}``."""
    pythons = [('Python %d.%d' % sys.version_info[:2], sys.executable)]
    pythons += [(label, peers.command(peer, 'server')[0]) for peer, label in other_pythons()]
    found = OrderedDict()
    for label, path in pythons:
        say('framings in %s' % label)
        words = [path, '-m', 'interop_tests.bench.framings', str(turns), str(seconds)]
        found[label] = json.loads(subprocess.check_output(words, cwd=ROOT), object_pairs_hook=OrderedDict)
    return found


def starts(rows, say):
    """Return the milliseconds from the start of ``list`` to its end: [least, median, most]; bare interpreters too."""
    found = OrderedDict()
    commands = [('bare', [sys.executable, '-c', 'pass'], ROOT), ('nothing', [sys.executable, '-m', 'nothing'], RIVALS),
                ('imports', [sys.executable, '-m', 'imports'], RIVALS)]
    commands += [(row.key, peers.command(row.peer, 'list'), ROOT)
                 for row in rows if isinstance(row, Server) and row.ours and '-' not in row.key]
    times = OrderedDict((key, []) for key, _, _ in commands)
    say('%d starts of each' % STARTS)
    for _ in range(STARTS):
        for key, words, folder in commands:
            began = time.perf_counter()
            subprocess.check_call(words, cwd=folder, stdout=subprocess.DEVNULL)
            times[key].append(1000 * (time.perf_counter() - began))
    for key, taken in times.items():
        taken.sort()
        found[key] = [taken[0], taken[len(taken) // 2], taken[-1]]
    return found

