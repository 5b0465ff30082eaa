"""docs/limits.md, against the programs: each limit has one name and one value, in both languages, and tests."""

import importlib
import os
import re

import pytest

from interop_tests.process import ROOT
from interop_tests.test_links import CHECK, TEST, read
from pyside.programs.help import help_text
from pyside.programs.options import Options

PAGE = read('docs/limits.md')
OPTION = re.compile(r'^\| `--([a-z-]+)` \| (\d+) \|', re.M)
CONSTANT = re.compile(r'^\| \[`([A-Z_]+)`\]\(\.\./(\S+)\.py\) \| ([\d.]+) \|', re.M)


@pytest.mark.parametrize('option, default', OPTION.findall(PAGE))
def test_an_option(option, default):
    role = 'client' if option == 'retries' else 'server'
    assert getattr(Options(role), option.replace('-', '_')) == float(default)
    # C prints the same help: test_command_line.py.
    assert re.search(r'--%s .*\(%s\)' % (option, default), help_text(role))


@pytest.mark.parametrize('name, module, value', CONSTANT.findall(PAGE))
def test_a_constant(name, module, value):
    assert getattr(importlib.import_module(module.replace('/', '.')), name) == float(value)
    assert in_c(name, module) == float(value)


def in_c(name, module):
    """Return the value that the C twin gives a name: in an enum, a macro, or a constant in small letters."""
    twin = module.replace('pyside/', 'c_ref/', 1)
    for path in (twin + '.h', twin + '.c'):
        if os.path.exists(os.path.join(ROOT, path)):
            found = re.search(r'\b%s\b(?: = | )([\d.]+(?: \* \d+)*)' % name, read(path), re.I)
            if found:
                return eval(found.group(1))
    raise AssertionError('%s: no %s' % (twin, name))


def test_every_limit_has_a_test():
    rows = [line for line in PAGE.splitlines() if re.match(r'\| (`--|\[`)', line)]
    assert len(rows) == len(OPTION.findall(PAGE)) + len(CONSTANT.findall(PAGE))
    for row in rows:
        assert TEST.search(row) or CHECK.search(row), row
