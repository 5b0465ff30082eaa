"""``python -m pyside.callmap record PYTHON...`` and ``pages``, for those who change the map.

To read it: ``python -m pyside map NAME``.
"""

import sys

from pyside.errors import EXIT_USAGE


def main(words):
    if words[:1] == ['record'] and words[1:]:
        from pyside.callmap import record
        return record.main(words[1:])
    if words == ['pages']:
        from pyside.callmap import pages
        return pages.write()
    sys.stderr.write('usage: python -m pyside.callmap record PYTHON..., or pages\n')
    return EXIT_USAGE


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
