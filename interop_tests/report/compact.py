"""Every cell of a run in few bytes, for the page's script.

The cells of a run are a table: a *row* for each pair (the suite is one side of
a check's), a *slot* for each protocol, framing, transport and case.  A row's
cells are one text, run lengths before letters::

    261k.12k3.2ac      261 cells passed, one is absent, 12 passed, 3 absent, 2 crashed, one is wrong

A letter is the status's place in the table of statuses; upper case, when the
cell is a known failure.  Only cells that did not pass have words, and only
failed ones have details, as long as the budget lasts.
"""

import base64
import json
from itertools import groupby

from interop_tests.report import summary
from interop_tests.report.results import SUITE
from interop_tests.report.status import FAILED, FINE, KNOWN, ORDER, outcome, severity

DETAIL_BYTES = 2400000
NOTE_BYTES = 800000
TEXT = 300
# A block of text in a detail, and the bytes of the wire: once half of the budget is used, cells get less.
LONG, SHORT = 4096, 512


class Index(dict):
    """Numbers for values, in the order in which they come."""

    def of(self, value):
        return self.setdefault(value, len(self))


def encode(results):
    """Return ``(data, details)``: what the page needs at once, and what it needs for one cell at a time."""
    names = Index((name, number) for number, name in enumerate([*summary.peers(results), SUITE]))
    columns = [Index() for _ in range(4)]
    rows = {}
    for cell in results.cells.values():
        rows.setdefault((cell['client'], cell['server']), {})[_slot(cell, columns)] = cell
    slots = _slots(rows)
    rows = {pair: {slots[slot]: cell for slot, cell in cells.items()} for pair, cells in rows.items()}
    notes, texts = _notes(rows)
    protocols, formats, transports, cases = map(list, columns)
    data = {
        'names': list(names), 'protocols': protocols, 'formats': formats, 'transports': transports, 'cases': cases,
        'slots': [number for slot in slots for number in slot],
        'rows': [[names[client], names[server], _letters(cells, len(slots))]
                 for (client, server), cells in rows.items()],
        'notes': notes, 'texts': texts,
        'themes': {role: summary.themes(results, role) for role in ('server', 'client')},
        'checks': {name: _check(check) for name, check in results.run.get('checks', {}).items()
                   if isinstance(check, dict) and name in columns[3]}}
    return data, _details(rows, results.traces)


def size(value):
    """Return how long a value is as JSON."""
    return len(json.dumps(value, separators=(',', ':')))


def _slot(cell, columns):
    protocols, formats, transports, cases = columns
    return (protocols.of(cell['protocol']), formats.of(cell['format']), transports.of(cell['transport']),
            cases.of(cell['case']))


def _slots(rows):
    """Number the slots, those of pairs first, so that most rows are one long stretch."""
    found = {}
    for (client, server), cells in rows.items():
        order = 1 if client == SUITE else 2 if server == SUITE else 0
        found.update(dict.fromkeys(cells, order))
    return {slot: number for number, slot in enumerate(sorted(found, key=found.get))}


def _letters(cells, length):
    letters = ['.'] * length
    for slot, cell in cells.items():
        letter = chr(ord('a') + ORDER[cell['status']])
        letters[slot] = letter.upper() if cell.get('known') is not None else letter
    runs = ((letter, sum(1 for _ in run)) for letter, run in groupby(letters))
    return ''.join(letter if count == 1 else f'{count}{letter}' for letter, count in runs)


def _fair(rows):
    """Yield ``(row, slot, cell)`` for cells that did not just pass: one of each kind first, then a second of each."""
    found = []
    for row, cells in enumerate(rows.values()):
        times = {}
        for slot, cell in cells.items():
            if cell['status'] != 'pass' or cell.get('known') is not None:
                kind = (cell['case'], cell['status'])
                times[kind] = times.get(kind, 0) + 1
                found.append((outcome(cell) not in (FAILED, KNOWN), times[kind], severity(cell), row, slot, cell))
    for *_, row, slot, cell in sorted(found, key=lambda one: one[:5]):
        yield row, slot, cell


def _notes(rows):
    """Return the words of cells, ``[slot, text, reason, ...]`` for each row, and the texts that they number."""
    notes, texts, used = [[] for _ in rows], Index(), 0
    for row, slot, cell in _fair(rows):
        numbers = [slot]
        for key in ('text', 'known'):
            value = cell.get(key)
            value = str(value)[:TEXT] if value is not None else ''
            if value and value not in texts:
                used += len(value) + 10
                if used > NOTE_BYTES:
                    value = ''
            numbers.append(texts.of(value) if value else -1)
        if numbers[1:] != [-1, -1]:
            notes[row] += numbers
    return notes, list(texts)


def _details(rows, traces):
    """Return ``{'row/slot': detail}``; ``traces`` has the page of a cell by its name."""
    found, used = {}, 0
    for row, slot, cell in _fair(rows):
        if cell['status'] in FINE or not cell.get('detail'):
            continue
        detail = _detail(cell['detail'], LONG if used < DETAIL_BYTES / 2 else SHORT)
        if cell['cell'] in traces:
            detail['trace'] = traces[cell['cell']]
        used += size(detail)
        if used > DETAIL_BYTES:
            break
        found[f'{row}/{slot}'] = detail
    return found


def _detail(detail, limit):
    found = {key: _cut(detail[key], limit) for key in ('expected', 'actual') if detail.get(key) is not None}
    stderr = detail.get('stderr')
    if isinstance(stderr, dict):
        found['stderr'] = {name: _cut(text, limit, from_end=True) for name, text in stderr.items()}
    found['commands'] = [
        [str(one.get('what', '')), str(one.get('command', ''))] for one in _dicts(detail.get('commands'))]
    found['wire'] = [_wire(one, limit) for one in _dicts(detail.get('wire'))]
    return {key: value for key, value in found.items() if value}


def _dicts(value):
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _wire(one, limit):
    """Return ``[from, bytes in base64, how many there were, marks]``."""
    try:
        data = bytes.fromhex(one.get('bytes') or '')
    except (TypeError, ValueError):
        data = b''
    of = one.get('of')
    marks = [[mark[0], str(mark[1])] for mark in one.get('marks') or []
             if isinstance(mark, list) and len(mark) == 2 and isinstance(mark[0], int)]
    return [
        str(one.get('from', '')), base64.b64encode(data[:limit]).decode('ascii'),
        of if isinstance(of, int) else len(data), marks[:limit // 8]]


def _cut(text, limit, from_end=False):
    text = str(text)
    if len(text) <= limit:
        return text
    return '… ' + text[-limit:] if from_end else text[:limit] + ' …'


def _check(check):
    return {key: str(check[key]) for key in (
        'role', 'theme', 'sentence', 'wire', 'expected', 'contract', 'quote', 'lesson') if check.get(key)}
