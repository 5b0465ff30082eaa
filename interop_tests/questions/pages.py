"""The page of the questions: answers, pictures, and where the programs are."""

import io
import os
import re
from collections import OrderedDict

from interop_tests.process import ROOT
from interop_tests.questions import QUESTIONS
from interop_tests.questions.drawing import FOLDER, picture, programs

NAME = 'docs/questions.md'
HEAD = """\
<!-- python -m interop_tests.questions makes this page from interop_tests/questions -->

# Questions that learners ask

Each answer has a picture of two small programs that show it, the client on the left and the server on the right. [How
to read it](trace.md#how-to-read-it): a thick line is a program that waits, an arrow carries bytes, a dotted one is a
segment. A picture is of one run; [a test](../interop_tests/test_questions.py) runs the programs again and looks for
what the answer says. `python3 -m interop_tests.questions record NAME` draws one again.

"""


def pages():
    """Return ``{path below the root: text}``."""
    sections = [_section(question) for question in QUESTIONS]
    asked = [section.split('\n')[0].lstrip('# ') for section in sections]
    index = ''.join('- [%s](#%s)\n' % (question, anchor(question)) for question in asked)
    return OrderedDict([(NAME, '\n'.join([HEAD + index] + sections))])


def anchor(heading):
    """Return the anchor of a heading, as GitHub makes it."""
    return re.sub(r'[^\w\- ]', '', heading.lower()).replace(' ', '-')


def _section(question):
    with io.open(os.path.join(FOLDER, question.name, 'answer.md'), encoding='utf-8') as file:
        text = file.read()
    shown = '![the calls of the programs, and the bytes between them](%s)\n\nDrawn: %s.' % (
        os.path.relpath(picture(question), 'docs'), ' and '.join(_link(path) for path in programs(question)))
    return text.replace('{picture}', shown)


def _link(path):
    return '[%s](../%s)' % (os.path.basename(path), os.path.relpath(path, ROOT))
