"""Pair cells: client x server x protocol x framing x transport x case.

Cells that differ only in the case are a *route*.

::

    py27-to-c/frame-u8/inet/length-255      py27-to-c/upper/unix-dgram/one-byte
    client    protocol  transport  case
            server  framing

Read next: ``selection.py``, which of them a run tries.
"""

from collections import namedtuple

try:
    from shlex import quote
except ImportError:
    from pipes import quote  # PY2: it moved

from interop_tests import peers
from interop_tests.cases import PROTOCOL_FORMATS, TRANSPORTS, cases_for, transport_options
from interop_tests.peers import command

Route = namedtuple('Route', 'client server protocol format transport')
Cell = namedtuple('Cell', 'route case')


def cell_id(cell):
    route = cell.route
    protocol = route.protocol if route.format == '-' else '%s-%s' % (route.protocol, route.format)
    return '%s-to-%s/%s/%s/%s' % (route.client.name, route.server.name, protocol, route.transport, cell.case)


def routes(client, server):
    """List the routes of a pair: every protocol, framing and transport."""
    return [
        Route(client, server, protocol, frame_format, transport)
        for protocol, formats in PROTOCOL_FORMATS.items()
        for frame_format in formats
        for transport in TRANSPORTS[protocol]]


def cells(route):
    """List the cells of a route: every case that tells something about it."""
    return [Cell(route, case) for case in cases_for(route.protocol, route.format, route.transport)]


def lacks(peer, role, route):
    """Return what a peer does not list for a role, such as ``format u8``, or None."""
    family, _, kind = route.transport.partition('-')
    wanted = ['protocol ' + route.protocol, 'family ' + family, 'type ' + (kind or 'stream')]
    if route.format != '-':
        wanted.append('format ' + route.format)
    for line in wanted:
        if line not in peers.abilities(peer, role):
            return line
    return None


def by_hand(cell):
    """Return the two commands that repeat a cell in two terminals."""
    route = cell.route
    options = [route.protocol] + transport_options(route.transport)
    options += ['--path', '/tmp/interop.socket'] if route.transport.startswith('unix') else ['--port', '7000']
    if route.format != '-':
        options += ['--format', route.format]
    feed = 'python3 -m interop_tests.cases %s %s %s' % (route.protocol, route.format, cell.case)
    return [
        ' '.join(command(route.server, 'server') + options),
        '%s | %s' % (feed, ' '.join(command(route.client, 'client') + options + ['--hex']))]


def in_one_picture(cell):
    """Return the command that runs a cell and draws what both ends called."""
    route = cell.route
    server, client = by_hand(cell)
    feed, _, client = client.partition(' | ')
    framing = [] if route.format == '-' else ['--framing', route.format]
    return ' '.join([feed, '|', 'python3 -m pyside trace'] + framing + ['--pair', quote(server), quote(client)])
