"""``python -m interop_tests.recorder clients [PYTHON...]``: the page, recorded again on these Pythons; or ``cost``.

``add PYTHON...`` keeps what was recorded on others.
"""

import sys

from interop_tests.recorder import clients, cost
from pyside.wire.errors import EXIT_USAGE

if __name__ == '__main__':
    if sys.argv[1:2] in (['clients'], ['add']):
        clients.main(sys.argv[2:], sys.argv[1] == 'add')
    elif sys.argv[1:] == ['cost']:
        cost.main()
    else:
        sys.stderr.write('usage: python -m interop_tests.recorder clients [PYTHON...], or add PYTHON..., or cost\n')
        sys.exit(EXIT_USAGE)
