"""``python -m interop_tests.first [record PYTHON... | draw]``: the page of the first programs, recorded or drawn."""

import json
import os
import sys

from interop_tests.first import drawing, experiments, recording
from interop_tests.first.page import pages
from interop_tests.process import ROOT
from pyside.ledger.writing import write_pages
from pyside.wire.errors import EXIT_USAGE

if __name__ == '__main__':
    words = sys.argv[1:]
    if words == ['calls']:
        # For the process that records every Python: what this one calls.
        sys.stdout.write(json.dumps(recording.record('python'), sort_keys=True))
        sys.exit()
    if words[:1] == ['record'] and words[1:]:
        recording.record_all(words[1:])
        experiments.record_all()
    elif words == ['draw']:
        drawing.draw(os.path.join(ROOT, drawing.PICTURE))
    elif words:
        sys.stderr.write('usage: python -m interop_tests.first [record PYTHON... | draw]\n')
        sys.exit(EXIT_USAGE)
    write_pages(ROOT, pages())
