"""``python -m interop_tests.coverage_page C.json PYTHON.json``: docs/coverage.md from what ``make coverage`` measured.

:param C.json: of ``gcovr --json-summary``.
:param PYTHON.json: of ``coverage json``.
"""

import json
import os
import sys

from interop_tests.process import ROOT

PAGE = os.path.join(ROOT, 'docs', 'coverage.md')
HEAD = """\
# Coverage

Made by `make coverage`: the lines and branches of the programs that the tests reach. Servers are stopped, not
killed, so that they write down what they did. The vectors of the [fuzzer](fuzzing.md) are played with one allocation
failing after another, and [calls fail](faults.md). `calls/` (the recorder), `trace/` and `ledger/`
have tests of their own.

What is not covered is mostly one of these:

- In C, the child of `fork`: it ends with `_exit`, and gcov writes at exit. It does what the iterative model does.
- In C, a call that fails for want of memory before anything is served. `test_faults.py` lets it fail, but gcov needs
  memory at the exit, too, and such a run is not counted.
- In C, the programs in `first/` after their loops: Ctrl-C, a signal, ends them.
- In Python, what is for 2.7 alone and marked `PY2:`. coverage.py measures the Python that runs the suite; tox runs
  the same tests on 2.7.
"""


def table(title, total, rows):
    lines = ['', '## %s' % title, '', '| file | lines | branches | not covered |', '|---|--:|--:|---|']
    lines.append('| all | %s | %s | |' % total)
    return lines + ['| `%s` | %s | %s | %s |' % row for row in rows]


def c_rows(summary):
    total = (share(summary['line_covered'], summary['line_total']), share(
        summary['branch_covered'], summary['branch_total']))
    return total, [(
        file['filename'], share(file['line_covered'], file['line_total']),
        share(file['branch_covered'], file['branch_total']),
        missing(file['line_total'] - file['line_covered']),
    ) for file in summary['files']]


def python_rows(report):
    totals = report['totals']
    total = (share(totals['covered_lines'], totals['num_statements']),
             share(totals['covered_branches'], totals['num_branches']))
    rows = []
    for name, file in sorted(report['files'].items()):
        found = file['summary']
        if found['num_statements']:
            rows.append((
                name.split('pyside/', 1)[-1], share(found['covered_lines'], found['num_statements']),
                share(found['covered_branches'], found['num_branches']), spans(file['missing_lines'])))
    return total, rows


def missing(count):
    return '%d line%s' % (count, '' if count == 1 else 's') if count else ''


def share(covered, total):
    return '%.1f %%' % (100.0 * covered / total) if total else '-'


def spans(lines):
    """Write numbers of lines as ranges."""
    found = []
    for line in lines:
        if found and line == found[-1][1] + 1:
            found[-1][1] = line
        else:
            found.append([line, line])
    return ', '.join('%d' % first if first == last else '%d-%d' % (first, last) for first, last in found)


def main(c_path, python_path):
    with open(c_path) as file:
        in_c = c_rows(json.load(file))
    with open(python_path) as file:
        in_python = python_rows(json.load(file))
    with open(PAGE, 'w') as file:
        file.write(HEAD + '\n'.join(table('c_ref', *in_c) + table('pyside', *in_python)) + '\n')
    print('c_ref: lines %s, branches %s; pyside: lines %s, branches %s: docs/coverage.md' % (in_c[0] + in_python[0]))


if __name__ == '__main__':
    main(*sys.argv[1:])
