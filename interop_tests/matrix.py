"""The matrix: client x server x protocol x framing x transport x case.

A cell is one test.  Cells of the same *route* (everything but the case) share
client processes, and routes that need the same server share that server; the
first cell of a route that is asked for runs all of them.

::

    py27-to-c/frame-u8/inet/length-255      py27-to-c/upper/unix-dgram/one-byte
    client    protocol  transport  case
            server  framing
"""

from collections import OrderedDict, namedtuple

from interop_tests import peers, programs, verdict
from interop_tests.cases import CASES, PROTOCOL_FORMATS, TRANSPORTS, cases_for, runs_alone, transport_options
from interop_tests.peers import command
from interop_tests.programs import Failed, Server
from interop_tests.verdict import Verdict

# The kernel closes a dying server's sockets a moment before its parent can know.
LOOKS_LIKE_A_DEATH = (verdict.RESET, verdict.END_OF_INPUT, verdict.REFUSED)
DEATH_SECONDS = 0.5

Route = namedtuple('Route', 'client server protocol format transport')
Cell = namedtuple('Cell', 'route case')


def cell_id(cell):
    route = cell.route
    protocol = route.protocol if route.format == '-' else '%s-%s' % (route.protocol, route.format)
    return '%s-to-%s/%s/%s/%s' % (route.client.name, route.server.name, protocol, route.transport, cell.case)


def cells(pairs, every_transport=True):
    """List the cells for pairs of ``(client, server)``, those of one server and protocol together.

    :param every_transport: whether each framing is run over each transport, and not over the first one only.
    """
    servers = OrderedDict((server, None) for _, server in pairs)
    return [
        Cell(Route(client, server, protocol, frame_format, transport), case)
        for server in servers
        for protocol, formats in PROTOCOL_FORMATS.items()
        for frame_format in formats
        for transport in TRANSPORTS[protocol][:None if every_transport or frame_format == formats[0] else 1]
        for client, wanted in pairs if wanted == server
        for case in cases_for(protocol, frame_format, transport)]


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


class Runner(object):
    """Runs routes, and keeps the server of the last one for the next.

    :param cases_of: ``{route: [case name, ...]}``, which cases run at all.
    :param seconds: how long one step of one cell may take.
    """

    def __init__(self, cases_of, seconds):
        self._cases_of = cases_of
        self._seconds = seconds
        self._server = None
        self._server_key = None
        self._verdicts = {}

    def verdict(self, cell):
        if cell not in self._verdicts:
            for case, found in self._run(cell.route, self._cases_of[cell.route]):
                self._verdicts[Cell(cell.route, case)] = found
        return self._verdicts.pop(cell)

    def stop(self):
        """Stop the server that is still running; return a Verdict."""
        server, self._server, self._server_key = self._server, None, None
        return server.stop(self._seconds) if server else Verdict(verdict.PASS, 'no server')

    def _run(self, route, names):
        for peer, role in ((route.server, 'server'), (route.client, 'client')):
            lacking = lacks(peer, role, route)
            if lacking:
                lacking = Verdict(verdict.UNSUPPORTED, '%s does not list %s' % (peer.name, lacking))
                return [(name, lacking) for name in names]
        found = []
        try:
            for name, verdict_found in self._judged(route, names):
                found.append((name, self._with_server(verdict_found)))
        except Failed as failed:
            done = [name for name, _ in found]
            found += [(name, failed.verdict) for name in names if name not in done]
        return found

    def _judged(self, route, names):
        together = [name for name in names if not runs_alone(CASES[name], route.protocol, route.format)]
        for pair in programs.run_together(
                lambda: self._server_for(route), route.client, together, route.protocol, route.format, self._seconds):
            yield pair
        for name in names:
            if name not in together:
                yield name, programs.run_alone(
                    self._server_for(route), route.client, CASES[name], route.protocol, route.format, self._seconds)

    def _with_server(self, found):
        """Explain a failure by the death of the server; after one, the next client gets a new server."""
        if found.status == verdict.PASS:
            return found
        gone = found.status in LOOKS_LIKE_A_DEATH and self._server.crashed(DEATH_SECONDS)
        self._server.kill()
        self._server = None
        return gone or found

    def _server_for(self, route):
        key = (route.server, route.protocol, route.format, route.transport)
        if key != self._server_key or self._server is None:
            self.stop()
            self._server = Server(route.server, route.protocol, route.format, route.transport, self._seconds)
            self._server_key = key
        return self._server


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
