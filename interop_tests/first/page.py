"""``docs/first.md``: the text of ``page.md``, the pair, what it called, and what the experiments said."""

import io
import os
import textwrap

from interop_tests.first import experiments, recording
from interop_tests.first.programs import CALL, source
from interop_tests.process import ROOT
from interop_tests.recorder.clients import aligned, code
from pyside.calls.callmap.outcomes import label

NAME = 'docs/first.md'
GENERATED = u'<!-- python -m interop_tests.first makes this page from interop_tests/first -->\n\n'


def pages():
    """Return ``{path below the root: text}``."""
    text = _read('interop_tests/first/page.md')
    parts = {'pair': u'\n\n'.join(_program('tcp_server', language) for language in ('python', 'c')), 'calls': _calls()}
    for name, said in experiments.recorded().items():
        parts[name] = u'```\n%s\n```' % u'\n'.join(said)
    for name, part in parts.items():
        text = text.replace('{%s}' % name, part)
    return {NAME: GENERATED + text}


def _program(name, language):
    path = source(name, language)
    return u'[%s](../%s):\n\n```%s\n%s```' % (os.path.basename(path), path, language, core(_read(path)))


def core(text):
    """Return the lines of a program from the first BSD call to the last."""
    lines = text.splitlines(True)
    calls = [number for number, line in enumerate(lines) if CALL.search(line)]
    return textwrap.dedent(u''.join(lines[calls[0]:calls[-1] + 1]))


def _calls():
    found = recording.recorded()
    newest, of_python = [row for row in found['python'].items() if row[0] != 'pypy3'][-1]
    tables = []
    for role in ('server', 'client'):
        rows = [(code(one), code(other)) for one, other in aligned(of_python[role], found['c'][role])]
        tables.append(u'The %s:\n\n| %s | C |\n|---|---|\n%s' % (
            role, label(newest), u''.join(u'| %s | %s |\n' % row for row in rows)))
    return u'\n'.join(tables).rstrip('\n')


def _read(name):
    with io.open(os.path.join(ROOT, *name.split('/')), encoding='utf-8') as file:
        return file.read()
