"""The lessons: naive programs as they are usually taught, run, and shown beside ours.

A lesson is a folder::

    naive_server.py, naive_client.py, naive_server.c, naive_client.c    those that it needs
    experiment.py       naive(stage) and ours(stage): what the other end does, and what comes of it
    transcripts.json    what was said, for each language: a performance that says anything else fails
    page.md             the page, but for the programs and the transcripts

``python -m interop_tests.lessons`` makes the pages in ``docs/lessons``; with ``record``, after it has played all
lessons on this Python and in C and noted what was said; with ``draw``, after it has drawn them: ``drawing.py``.
"""

import io
import json
import os
from contextlib import closing
from importlib import import_module

from interop_tests.lessons.stage import FOLDER, Stage

# In the order in which the programs are usually taught.
LESSONS = [
    'one_recv',
    'empty_recv',
    'reset',
    'bytes_and_text',
    'sticky_reads',
    'size_without_end',
    'unexpected_greeting',
    'nothing_to_say',
    'partial_send',
    'lost_datagram',
    'slow_reader',
    'zombies',
    'empty_line',
]
LANGUAGES = ['python', 'c']


def play(lesson, language):
    """Play a lesson with the naive programs and with ours; return ``{'naive': lines, 'ours': lines}``."""
    experiment = import_module('interop_tests.lessons.%s.experiment' % lesson)
    said = {}
    for name in ('naive', 'ours'):
        with closing(Stage(lesson, language)) as stage:
            getattr(experiment, name)(stage)
            said[name] = stage.lines
    return said


def transcripts(lesson):
    """Return ``{kind: {'naive': lines, 'ours': lines}}``; see ``kinds.py``."""
    path = path_of(lesson, 'transcripts.json')
    if not os.path.exists(path):
        return {}
    with io.open(path, encoding='utf-8') as found:
        return json.load(found)


def path_of(lesson, name):
    return os.path.join(FOLDER, lesson, name)
