"""The ledger found from three sides: the text of an error, a call, and the step from one version to the next.

Read next: ``search.py``, the same at a terminal.
"""

import re
from collections import OrderedDict

from pyside.ledger.entries import entries, outcomes, pythons_measured
from pyside.ledger.versions import expected

# TypeError: a bytes-like object is required, not 'str'
SYMPTOM = re.compile(r'((?:\w+\.)*(?:\w*(?:Error|Warning|Iteration)|error|gaierror|herror|timeout)(?: in [^:]*)?): .')
CALL = re.compile(r'\b([A-Za-z_]\w*)\(')


def indexes():
    """Return ``{name of the file: text}`` of the three pages."""
    listed, measured = entries(), outcomes()
    return OrderedDict([
        ('by-symptom.md', _page(
            u'By symptom: what an error says', u'error', u'entries: where it says so',
            ((code(text), names) for text, names in sorted(symptoms(measured).items())), listed)),
        ('by-call.md', _page(
            u'By call: what a line calls', u'call', u'entries',
            ((code(call), names) for call, names in sorted(
                calls(listed).items(), key=lambda row: (row[0].lower(), row[0]))), listed)),
        ('by-version.md', u'# By version: what changes with the next Python\n\n' + u'\n'.join(
            u'## {0} to {1}\n\n| entry | {0} | {1} |\n|---|---|---|\n{2}'.format(shown(old), shown(new), u''.join(
                u'| %s | %s | %s |\n' % (_links([name], listed), code(before), code(after))
                for name, before, after in changes)) for (old, new), changes in steps(measured).items())),
    ])


def symptoms(measured):
    """Return ``{text of an error: names of entries}``, for all that is measured."""
    found = {}
    for name, row in measured.items():
        for outcome in row['outcomes'].values():
            if SYMPTOM.match(outcome) and name not in found.setdefault(outcome, []):
                found[outcome].append(name)
    return found


def calls(listed):
    """Return ``{name of a call: names of entries}``."""
    found = {}
    for entry in listed.values():
        for call in CALL.findall(entry.code):
            if entry.name not in found.setdefault(call, []):
                found[call].append(entry.name)
    return found


def steps(measured):
    """Return ``{(version, next version): [(name of an entry, outcome before, after)]}``, where these differ."""
    found = OrderedDict()
    pythons = [python for python in pythons_measured() if python != 'pypy3']
    for old, new in zip(pythons, pythons[1:]):
        pairs = [(name, expected(row['outcomes'], old), expected(row['outcomes'], new))
                 for name, row in measured.items()]
        found[old, new] = [pair for pair in pairs if pair[1] != pair[2]]
    return found


def shown(python):
    """Return ``3.13`` for ``py313``."""
    return u'%s.%s' % (python[2], python[3:])


def _page(title, left, right, rows, listed):
    return u'# %s\n\n| %s | %s |\n|---|---|\n' % (title, left, right) + u''.join(
        u'| %s | %s |\n' % (what, _links(names, listed)) for what, names in rows)


def code(text):
    """Return text as code in a table of a page."""
    return u'`%s`' % text.replace(u'|', u'\\|').replace(u'`', u"'")


def _links(names, listed):
    return u', '.join(u'[%s](%s.md#%s)' % (name, listed[name].topic, name) for name in names)
