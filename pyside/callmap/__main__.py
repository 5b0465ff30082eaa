"""``python -m pyside.callmap record PYTHON...`` and ``pages``, for those who change the map.

To read it: ``python -m pyside map NAME``.
"""

import sys

from pyside.errors import EXIT_OK, EXIT_USAGE
from pyside.writing import write_pages


def main(words):
    if words[:1] == ['record'] and words[1:]:
        from pyside.callmap import record
        return record.main(words[1:])
    if words == ['pages']:
        from pyside.callmap import pages
        write_pages(pages.DOCS, pages.pages())
        return EXIT_OK
    sys.stderr.write('usage: python -m pyside.callmap record PYTHON..., or pages\n')
    return EXIT_USAGE


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
