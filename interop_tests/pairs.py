"""Pair cells: a client and a server, both programs of peers.

Cells of the same route share client processes, as long as the messages of one cell can follow those of another;
routes that need the same server share that.

Read next: ``cases.py``, what is sent.
"""

from contextlib import closing

from interop_tests import verdict
from interop_tests.cases import CASES, expected_replies, messages_of, refused_at, runs_alone
from interop_tests.checks.line import Log
from interop_tests.matrix import by_hand, cell_id, in_one_picture, lacks
from interop_tests.programs import Client
from interop_tests.showing import detail, first_difference_on_the_wire
from interop_tests.tap import Tap
from interop_tests.traces import PICTURE
from interop_tests.verdict import Verdict


class Pairs(object):
    """The cells of one server, protocol, framing and transport, with all clients.

    :param cells: a list of :class:`matrix.Cell`, those of one route behind each other.
    :param again: a function from a cell's name to the command that runs it alone.
    """

    def __init__(self, cells, again):
        self.cells = cells
        self.is_ours = all(cell.route.server.ours for cell in cells)
        self._again = again
        self._client = None
        self._client_route = None
        self._client_errors = ''
        self._batch = set()

    def name(self, cell):
        return cell_id(cell)

    def route(self, cell):
        return cell.route

    def parties(self, cell):
        return [(cell.route.client.name, 'client'), (cell.route.server.name, 'server')]

    def suspects(self, cell):
        """Return who may have hung: a peer that somebody has brought rather than one of the suite."""
        parties = self.parties(cell)
        brought = [party for party, peer in zip(parties, (cell.route.client, cell.route.server)) if not peer.ours]
        return brought or parties

    def shares(self, cell):
        """Whether a cell may suffer from those before it, in the same programs."""
        return True

    def is_a_measure(self, cell):
        return True

    def lacks(self, cell):
        for peer, role in ((cell.route.server, 'server'), (cell.route.client, 'client')):
            lacking = lacks(peer, role, cell.route)
            if lacking:
                return '%s does not list %s' % (peer.name, lacking)
        return None

    def shared(self, judge, cell):
        """Try a cell in the client that the one before it has left, where that is possible."""
        route, case = cell.route, CASES[cell.case]
        if runs_alone(case, route.protocol, route.format) or route.client in self._batch:
            self._end_client()
            return self._run_alone(judge, cell)
        if self._client is None or self._client_route != route:
            self._end_client()
            self._client = Client(
                route.client, self._server(judge, route), warm=judge.warm(route.client, route.protocol))
            self._client_route = route
        seconds = self._seconds(judge, cell)
        if case.name == 'close':
            found = self._client.finish([], seconds)
        else:
            expected = expected_replies(case, route.protocol, route.format)
            found = self._client.ask(messages_of(case, route.protocol), expected, seconds)
            if found.status == verdict.TIME_OUT and self._client.answers_at_the_end(expected, seconds):
                # Named by a check of its own; the cells that can be judged are.
                self._batch.add(route.client)
                found = Verdict(verdict.PASS, found.text)
        if found.status != verdict.PASS or case.name == 'close' or route.client in self._batch:
            self._end_client()
        return self._explained(judge, cell, found)

    def alone(self, judge, cell):
        """Try a cell in programs of its own, with a record of what goes over the wire."""
        self._end_client()
        judge.servers.drop()
        log = Log()
        server = self._server(judge, cell.route)
        if '-' in cell.route.transport:
            return self._explained(judge, cell, self._run_alone(judge, cell))
        with closing(Tap(server, log)) as tap:
            found = self._run(judge, cell, tap)
            if found.status == verdict.PASS:
                found = judge.servers.late_death() or found
        found = self._explained(judge, cell, found, log)
        differs = first_difference_on_the_wire(cell, log)
        if found.status in (verdict.TIME_OUT, verdict.END_OF_INPUT) and differs:
            found = Verdict(found.status, '%s; on the wire: %s' % (found.text, differs), found.detail)
        return found

    def finish(self, judge):
        self._end_client()

    def _run_alone(self, judge, cell):
        return self._explained(judge, cell, self._run(judge, cell, self._server(judge, cell.route)))

    def _run(self, judge, cell, server):
        route, case = cell.route, CASES[cell.case]
        refused = refused_at(case, route.protocol, route.format) is not None
        expected = expected_replies(case, route.protocol, route.format)
        with closing(Client(route.client, server, warm=judge.warm(route.client, route.protocol))) as client:
            found = client.run(messages_of(case, route.protocol), expected, self._seconds(judge, cell),
                               status=2 if refused else 0)
            self._client_errors = client.process.errors
            return found

    def _server(self, judge, route):
        return judge.servers.get(route.server, route.protocol, route.format, route.transport)

    def _seconds(self, judge, cell):
        return judge.patience.seconds(*self.parties(cell))

    def _end_client(self):
        client, self._client, self._client_route = self._client, None, None
        if client is not None:
            self._client_errors = client.process.errors
            client.kill()

    def _explained(self, judge, cell, found, log=None):
        if found.status == verdict.PASS:
            return found
        found = judge.servers.chatter() or judge.servers.death(found)
        server, client = by_hand(cell)
        stderr = {'client': self._client_errors, 'server': judge.servers.stderr()}
        commands = [('the server', server), ('the client', client), ('this cell', self._again(cell_id(cell))),
                    (PICTURE, in_one_picture(cell))]
        return Verdict(found.status, found.text, detail(
            expected=_expected(cell), actual=found.text, log=log, stderr=stderr, commands=commands,
            frame_format=cell.route.format))


def _expected(cell):
    route, case = cell.route, CASES[cell.case]
    if refused_at(case, route.protocol, route.format) is not None:
        return 'the replies before the message that cannot be sent, exit status 2'
    replies = expected_replies(case, route.protocol, route.format)
    shown = ', '.join(verdict.show(reply) for reply in replies[:3])
    return '%d replies%s%s' % (len(replies), ': ' * bool(replies) + shown, ' ...' if len(replies) > 3 else '')
