"""``python -m interop_tests.lessons [record | draw [LESSON...]]``: the pages of the lessons, and what they show."""

import io
import json
import os
import sys

from interop_tests.compiling import forget_builds
from interop_tests.kinds import expected, kind_of
from interop_tests.lessons import LANGUAGES, LESSONS, path_of, play, transcripts
from interop_tests.lessons.drawing import draw
from interop_tests.lessons.pages import page_name, pages
from interop_tests.process import ROOT
from pyside.ledger.writing import write_pages


def record():
    for lesson in LESSONS:
        found = transcripts(lesson)
        for language in LANGUAGES:
            said, kind = play(lesson, language), kind_of(language)
            if said != expected(found, kind):
                found[kind] = said
        with io.open(path_of(lesson, 'transcripts.json'), 'wb') as file:
            text = json.dumps(found, indent=2, sort_keys=True, separators=(',', ': '))
            file.write(text.encode('utf-8') + b'\n')
    forget_builds()


if __name__ == '__main__':
    if sys.argv[1:] == ['record']:
        record()
    elif sys.argv[1:2] == ['draw']:
        for lesson in sys.argv[2:] or LESSONS:
            draw(lesson, os.path.join(ROOT, 'docs/lessons', page_name(lesson) + '.svg'))
    write_pages(ROOT, pages())
