"""``python -m interop_tests play CHECK ...``: do a check by hand; ``cell CELL``: its commands."""

import sys

from interop_tests import cell_commands, play

USAGE = """\
usage: python -m interop_tests play CHECK [--port N | --listen | --peer COMMAND]...
           do by hand what a check of docs/checks.md does, and say what comes back
       python -m interop_tests cell CELL
           print a pair cell, such as py311-to-c/frame-u8/inet/length-255, as commands of its server and client, in JSON
"""
TOOLS = {'cell': cell_commands.main, 'play': play.main}


def main(arguments):
    if arguments[:1] in (['--help'], ['-h']):
        sys.stdout.write(USAGE)
        return 0
    if not arguments or arguments[0] not in TOOLS:
        sys.stderr.write(USAGE)
        return 2
    return TOOLS[arguments[0]](arguments[1:])


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
