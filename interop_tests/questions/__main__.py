"""``python -m interop_tests.questions [record [NAME...]]``: the page, and its pictures again if asked."""

import os
import sys

from interop_tests.compiling import forget_builds
from interop_tests.process import ROOT
from interop_tests.questions import QUESTIONS
from interop_tests.questions.drawing import draw, picture
from interop_tests.questions.pages import pages
from pyside.ledger.writing import write_pages
from pyside.wire.errors import EXIT_USAGE

USAGE = 'usage: python -m interop_tests.questions [record [NAME...]]\nNAME is one of %s\n'


def main(words):
    names = [question.name for question in QUESTIONS]
    chosen = [word.replace('-', '_') for word in words[1:]]
    if words and words[0] != 'record' or not set(chosen) <= set(names):
        sys.stderr.write(USAGE % ', '.join(names))
        return EXIT_USAGE
    if words:
        try:
            for question in QUESTIONS:
                if not chosen or question.name in chosen:
                    draw(question, os.path.join(ROOT, picture(question)))
        finally:
            forget_builds()
    write_pages(ROOT, pages())
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
