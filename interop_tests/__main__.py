"""``python -m interop_tests play CHECK ...``: do a check by hand; ``cell CELL``: its commands."""

import sys

from interop_tests import cell_commands, play

TOOLS = {'cell': cell_commands.main, 'play': play.main}


def main(arguments):
    if not arguments or arguments[0] not in TOOLS:
        sys.stderr.write(
            'usage: python -m interop_tests play CHECK [--port N | --listen N | --peer COMMAND]..., or cell CELL\n')
        return 2
    return TOOLS[arguments[0]](arguments[1:])


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
