"""``python -m pyside.ledger check FILE|DIRECTORY...`` or ``search WORD...``; ``record``, ``add`` and ``pages`` make it
anew."""

import sys

from pyside.ledger.writing import write_pages
from pyside.wire.errors import EXIT_OK, EXIT_USAGE


def main(words):
    if words[:1] == ['check']:
        from pyside.ledger import check
        return check.main(words[1:])
    if words[:1] == ['search'] and words[1:]:
        from pyside.ledger import search
        return search.main(words[1:])
    if words[:1] in (['record'], ['add']) and words[1:]:
        from pyside.ledger import record
        return record.main(words[1:], words[0] == 'add')
    if words == ['pages']:
        from pyside.ledger import pages
        write_pages(pages.DOCS, pages.pages())
        return EXIT_OK
    sys.stderr.write('usage: ledger check FILE|DIRECTORY..., search WORD..., record or add PYTHON..., or pages\n')
    return EXIT_USAGE


if __name__ == '__main__':
    # As python -m pyside ledger, which knows what to say when standard output takes no more.
    from pyside.__main__ import run
    sys.argv.insert(1, 'ledger')
    run()
