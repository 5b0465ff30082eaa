"""``python -m interop_tests.lessons [record]``: the pages of the lessons, and what they show."""

import io
import json
import os
import sys

from interop_tests.compiling import forget_builds
from interop_tests.kinds import expected, kind_of
from interop_tests.lessons import LANGUAGES, LESSONS, path_of, play, transcripts
from interop_tests.lessons.pages import pages
from interop_tests.process import ROOT


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


def write():
    for name, text in pages().items():
        path = os.path.join(ROOT, name)
        if not os.path.isdir(os.path.dirname(path)):
            os.makedirs(os.path.dirname(path))
        with io.open(path, 'wb') as page:
            page.write(text.encode('utf-8'))


if __name__ == '__main__':
    if sys.argv[1:] == ['record']:
        record()
    write()
