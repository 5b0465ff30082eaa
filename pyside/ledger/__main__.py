"""``python -m pyside.ledger check FILE...``; ``record PYTHON...`` and ``pages`` are for those who change it."""

import sys

from pyside.ledger.writing import write_pages
from pyside.wire.errors import EXIT_OK, EXIT_USAGE


def main(words):
    if words[:1] == ['check'] and words[1:]:
        from pyside.ledger import check
        return check.main(words[1:])
    if words[:1] == ['record'] and words[1:]:
        from pyside.ledger import record
        return record.main(words[1:])
    if words == ['pages']:
        from pyside.ledger import pages
        write_pages(pages.DOCS, pages.pages())
        return EXIT_OK
    sys.stderr.write('usage: python -m pyside.ledger check FILE..., or record PYTHON..., or pages\n')
    return EXIT_USAGE


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
