"""A summary in Markdown, for a CI job's page: counts, clients x servers, the first failures with their commands."""

import re

from interop_tests.report import summary
from interop_tests.report.visible import one_line

FAILURES = 20
CHANGES = 20
TEXT = 300
# Beyond this the table is wider than any page; the rows with failures are kept.
WIDEST = 16

# What is a mark in the middle of a line, in a table too; and what GitHub makes a link or a formula by itself.
MARKS = re.compile(r'[\\`*_\[\]|~$]')
TAGS = re.compile(r'[<>&]|:(?=//)|(?<=www)\.', re.IGNORECASE)


def render(results, changes=None):
    """Return the summary of a run."""
    lines = [f'# Interop: {text(summary.headline(results))}', '']
    for warning in summary.warnings(results):
        lines += [f'> **{text(warning)}**', '']
    lines += [' · '.join(f'{name} {code(value)}' for name, value in summary.origin(results)), '']
    if changes:
        lines += _changes(changes)
    lines += _statuses(results) + _pairs(results) + _checks(results) + _failures(results)
    return '\n'.join(lines) + '\n'


def text(value):
    """Escape what Markdown and HTML read as marks."""
    escaped = MARKS.sub(lambda mark: '\\' + mark.group(), one_line(value))
    return TAGS.sub(lambda tag: f'&#{ord(tag.group())};', escaped)


def code(value):
    """Return a code span, also inside a table: in HTML, whose escapes hold where backticks and bars would end it."""
    return f'<code>{text(value)}</code>'


def fence(lines):
    """Return a block of code that none of its lines can end."""
    longest = max([len(run) for line in lines for run in re.findall('`+', line)] + [2])
    return ['`' * (longest + 1) + 'sh', *lines, '`' * (longest + 1)]


def _statuses(results):
    lines = ['| status | cells | meaning |', '|---|--:|---|']
    for status, count, known in summary.statuses(results):
        of_them = f' ({known:,} known)' if known else ''
        lines.append(f'| {status.word} | {count:,}{of_them} | {status.meaning} |')
    return [*lines, '']


def _pairs(results):
    return _table(
        'Clients down, servers across: cells that passed, or &#10007; and those that failed', 'client',
        summary.pairs(results), summary.peers(results), summary.peers(results))


def _checks(results):
    names = summary.peers(results)
    lines = []
    for role in ('server', 'client'):
        themes = summary.themes(results, role)
        theme_of = {check: theme for theme, checks in themes.items() for check in checks}
        tallies = {}
        for (peer, check), count in summary.checks(results, role).items():
            tallies.setdefault((theme_of[check], peer), summary.Tally()).update(count)
        lines += _table(f'Checks of each peer as {role}', 'theme', tallies, list(themes), names)
    return lines


def _table(title, corner, tallies, rows, columns):
    columns = [name for name in columns if any((row, name) in tallies for row in rows)]
    rows = [name for name in rows if any((name, column) in tallies for column in columns)]
    if not rows:
        return []
    left_out = 0
    if len(columns) > WIDEST:
        failing = [name for name in columns if any(_failed(tallies, row, name) for row in rows)]
        left_out, columns = len(columns), (failing or columns)[:WIDEST]
        left_out -= len(columns)
    lines = [f'### {title}', '']
    lines += [f'| {corner} | ' + ' | '.join(map(text, columns)) + ' |', '|---|' + '--:|' * len(columns)]
    for row in rows:
        found = [tallies.get((row, column)) for column in columns]
        lines.append(f'| {text(row)} | ' + ' | '.join(_shown(count) for count in found) + ' |')
    if left_out:
        lines += ['', f'{left_out} more columns are in the page.']
    return [*lines, '']


def _failed(tallies, row, column):
    return (row, column) in tallies and tallies[row, column].kind() == 'wrong'


def _shown(count):
    if count is None:
        return ''
    return f'**{count.text()}**' if count.kind() == 'wrong' else count.text()


def _failures(results):
    groups = summary.failures(results)
    if not groups:
        return []
    shown = f', the first {FAILURES}' if len(groups) > FAILURES else ''
    kinds = 'kind' if len(groups) == 1 else 'kinds'
    lines = [f'### Failures of {len(groups):,} {kinds}{shown}', '']
    for group in groups[:FAILURES]:
        first = group.cells[0]
        others = f' and {len(group.cells) - 1:,} more alike' if len(group.cells) > 1 else ''
        lines += [f'- **{group.status}** {code(first["cell"])}{others}: {text(cut(first.get("text")))}']
        lines += _commands(first)
    return [*lines, '']


def _commands(cell):
    lines = []
    for one in cell.get('detail', {}).get('commands', []):
        if isinstance(one, dict):
            lines += [f'# {one_line(str(one.get("what", "")))}', one_line(str(one.get('command', '')))]
    return ['', *(f'  {line}' for line in fence(lines)), ''] if lines else []


def _changes(changes):
    lines = [f'## Changes since {text(changes.before.run.get("commit") or changes.before.path)}', '']
    lines += [' · '.join(f'{name} {code(value)}' for name, value in summary.origin(changes.before)), '']
    for warning in summary.warnings(changes.before):
        lines += [f'> The earlier run: **{text(warning)}**', '']
    for section in changes.sections:
        lines += [f'- {section.title}: {len(section.changes):,}']
        for change in section.changes[:CHANGES if section.title.startswith('newly') else 0]:
            before, after = (cell['status'] if cell else 'absent' for cell in (change.before, change.after))
            lines.append(f'  - {code(change.name)}: {before} &#8594; {after}')
    return [*lines, '']


def cut(value):
    """Shorten a text that a peer may have made long."""
    value = str(value or '')
    return value if len(value) <= TEXT else value[:TEXT] + ' …'
