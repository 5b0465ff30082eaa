"""The map as pages: ``python -m pyside.calls.callmap pages`` writes them into ``docs/map``."""

import os
from collections import OrderedDict

from pyside.calls.callmap.exceptions import exception
from pyside.calls.callmap.outcomes import differ, different, grouped, marked, proved, shown
from pyside.calls.callmap.rows import FOLDER, PROTOTYPE, SECTIONS, interpreters, recorded, rows, title
from pyside.ledger.versions import version

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(FOLDER)))
DOCS = os.path.join(ROOT, 'docs', 'map')
NOTHING = [u'(no call)']
DOT = u' \xb7 '
GENERATED = u'<!-- python -m pyside.calls.callmap pages makes this page -->\n\n'
INDEX = u"""\
# From Python to BSD calls

What C does when a Python program says `s.settimeout(5)` or `s.sendall(data)`: {rows} calls of the socket API, each with
its signature, the C functions that it calls, what Python adds or hides, its errors, and examples in Python and in C.

It is recorded, not asserted. Each of the {examples} examples was run, on every interpreter below and in C, and
[a recorder](../recorder.md) between the program and the C library wrote down every socket call that was made; the tests
record all of them again on each Python, and compare. What an example shows is the same in all of them.

At a terminal: `python3 -m pyside map sendall`, or the beginning of a name; `map` alone lists the names, `map --all`
shows all, and `eval "$(python3 -m pyside map --completion)"` teaches bash to complete them.

{topics}

Examples find their sockets on a stage: [stage.py](../../pyside/calls/callmap/stage.py) and
[stage.c](../../c_ref/calls/callmap/stage.c).

## Proved by recording

| interpreter | rows proved | names that it does not have |
|---|--:|---|
{proved}

## Where versions differ

[differences.md](differences.md) lists the {differing} examples in which not all versions make the same calls.

## Errors

Every `errno` of a C call becomes an exception whose number it is: `socket.error` on Python 2.7, `OSError` or one of its
classes from 3.3 on (PEP 3151), as each row says. A time-out of `settimeout` has no `errno`: `socket.timeout`, which is
`TimeoutError` from 3.10 on. The resolver has numbers of its own: `socket.gaierror`, and `socket.herror` for
`gethostbyaddr`.
"""
DIFFERENCES = u"""\
# Where versions differ

Not every version of Python makes the same calls. In {differing} of the {examples} examples of [the map](README.md) they
differ among the versions that have the name; in {functions} of these not even the functions are the same.

| call | what differs | functions that not all call |
|---|---|---|
{rows}
"""


def pages():
    """Return ``{name of the file: text}``."""
    table, recording = rows(), recorded()
    found = OrderedDict()
    for section in SECTIONS:
        text = u'# %s\n' % title(section)
        found[section + '.md'] = GENERATED + text + u''.join(
            _row(row, recording) for row in table.values() if row.section == section)
    differing = OrderedDict(
        (name, [example for example in row.examples if differ(recording[example.name]['python'])])
        for name, row in table.items())
    found['differences.md'] = GENERATED + _differences(table, differing, recording)
    found['README.md'] = GENERATED + INDEX.format(
        rows=len(table), examples=len(recording), topics=u'\n'.join(_topics(table)),
        proved=u'\n'.join(_proved(table, recording, python) for python in interpreters()),
        differing=sum(map(len, differing.values())))
    return found


def _topics(table):
    for section in SECTIONS:
        links = [_link(u'`%s`' % row.name, row) for row in table.values() if row.section == section]
        yield u'- %s: %s' % (title(section), DOT.join(links))


def _link(text, row):
    return u'[%s](%s.md#%s)' % (text, row.section, _anchor(row.name))


def _anchor(heading):
    """Return what GitHub makes of a heading, for a link to it."""
    return u''.join(c for c in heading.lower().replace(u' ', u'-') if c.isalnum() or c in u'-_')


def _proved(table, recording, python):
    states = [(name, proved(row, recording, python)) for name, row in table.items()]
    missing = [u'`%s`' % name for name, state in states if state == 'absent']
    return u'| %s | %d | %s |' % (
        u'PyPy 3' if python == 'pypy3' else u'Python %d.%d' % version(python),
        sum(state == 'proved' for _, state in states), u' '.join(missing))


def _row(row, recording):
    lines = [u'', u'## %s' % row.name, u'', u'```python'] + row.python + [u'```']
    if row.calls:
        lines += [u'', u'Calls:', u'', u'```c'] + [_prototype(line) for line in row.calls] + [u'```']
    if row.c:
        lines += [u'', u'In C, and not called:', u'', u'```c'] + [_prototype(line) for line in row.c] + [u'```']
    lines += [u'', _as_text(row.adds[0]), u'', u'**Between versions:** ' + _as_text(row.differs[0])]
    if row.errors:
        lines += [u'', u'**Errors:** ' + DOT.join(
            u'`%s` `%s`' % (name, exception(name)) for name in row.errors[0].split())]
    if row.read:
        lines += [u'', u'**Here:** ' + DOT.join(
            u'[%s](../../%s)' % (path, path) for name in row.read[0].split() for path in twin_files(name))]
    for example in row.examples:
        lines += _example(example, recording[example.name])
    return u'\n'.join(lines) + u'\n'


def _as_text(text):
    """Leave Markdown nothing to interpret in what a row says."""
    return text.replace(u'<', u'&lt;').replace(u'*', u'\\*').replace(u'_', u'\\_')


def twin_files(name):
    """Return the paths, from the root, of a file in Python and of its twin in C, those that there are."""
    return [path for path in (u'pyside/%s.py' % name, u'c_ref/%s.c' % name) if os.path.exists(os.path.join(ROOT, path))]


def _prototype(line):
    match = PROTOTYPE.match(line)
    return u'%s   /* %s(%s) */' % (match.group(1), match.group(3), match.group(4))


def _example(example, found):
    lines = [u'', u'### %s' % example.title, u'', u'```python', marked(example.python, 'Python'), u'```', u'', u'```c',
             marked(example.c, 'C'), u'```', u'']
    values = shown(found['python'])
    raised = grouped(found['python'], 'raises')
    said = [u'Shows %s.' % u', '.join(u'`%s`' % value for value in values) if values else u'Shows nothing.']
    if raised != [('every Python', None)]:
        said.append(u'Raises %s.' % u'; '.join(
            u'%s: %s' % (versions, u'`%s`' % name if name else u'nothing') for versions, name in raised))
    lines += [u' '.join(said), u'', u'```']
    for versions, calls in grouped(found['python']) + [('C', found['c']['calls'])]:
        lines += [u'# ' + versions] + [u'  ' + call for call in calls or NOTHING]
    return lines + [u'```']


def _differences(table, differing, recording):
    lines, sections, functions_differ = [], [], 0
    for name, examples in differing.items():
        row = table[name]
        functions = [different(recording[example.name]['python']) for example in examples]
        functions_differ += sum(map(bool, functions))
        if examples:
            not_all = u' '.join(u'`%s`' % function for function in sorted(set.union(*functions)))
            lines.append(u'| %s | %s | %s |' % (_link(u'`%s`' % name, row), _as_text(row.differs[0]), not_all))
        for example in examples:
            sections.append(u'\n## %s\n\n```\n' % example.name)
            for versions, calls in grouped(recording[example.name]['python']):
                sections.append(u'# %s\n%s' % (versions, u''.join(u'  %s\n' % call for call in calls or NOTHING)))
            sections.append(u'```\n')
    return DIFFERENCES.format(
        differing=sum(map(len, differing.values())), examples=len(recording), functions=functions_differ,
        rows=u'\n'.join(lines)) + u''.join(sections)
