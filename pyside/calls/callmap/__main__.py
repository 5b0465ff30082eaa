"""``python -m pyside.calls.callmap record PYTHON...``, ``add PYTHON...`` and ``pages``, for those who change the map.

To read it: ``python -m pyside map NAME``.
"""

import sys

from pyside.ledger.writing import write_pages
from pyside.wire.errors import EXIT_OK, EXIT_USAGE


def main(words):
    if words[:1] in (['record'], ['add']) and words[1:]:
        from pyside.calls.callmap import record
        return record.main(words[1:], words[0] == 'add')
    if words == ['pages']:
        from pyside.calls.callmap import pages
        write_pages(pages.DOCS, pages.pages())
        return EXIT_OK
    sys.stderr.write('usage: python -m pyside.calls.callmap record PYTHON..., or add PYTHON..., or pages\n')
    return EXIT_USAGE


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
