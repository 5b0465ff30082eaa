"""What a new Python changes for socket programs, as a page: ``docs/new-in-3.14.md``.

``python -m interop_tests.newer`` writes a page for each version from 3.14 on that was measured; ``make new-python
PYTHON=python3.16`` measures one and writes its page.  Read next: ``pyside/ledger/versions.py``.
"""

import io
import os

from interop_tests.process import ROOT
from interop_tests.recorder import clients
from pyside.calls.callmap import rows
from pyside.calls.callmap.outcomes import absent
from pyside.ledger.entries import entries, outcomes, pythons_measured
from pyside.ledger.indexes import code, shown
from pyside.ledger.versions import expected, version

FIRST = (3, 14)
PAGE = u"""\
<!-- python -m interop_tests.newer makes this page -->

# New in {new} for socket programs

What this suite measured on Python {new} that was not so on {old}: {all} entries of [the ledger](ledger/README.md), each
run on both; {calls} of {examples} examples of [the map](map/README.md), whose calls to the C library were recorded on
both; and [the two clients](two-clients.md). Nothing here is taken from release notes.

## Bytes, text, errors

{ledger}
## Calls to the C library

{map}
## The clients

{clients}"""


def pages():
    """Return ``{name of the file: text}``."""
    measured = [python for python in pythons_measured() if python != 'pypy3']
    return {'new-in-%s.md' % shown(new): _page(old, new)
            for old, new in zip(measured, measured[1:]) if version(new) >= FIRST}


def _page(old, new):
    changed, called, spoken = [list(find(old, new)) for find in (_ledger, _map, _clients)]
    return PAGE.format(
        old=shown(old), new=shown(new), all=len(entries()), calls=len(called), examples=len(rows.recorded()),
        ledger=u'\n'.join(changed) or u'Nothing.\n', map=u'\n'.join(called) or u'Nothing.\n',
        clients=u'\n'.join(spoken) or u'The same calls; in which they wait, `poll` or `ppoll`, is not compared.\n')


def _ledger(old, new):
    measured = outcomes()
    for name, entry in entries().items():
        before, after = [expected(measured[name]['outcomes'], python) for python in (old, new)]
        if before != after:
            table = u''.join(u'| %s | %s |\n' % (shown(python), code(outcome))
                             for python, outcome in ((old, before), (new, after)))
            yield (u'### [{0}](ledger/{1}.md#{0})\n\n```python\n{2}\n```\n\n| Python | outcome |\n|---|---|\n{3}\n{4}\n'
                   .format(name, entry.topic, entry.code, table, entry.advice))


def _map(old, new):
    for name, row in rows.recorded().items():
        before, after = [expected(row['python'], python) for python in (old, new)]
        if before != after:
            section = [one.section for one in rows.rows().values() if one.name == name.partition(':')[0]][0]
            yield u'### [%s](map/%s.md)\n\n%s' % (name, section, _diff(*[
                ['(no such name)'] if absent(one) else one['calls'] + ['-> ' + shows for shows in one['shows']]
                for one in (before, after)]))


def _clients(old, new):
    for protocol, row in clients.recorded().items():
        before, after = [clients.essential(expected(row['python'], python)) for python in (old, new)]
        if before != after:
            yield u'### %s\n\n%s' % (protocol, _diff(before, after))


def _diff(before, after):
    return u'```diff\n%s\n```\n' % u'\n'.join(clients.differences(before, after))


def main():
    for name, text in pages().items():
        with io.open(os.path.join(ROOT, 'docs', name), 'w', encoding='utf-8') as page:
            page.write(text)


if __name__ == '__main__':
    main()
