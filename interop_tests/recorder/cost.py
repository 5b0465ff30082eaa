"""What recording and tracing cost: nanoseconds for each call of a loop of send and recv, with and without them."""

import os
import subprocess
import sys

from interop_tests.compiling import build, forget_builds
from interop_tests.recorder.programs import SCENARIOS
from pyside.calls import running
from pyside.trace import lines, staging

TIMES, RUNS = 50000, 5


def measure(command):
    """Return the least of some runs: nanoseconds for each call, plain, recorded and traced."""
    command = command + [str(TIMES)]
    plain = [int(subprocess.check_output(command)) for _ in range(RUNS)]
    recorded = [int(running.record(command, limit=3 * TIMES)[1]) for _ in range(RUNS)]
    traced = [_traced(command) for _ in range(RUNS)]
    return min(plain), min(recorded), min(traced)


def _traced(command):
    with staging.stage(3 * TIMES) as stage:
        environment = lines.environment(dict(os.environ), stage.lines)
        return int(running.record(command, environment=environment, limit=3 * TIMES, notes=stage.notes)[1])


def main():
    programs = [('C', [build([os.path.join(SCENARIOS, 'cost.c')], ['-O2'])]),
                ('Python %d.%d' % sys.version_info[:2], [sys.executable, os.path.join(SCENARIOS, 'cost.py')])]
    sys.stdout.write('| program | a call, plain | recorded | cost | traced | cost |\n|---|--:|--:|--:|--:|--:|\n')
    for name, command in programs:
        plain, recorded, traced = measure(command)
        sys.stdout.write('| %s | %d ns | %d ns | %d ns | %d ns | %d ns |\n' % (
            name, plain, recorded, recorded - plain, traced, traced - plain))
    forget_builds()
