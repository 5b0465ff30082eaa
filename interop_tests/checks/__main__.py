"""``python -m interop_tests.checks``: docs/checks.md, made from the registry."""

import io
import os
from collections import OrderedDict

from interop_tests import trials
from interop_tests.broken_peers import client_faults, server_faults  # noqa: F401
from interop_tests.broken_peers.table import FAULTS
from interop_tests.checks.all import CHECKS
from interop_tests.checks.clauses import CLAUSES
from interop_tests.process import ROOT

PAGE = os.path.join(ROOT, 'docs', 'checks.md')
HEAD = u"""\
# The checks

Every demand of the [peer contract](peer-contract.md) and of the [wire formats](wire-formats.md) is a check, and
every check is tried on every peer: the suite is the other end of the wire. [your-peer.md](your-peer.md) says how
to try them on yours.

This page is made from the checks themselves: `python -m interop_tests.checks`.

- A check is tried with each protocol that it names and the peer lists; *any* is the first that the peer lists.
  `frame` means the first framing that the peer lists, `frame-*` each of them. Pythons between the oldest and the newest
  try a third of these each, unless a run is `--full`. Any stream will do unless a
  transport is named.
- After each check of a server another client has to be served; that is a part of every one of them.
- `python -m interop_tests play CHECK --port 7000` does what is under *wire* by hand, and says what comes back.
"""

WRONG_HEAD = u"""
## Peers that are wrong on purpose

Each has one bug, and `interop_tests/test_broken_peers.py` wants it named by the check that is there for it:
`python -m interop_tests.broken_peers FAULT server|client|list`.

| peer | role | what is wrong | named by |
|---|---|---|---|
"""


def page():
    """Return the page as text."""
    parts = [HEAD]
    for role in ('server', 'client'):
        themes = OrderedDict()
        for check in CHECKS.values():
            if check.role == role:
                themes.setdefault(check.theme, []).append(check)
        count = sum(len(checks) for checks in themes.values())
        parts.append(u'\n## What is checked of a %s\n\n%d checks.\n' % (role, count))
        for theme, checks in themes.items():
            parts.append(u'\n### %s: %s\n\n' % (role.capitalize(), theme))
            parts.append(_table(checks) if theme.startswith('vectors') else u''.join(map(_entry, checks)))
    return u''.join(parts) + _wrong_on_purpose()


def _wrong_on_purpose():
    """Return the table of broken peers: what is wrong with each, and the checks that name it."""
    rows = [WRONG_HEAD]
    for fault in FAULTS:
        named = ', '.join('`%s`: %s' % (one.cell.split('/')[-1], one.status) for one in fault.named)
        rows.append(u'| `%s` | %s | %s | %s |\n' % (fault.name, fault.role, _cell(fault.wrong), named))
    return u''.join(rows)


def _entry(check):
    clause = CLAUSES[check.clause]
    lesson = u' Lesson: [%s](%s).' % (check.lesson, _local(trials.lesson_page(check.lesson))) if check.lesson else u''
    return (u'#### %s `%s`\n\n%s\n\n- tried with: %s\n- wire: %s\n- expected: %s\n- the contract: [%s](%s).%s\n\n' % (
        check.role, check.name, check.demand, _where(check), _plain(check.wire), _plain(check.expected),
        _plain(clause.quote), _local(clause.page), lesson))


def _table(checks):
    rows = [u'| check | tried with | wire | expected |\n|---|---|---|---|\n']
    for check in checks:
        rows.append(u'| `%s` | %s | %s | %s |\n' % (
            check.name, _where(check), _cell(check.wire), _cell(check.expected)))
    return u''.join(rows) + u'\n'


def _where(check):
    protocols = ', '.join(check.protocols) if check.protocols else 'any protocol'
    if check.formats:
        protocols = ', '.join('frame-' + name for name in check.formats) if len(check.formats) < 5 else 'frame-*'
    transports = {None: '', 'tcp': ' over TCP'}.get(
        check.transports if not isinstance(check.transports, list) else 0,
        ' over ' + ', '.join(check.transports if isinstance(check.transports, list) else []))
    return protocols + transports + (', `%s`' % ' '.join(check.options) if check.options else '')


def _local(path):
    return path[len('docs/'):] if path.startswith('docs/') else '../' + path


def _plain(text):
    return text.replace('<', '&lt;').replace('*', '\\*')


def _cell(text):
    return _plain(text).replace('|', '\\|')


def main():
    with io.open(PAGE, 'w', encoding='utf-8') as written:
        written.write(page())


if __name__ == '__main__':
    main()
