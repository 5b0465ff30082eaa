"""Read a file of results: a header object, one object for each cell, and an end; docs/results.md has the keys."""

import json
from collections import namedtuple

from interop_tests.report.errors import ReportError
from interop_tests.report.status import BY_WORD
from interop_tests.report.visible import HOSTILE, everywhere

# run: the header, {} where its origin is unknown.  cells: {name: cell}, in the file's order.
# end: the last object, {} where the run was killed.
# traces: the path of a page of its own for a cell, by its name; no file of results can say that.
Results = namedtuple('Results', 'path run cells end traces')
Results.__new__.__defaults__ = ({},)

NEEDED = ('cell', 'client', 'server', 'protocol', 'format', 'transport', 'case', 'status')
SUITE = 'suite'


def read(path):
    """Read a run.

    Later cells win over earlier ones of the same name.  A last line that is cut, as when a run is killed, is left out.

    :raises ReportError: when the file cannot be read or is no file of results.
    """
    run, cells, end = {}, {}, {}
    for number, value in _objects(path):
        if 'run' in value and number == 1:
            run = _header(path, value['run'])
        elif 'end' in value:
            end = value['end'] if isinstance(value['end'], dict) else {}
        else:
            cell = _cell(path, number, value)
            cells[cell['cell']] = cell
    if not cells and not run:
        raise ReportError(f'{path} is no file of results: it is empty; make interop writes one')
    return Results(everywhere(str(path)), run, cells, end)


def _objects(path):
    """Yield ``(line number, object)``."""
    try:
        with open(path, encoding='utf-8', errors='surrogateescape') as file:
            number, pending = 0, None
            for line in file:
                if pending is not None:
                    raise ReportError(f'{path} is no file of results: line {number} is no JSON object')
                number += 1
                if not line.strip():
                    continue
                value = _object(line)
                if value is not None:
                    yield number, value
                elif number == 1 or line.endswith('\n'):
                    raise ReportError(f'{path} is no file of results: line {number} is no JSON object')
                else:
                    pending = line
    except OSError as error:
        raise ReportError(f'cannot read {path}: {error.strerror}')


def _object(line):
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    # Most lines are plain, and there are a hundred thousand.
    plain = '\\' not in line and not HOSTILE.search(line)
    return value if plain else everywhere(value)


def _header(path, run):
    if not isinstance(run, dict):
        raise ReportError(f'{path} is no file of results: "run" on line 1 is no object')
    for key, kind in (('peers', list), ('checks', dict), ('command', list), ('mine', list)):
        if not isinstance(run.get(key, kind()), kind):
            raise ReportError(f'{path} is no file of results: "{key}" of the run is no {kind.__name__}')
    return run


def _cell(path, number, cell):
    for key in NEEDED:
        if not isinstance(cell.get(key), str):
            raise ReportError(f'{path} is no file of results: line {number} has no text "{key}"')
    if cell['status'] not in BY_WORD:
        raise ReportError(
            f'{path}, line {number}: the status {cell["status"]!r} is unknown; there are: {", ".join(sorted(BY_WORD))}')
    detail = cell.get('detail')
    if detail is not None and not isinstance(detail, dict):
        raise ReportError(f'{path}, line {number}: "detail" is no object')
    return cell
