"""The page about the claims, made from what was recorded."""

from collections import Counter, OrderedDict

from interop_tests.claims import recorded
from interop_tests.claims.claims import CLAIMS, VERDICTS
from interop_tests.kinds import NAMES

HEAD = u"""\
<!-- python -m interop_tests.claims makes this page -->

# Fifty claims about sockets

What tutorials say, put to the kernel: each claim is an experiment in Python and in C, and the verdict is what comes out
of its own evidence, on Linux. What was not measured is said. tox runs them all again on every Python.

{counts}

| | claim | verdict |
|--:|---|---|
{rows}

"""


def page():
    """Return the text of ``docs/claims.md``."""
    found = recorded()
    rows, sections, counts = [], [], Counter()
    for claim in CLAIMS:
        row = found[str(claim.number)]
        verdict = _verdict(row)
        counts.update([verdict.split(u' ')[0]])
        rows.append(u'| [%d](#claim-%d) | %s | %s |' % (claim.number, claim.number, claim.text, verdict))
        sections.append(_section(claim, row, verdict))
    said = u', '.join(u'%d %s' % (counts[verdict], verdict) for verdict in VERDICTS if counts[verdict])
    return HEAD.format(counts=said[0].upper() + said[1:] + u'.', rows=u'\n'.join(rows)) + u'\n'.join(sections)


def _verdict(row):
    """Name the verdict; where kinds differ, that of Python 3 first, then the others with their names."""
    main = row.get('python3') or row['c']
    others = [u'%s: %s' % (NAMES[kind], said['verdict']) for kind, said in row.items()
              if said['verdict'] != main['verdict']]
    return main['verdict'] + (u' (%s)' % u', '.join(others) if others else u'')


def _section(claim, row, verdict):
    lines = [u'## Claim %d' % claim.number, u'']
    lines += [u'*%s* **%s.** %s' % (claim.text, verdict[0].upper() + verdict[1:], claim.why), u'']
    groups = OrderedDict()
    for kind, name in NAMES.items():
        if kind in row:
            groups.setdefault(tuple(row[kind]['seen'].items()), []).append(name)
    for seen, names in groups.items():
        lines += [u'%s:' % u', '.join(names), u'', u'```'] + [u'%s: %s' % pair for pair in seen] + [u'```', u'']
    return u'\n'.join(lines)
