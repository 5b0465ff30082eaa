"""The programs that are recorded: Python's with this interpreter, those in C compiled once."""

import os
import sys

import pytest

from interop_tests.compiling import build
from interop_tests.process import ROOT

SCENARIOS = os.path.join(ROOT, 'interop_tests', 'recorder', 'scenarios')
# How a C program is compiled.
C = {'plain': [], 'fortified': ['-O2', '-D_FORTIFY_SOURCE=2'], 'stdio': []}


def python_program(name):
    """Return the words that run a program in Python."""
    if name == 'asynchronous' and sys.version_info[0] == 2:
        pytest.skip('asyncio came with Python 3')
    return [sys.executable, os.path.join(SCENARIOS, name + '.py')]


def needs_c(request):
    """Skip a test about programs in C where those are left out."""
    if request.config.getoption('--without-c'):
        pytest.skip('the programs in C are run once')


def c_program(name, request):
    """Compile a program in C; return the words that run it."""
    needs_c(request)
    return [build([os.path.join(SCENARIOS, name + '.c')], C[name])]
