"""``python -m interop_tests.claims [record]``: the page, and what it shows."""

import io
import os
import sys

from interop_tests.claims import pages, record
from interop_tests.compiling import forget_builds
from interop_tests.process import ROOT

if __name__ == '__main__':
    if sys.argv[1:] == ['record']:
        record()
        forget_builds()
    with io.open(os.path.join(ROOT, 'docs', 'claims.md'), 'w', encoding='utf-8') as page:
        page.write(pages.page())
