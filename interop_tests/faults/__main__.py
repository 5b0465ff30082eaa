"""``python -m interop_tests.faults``: makes docs/faults.md from the table."""

import argparse
import os

from interop_tests.faults import table
from interop_tests.process import ROOT

PAGE = os.path.join(ROOT, 'docs', 'faults.md')
HEAD = """\
# Calls that fail

Made by `python3 -m interop_tests.faults` from `interop_tests/faults/table.py`; `interop_tests/test_faults.py` tries
every cell.

An interposer (`interop_tests/faults/faults.c`) stands between a program and the C library. A test tells it, through
memory that they share, which call fails next, with which errno, or moves one byte instead of all (SHORT). Each fault
strikes once, in C, in the oldest and in the newest CPython, under every I/O model. Every `malloc`, `calloc` and
`realloc` of the C programs fails once, too.

A part of them: `python3 -m pytest interop_tests/test_faults.py -k "test_a_client and recv"`; with `--collect-only -q`
it lists the cells instead.

| outcome | what has to come of it |
|---|---|
"""


def text():
    lines = ['| %s | %s |' % (name, table.TOLD[name]) for name in (
        table.NOTHING, table.CONNECTION, table.SERVER, table.TOLD_SO, table.GIVES_UP)]
    for title, sentence, rows in table.SECTIONS:
        lines += ['', '## %s' % title, '']
        lines += [sentence, ''] if sentence else []
        lines += ['| call | fails with | outcome | |', '|---|---|---|---|']
        for row in rows:
            descriptor = ' of descriptor %d' % row.fd if row.fd >= 0 else ''
            lines.append('| `%s`%s | %s | %s | %s |' % (
                row.call, descriptor, ' '.join(row.errnos), ' or '.join(row.outcomes), row.why))
    return HEAD + '\n'.join(lines) + '\n'


if __name__ == '__main__':
    argparse.ArgumentParser(prog='python -m interop_tests.faults', description='Make docs/faults.md.').parse_args()
    with open(PAGE, 'w') as file:
        file.write(text())
