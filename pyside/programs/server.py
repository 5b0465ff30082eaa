"""The server program: listen, announce, serve with one of the I/O models, clean up.

::

    stdout   LISTENING 127.0.0.1 41234     one line, once connections are accepted
    stderr   server: 127.0.0.1:55555: truncated: end of input inside a frame: 3 of 9 bytes

C twin: ``c_ref/programs/server.c``.  Read next: ``programs/standard.py``.
"""

import os
import select

from pyside.iomodels import datagram_server, table
from pyside.iomodels.service import Service
from pyside.net import listening, signals
from pyside.net.address import TYPES
from pyside.programs import standard
from pyside.programs.options import listening_address
from pyside.wire.errors import EXIT_OK, EXIT_SOFTWARE, UsageError


def run(options, make_session):
    """Serve until SIGTERM or SIGINT.

    :returns: the exit status, 0, or 70 when waiting for clients fails, which says why on stderr.
    :raises PeerError: ``unreachable``, when the address cannot be had.
    :raises UsageError: when standard output does not take the line that says where.
    """
    make_session(options)
    serve = datagram_server.serve if options.type == 'dgram' else table.find(options.model)
    signals.catch_stop()
    family, address = listening_address(options)
    listener = listening.listen(family, address, TYPES[options.type])
    file = listening.file_of(address)
    try:
        _announce(listener)
        return _serve(serve, Service(listener, options, make_session))
    finally:
        listening.forget(listener, file)


def _announce(listener):
    try:
        standard.write(1, listening.announcement(listener) + b'\n')
    except EnvironmentError as error:
        raise UsageError('cannot announce: %s' % error.strerror)


def _serve(serve, service):
    """Return the exit status."""
    try:
        serve(service)
    except (EnvironmentError, select.error) as error:
        # PY2: select.error is no EnvironmentError, and has no strerror.
        service.log('cannot serve: %s' % os.strerror(error.args[0]))
        return EXIT_SOFTWARE
    return EXIT_OK
