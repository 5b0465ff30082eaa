"""What recording costs: nanoseconds for each call of a loop of send and recv, with and without the recorder."""

import os
import subprocess
import sys

from interop_tests.compiling import build, forget_builds
from interop_tests.recorder.programs import SCENARIOS
from pyside.calls import running

TIMES, RUNS = 50000, 5


def measure(command):
    """Return the least of some runs: nanoseconds for each call, plain and recorded."""
    command = command + [str(TIMES)]
    plain = [int(subprocess.check_output(command)) for _ in range(RUNS)]
    recorded = [int(running.record(command, limit=3 * TIMES)[1]) for _ in range(RUNS)]
    return min(plain), min(recorded)


def main():
    programs = [('C', [build([os.path.join(SCENARIOS, 'cost.c')], ['-O2'])]),
                ('Python %d.%d' % sys.version_info[:2], [sys.executable, os.path.join(SCENARIOS, 'cost.py')])]
    sys.stdout.write('| program | a call, plain | recorded | cost |\n|---|--:|--:|--:|\n')
    for name, command in programs:
        plain, recorded = measure(command)
        sys.stdout.write('| %s | %d ns | %d ns | %d ns |\n' % (name, plain, recorded, recorded - plain))
    forget_builds()
