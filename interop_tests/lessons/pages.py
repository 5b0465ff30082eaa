"""The pages of the lessons: the text, the programs, and what was said when they ran."""

import io
import os
from collections import OrderedDict

from interop_tests.kinds import NAMES
from interop_tests.lessons import LESSONS, path_of, transcripts
from interop_tests.lessons.by_hand import expand
from interop_tests.lessons.drawing import language_of

WHO = [('naive', 'The programs above'), ('ours', 'The programs of this project')]
PROGRAMS = ['naive_server', 'naive_client']
INDEX = """\
# Lessons

Programs that socket tutorials teach, what is wrong with each, and which file here does it right. The tests run each
lesson, on every Python and in C: what the pages show was printed. Each page has a picture of
the program and the other end, and says how to run it by hand.

"""
PICTURE = """\
What they called, and the other end, which the test plays, in one run, in %s; the client is on the left. [How to read
it](../trace.md#how-to-read-it).

![the calls of both ends, and the bytes between them](%s.svg)"""
GENERATED = '<!-- python -m interop_tests.lessons makes this page from interop_tests/lessons/%s -->\n\n'


def pages():
    """Return ``{path below the root: text}``."""
    found = OrderedDict()
    lines = []
    for lesson in LESSONS:
        name = page_name(lesson) + '.md'
        text = _read(path_of(lesson, 'page.md'))
        lines.append('%d. [%s](%s)' % (len(lines) + 1, text.split('\n')[0].lstrip('# '), name))
        found['docs/lessons/' + name] = GENERATED % lesson + expand(lesson, text).replace(
            '{programs}', _programs(lesson)).replace('{transcripts}', _transcripts(lesson))
    found['docs/lessons/README.md'] = INDEX + '\n'.join(lines) + '\n'
    return found


def page_name(lesson):
    """Return the name of a lesson's page and of its picture, without ``.md`` and ``.svg``."""
    return '%02d-%s' % (LESSONS.index(lesson) + 1, lesson.replace('_', '-'))


def _picture(lesson):
    return PICTURE % (NAMES['c' if language_of(lesson) == 'c' else 'python3'], page_name(lesson))


def _programs(lesson):
    parts = []
    for name in PROGRAMS:
        for suffix, language in (('.py', 'python'), ('.c', 'c')):
            path = path_of(lesson, name + suffix)
            if os.path.exists(path):
                parts.append('[%s%s](../../interop_tests/lessons/%s/%s%s):\n\n```%s\n%s```' % (
                    name, suffix, lesson, name, suffix, language, _read(path)))
    return '\n\n'.join(parts)


def _transcripts(lesson):
    said = transcripts(lesson)
    parts = []
    for who, title in WHO:
        groups = OrderedDict()
        for kind, name in NAMES.items():
            if kind in said:
                groups.setdefault(tuple(said[kind][who]), []).append(name)
        for lines, names in groups.items():
            parts.append('%s, in %s:\n\n```\n%s\n```' % (title, _listed(names), '\n'.join(lines)))
        if who == 'naive':
            parts.append(_picture(lesson))
    return '\n\n'.join(parts)


def _listed(names):
    return ' and '.join([', '.join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _read(path):
    with io.open(path, encoding='utf-8') as file:
        return file.read()
