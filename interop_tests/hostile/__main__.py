"""``python -m interop_tests.hostile`` makes docs/hostile.md from what was recorded; ``record`` runs all cells first."""

import io
import json
import os
import sys
from collections import OrderedDict
from contextlib import closing

from interop_tests import peers
from interop_tests.hostile import servers
from interop_tests.hostile.table import SECTIONS, faults
from interop_tests.hostile.victims import MEMORY_LEFT, SECONDS, SERVED_WITHIN, Victim, name_of, programs, victims
from interop_tests.process import ROOT

CELLS = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'cells.json')
PAGE = os.path.join(ROOT, 'docs', 'hostile.md')
HEAD = u"""\
# Unkind peers and machines

Each fault against each program: what the program must do, and what was seen. Made by `python3 -m interop_tests.hostile`
from a recorded run ({python}); `interop_tests/test_hostile.py` does every cell again.

A number is the longest that a good client beside the fault, or behind it, waited for its answer, in milliseconds; it
has to be below {within} s. In each cell descriptors and processes have come back, memory is at most {memory} MiB more
than before, and the server has ended with 0 at SIGTERM. Letters say why a cell is not possible.

What a number does not say: `iterative` serves good clients when the hostile one has gone. While ten thousand connect
(500 to `fork`) the backlog is full: then only the client that was there before has to be answered within the second.
What a fault of the machine costs in memory is not counted, only what comes on top later; a
removed path has no newcomers.
"""


def cell_name(section, fault, victim):
    return '%s/%s/%s' % (section, fault, victim)


def run(fault, victim):
    """Run one cell of a server; return the seconds that the slowest good client waited."""
    return (victim.against(fault) if fault.section == 'client' else victim.under(fault)).wait


def impossible(fault, model):
    """Say why a fault cannot happen to a model, or return None."""
    if fault.only is None or model in fault.only:
        return None
    return fault.why_not


def record():
    """Run all cells, and write down what was seen."""
    found = OrderedDict([('python', peers.this_python()[0].name), ('cells', OrderedDict())])
    for peer, model in victims():
        with closing(Victim(peer, model)) as victim:
            for section in ('client', 'machine'):
                for fault in faults(section):
                    if impossible(fault, model) is None:
                        name = cell_name(section, fault.name, name_of(peer, model))
                        sys.stderr.write(name + '\n')
                        found['cells'][name] = round(run(fault, victim), 4)
    for peer in programs():
        for name in servers.ROWS:
            verdict = servers.against(name, peer, SECONDS)
            assert verdict.status == 'pass', (name, peer.name, verdict)
            found['cells'][cell_name('server', name, name_of(peer, 'client'))] = verdict.status
    with io.open(CELLS, 'w', encoding='ascii') as cells:
        cells.write(json.dumps(found, indent=1) + '\n')


def page():
    """Return the page as text."""
    with io.open(CELLS, encoding='ascii') as cells:
        recorded = json.load(cells, object_pairs_hook=OrderedDict)
    columns = [name_of(peer, model) for peer, model in victims()]
    parts = [HEAD.format(python=u'C and ' + recorded['python'], within=SERVED_WITHIN, memory=MEMORY_LEFT // 2 ** 20)]
    for section in ('client', 'machine'):
        parts.append(_servers(section, columns, recorded['cells']))
    parts.append(_clients(recorded['cells']))
    return u'\n'.join(parts)


def _servers(section, columns, cells):
    """One table for each language, then what is done and what must come of it."""
    reasons = sorted({fault.why_not for fault in faults(section) if fault.only is not None})
    lines = [u'## %s' % SECTIONS[section], u'']
    for language in (u'c', u'python'):
        mine = [column for column in columns if column.startswith(language + '-')]
        models = [column.partition('-')[2] for column in mine]
        lines += [u'| %s | %s |' % ({u'c': u'C', u'python': u'Python'}[language], u' | '.join(models)),
                  u'|---|%s' % (u'--:|' * len(models))]
        for fault in faults(section):
            found = [_shown(fault, model, cells.get(cell_name(section, fault.name, column)), reasons)
                     for column, model in zip(mine, models)]
            lines.append(u'| [%s](#%s) | %s |' % (fault.name, fault.name, u' | '.join(found)))
        lines.append(u'')
    lines += [u'%s: %s.  ' % (_letter(reason, reasons), reason) for reason in reasons]
    for fault in faults(section):
        lines += [u'', u'### %s' % fault.name, u'', fault.sentence, u'', u'- done: %s' % fault.done,
                  u'- the server must: %s' % fault.must]
    return u'\n'.join(lines) + u'\n'


def _shown(fault, model, seconds, reasons):
    reason = impossible(fault, model)
    if reason is not None:
        return _letter(reason, reasons)
    assert seconds is not None, 'an empty cell: %s, %s; record it' % (fault.name, model)
    return u'%.0f' % (seconds * 1000) if seconds >= 0.001 else u'< 1'


def _letter(reason, reasons):
    return u'abcdefgh'[reasons.index(reason)]


def _clients(cells):
    lines = [u'## %s' % SECTIONS['server'], u'', u'By [checks](checks.md), which every client has to pass.', u'',
             u'| the server | C | Python | the client must |', u'|---|---|---|---|']
    for name in servers.ROWS:
        found = [cells[cell_name('server', name, name_of(peer, 'client'))] for peer in programs()]
        check = servers.check_of(name)
        lines.append(u'| %s | %s | %s | %s: %s |' % (
            name.replace('-', ' '), found[0], found[1], check.name, check.expected))
    return u'\n'.join(lines) + u'\n'


if __name__ == '__main__':
    if sys.argv[1:] == ['record']:
        record()
    with io.open(PAGE, 'w', encoding='utf-8') as out:
        out.write(page())
