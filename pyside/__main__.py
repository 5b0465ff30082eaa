"""``python -m pyside server|client PROTOCOL ...`` and ``python -m pyside list``.

Besides, ``map NAME`` says what a call becomes in C, and ``calls -- PROGRAM`` what a program called.

Only this file decides the exit status.

C twins: ``c_ref/programs/program.c``, and ``main`` in ``c_ref/programs/server.c`` and ``c_ref/programs/client.c``.
Read next: ``options.py``.
"""

import importlib
import os
import signal
import sys

from pyside import protocols
from pyside.iomodels import MODULES
from pyside.net.netio import FAMILIES, TYPES
from pyside.programs import client, datagram_client, server
from pyside.programs.options import help_text, parse
from pyside.wire.errors import EXIT_OK, EXIT_SOFTWARE, EXIT_USAGE, PeerError, Unsupported, UsageError
from pyside.wire.framing import FORMATS

ROLES = ('server', 'client')
TOOLS = {'map': 'pyside.calls.callmap.terminal', 'calls': 'pyside.calls.running'}


def main(arguments):
    """Run one program; return its exit status."""
    role = arguments[0] if arguments else None
    if role == 'list' or (role in ROLES and arguments[1:2] == ['list']):
        return _list()
    if role in TOOLS:
        return importlib.import_module(TOOLS[role]).main(arguments[1:])
    if role not in ROLES:
        sys.stderr.write(
            'pyside: usage: python -m pyside server|client PROTOCOL ..., list, map or calls, not %s\n' % role)
        return EXIT_USAGE
    try:
        options = parse(role, arguments[1:], MODULES)
        if options.help:
            sys.stdout.write(help_text(role))
            return EXIT_OK
        if role == 'client' and options.type != 'stream':
            return datagram_client.run(options, _implementation(options).server_session)
        if role == 'client':
            return client.run(options, _implementation(options).client_session)
        return server.run(options, _implementation(options).server_session)
    except (PeerError, UsageError) as error:
        sys.stderr.write('%s: %s\n' % (role, error))
        return error.exit_status
    except Unsupported as error:
        sys.stderr.write('%s\n' % error)
        return error.exit_status
    except EnvironmentError as error:
        sys.stderr.write('%s: %s\n' % (role, error.strerror or error))
        return EXIT_USAGE


def _implementation(options):
    """Return the module that makes sessions, in the language that ``--via`` names."""
    if options.via == 'cffi':
        from pyside.wire import cref
        return cref
    return protocols


def _list():
    for kind, names in (
            ('protocol', protocols.SERVERS), ('format', FORMATS), ('model', MODULES),
            ('family', FAMILIES), ('type', TYPES)):
        for name in sorted(names):
            sys.stdout.write('%s %s\n' % (kind, name))
    return EXIT_OK


def _run():
    # Ctrl-C ends a client the way it ends a C program; a server catches it later.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        status = main(sys.argv[1:])
        sys.stdout.flush()
    except Exception:
        sys.excepthook(*sys.exc_info())
        status = EXIT_SOFTWARE
    # Not sys.exit: a thread that still talks must not hold up the end of a server that was told to stop.
    # _exit flushes nothing, and from 3.0 to 3.8 a stderr that is no terminal holds its lines back.
    sys.stderr.flush()
    os._exit(status)


if __name__ == '__main__':
    _run()
