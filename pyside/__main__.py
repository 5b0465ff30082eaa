"""``python -m pyside server|client PROTOCOL ...``, ``list``, and the tools beside them.

Only this file decides the exit status.

C twin: ``c_ref/programs/program.c``; in C, each of the two programs has a ``main`` of its own.
Read next: ``programs/choices.py``.
"""

import importlib
import os
import signal
import sys
from collections import OrderedDict

from pyside.programs import standard
from pyside.programs.options import parse
from pyside.wire.errors import EXIT_OK, EXIT_SOFTWARE, EXIT_USAGE, PeerError, Unsupported, UsageError

ROLES = OrderedDict([
    ('server', 'serve a protocol: server frame --port 7000'),
    ('client', 'send lines, print the replies: client frame --port 7000'),
])
# The module whose main takes the words that follow, and what it does.
TOOLS = OrderedDict([
    ('map', ('pyside.calls.callmap.terminal', 'what a socket call of Python becomes in C: map send')),
    ('calls', ('pyside.calls.running', 'what a program calls: calls -- PROGRAM')),
    ('trace', ('pyside.trace.command', "what a server and its client say to each other: trace --pair 'S' 'C'")),
    ('why', ('pyside.trace.why', 'what is wrong with a program that talks to others: why -- PROGRAM')),
    ('ledger', ('pyside.ledger.__main__', 'what Python 3 changed for bytes, found in your files: ledger check FILE')),
])
USAGE = """\
usage: python -m pyside server|client PROTOCOL [OPTION VALUE]...
       python -m pyside %s ...
       python -m pyside list
       python -m pyside --version

"""


def main(arguments):
    """Run one program; return its exit status."""
    word = arguments[0] if arguments else None
    if word in ROLES:
        return _run_role(word, arguments[1:])
    if word in TOOLS:
        return importlib.import_module(TOOLS[word][0]).main(arguments[1:])
    if word == 'list':
        return _say('pyside', _help().list_text())
    if word == '--version':
        return _say('pyside', _help().version_text('pyside'))
    if word in ('--help', '-h'):
        return _say('pyside', _overview())
    standard.complain(('pyside: %s is none of these\n' % word if arguments else '') + _overview().rstrip('\n'))
    return EXIT_USAGE


def _run_role(role, arguments):
    if arguments == ['list']:
        return _say(role, _help().list_text())
    try:
        options = parse(role, arguments)
        if options.help:
            return _say(role, _help().help_text(role))
        if options.version:
            return _say(role, _help().version_text(role))
        return _program(options)
    except (PeerError, UsageError) as error:
        standard.complain('%s: %s' % (role, error))
        return error.exit_status
    except Unsupported as error:
        standard.complain(str(error))
        return error.exit_status
    except EnvironmentError as error:
        standard.complain('%s: %s' % (role, error.strerror or error))
        return EXIT_USAGE


def _program(options):
    """Run what the options ask for; return its exit status.

    Only that is imported: what a short session costs is its start, and loops of shells and tests start thousands.
    """
    sessions = importlib.import_module('pyside.wire.cref' if options.via == 'cffi' else 'pyside.protocols.table')
    if options.role == 'server':
        from pyside.programs import server
        return server.run(options, sessions.server_session)
    if options.type != 'stream':
        from pyside.programs import datagram_client
        return datagram_client.run(options, sessions.server_session)
    from pyside.programs import client
    return client.run(options, sessions.client_session)


def _help():
    return importlib.import_module('pyside.programs.help')


def _overview():
    rows = list(ROLES.items()) + [('list', 'print the protocols, formats, models, families and types')]
    rows += [(name, summary) for name, (_, summary) in TOOLS.items()]
    return USAGE % '|'.join(TOOLS) + ''.join('  %-8s %s\n' % row for row in rows) + (
        '\nserver --help and client --help say the rest.\n')


def _say(program, text):
    try:
        standard.write(1, text.encode('utf-8'))
    except EnvironmentError as error:
        standard.complain('%s: cannot write: %s' % (program, error.strerror))
        return EXIT_USAGE
    return EXIT_OK


def run():
    """Run what ``sys.argv`` says, and exit."""
    # Ctrl-C ends a client the way it ends a C program; a server catches it later.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    standard.open_closed()
    try:
        status = main(sys.argv[1:])
        sys.stdout.flush()
    except EnvironmentError as error:
        # A tool's; the roles say their own.
        standard.complain('pyside: %s: %s' % (error.filename or 'cannot write', error.strerror or error))
        status = EXIT_USAGE
    except Exception:
        sys.excepthook(*sys.exc_info())
        status = EXIT_SOFTWARE
    # Not sys.exit: a thread that still talks must not hold up the end of a server that was told to stop.
    # _exit flushes nothing, and from 3.0 to 3.8 a stderr that is no terminal holds its lines back.
    sys.stderr.flush()
    os._exit(status)


if __name__ == '__main__':
    run()
