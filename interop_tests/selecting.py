"""From the options of a run to its peers and cells, with a word for each slip."""

from fnmatch import fnmatchcase

from interop_tests import peers, selection
from interop_tests.checks.all import CHECKS
from interop_tests.peers import Peer


class Unselectable(Exception):
    """What the options ask for does not exist, or is nothing."""


class Selected(object):
    """The peers and cells of a run.

    :param options: the options of pytest, see ``conftest.py``.
    :raises Unselectable: for a name that there is not, and where nothing is left.
    :raises CannotList: for a peer whose ``list`` fails.
    """

    def __init__(self, options):
        self._options = options
        self.brought = [_brought(text) for text in options.peer]
        self._groups = None
        ours, self.absent = peers.startable(peers.PEERS)
        every = self._rows(ours)
        taken = {peer.name for peer in every if peer.ours}.union(peers.ENDS)
        for peer in self.brought:
            if peer.name in taken or [one.name for one in self.brought].count(peer.name) > 1:
                raise Unselectable('--peer: there is a peer %s already; take another name' % peer.name)
        only = self._names('--only', every)
        self.rows = [peer for peer in every if not only or peer.name in only]
        self.mine = self._names('--mine', every) or [peer.name for peer in self.brought]
        self.selection = self._selection()
        for peer in self.brought:
            peers.abilities(peer, 'server')

    def groups(self):
        """Return the groups of cells that are tried together."""
        if self._groups is None:
            self._groups = selection.groups(self.rows, self.selection, self.mine, self._wanted())
        return self._groups

    def peers(self):
        """Return the peers that take part."""
        names = set()
        for group in self.groups():
            for cell in group.cells:
                names.update([cell.peer.name] if group.kind == 'checks' else [
                    cell.route.client.name, cell.route.server.name])
        return [peer for peer in self.rows if peer.name in names]

    @property
    def part(self):
        """Return in words why this is a part of what there is, or None."""
        options = self._options
        said = [name + ' ' + value for name, value in (('--only', options.only), ('--mine', options.mine)) if value]
        said += ['--cell ' + pattern for pattern in options.cell]
        said += ['-k ' + options.keyword] if getattr(options, 'keyword', '') else []
        said += ['--pythons mine'] if options.pythons == 'mine' else []
        return ', '.join(said) or None

    def checks(self):
        """Return the checks that are tried."""
        names = {(cell.check.role, cell.check.name) for group in self.groups() if group.kind == 'checks'
                 for cell in group.cells}
        return [check for key, check in CHECKS.items() if key in names]

    def _rows(self, ours):
        mine = peers.this_python()
        pythons = peers.all_pythons()
        if self._options.pythons == 'mine' and not self.brought:
            pythons = [peers.newest_python()]
        return ours + self.brought + pythons + [
            peer for peer in mine if peer.name not in [row.name for row in pythons]]

    def _selection(self):
        if self._options.mine or (self.brought and not self._options.everybody and not self._options.only):
            return selection.MINE
        return selection.FULL if self._options.full else selection.COVERING

    def _wanted(self):
        patterns = self._options.cell
        return (lambda name: any(name == one or fnmatchcase(name, one) for one in patterns)) if patterns else None

    def _names(self, option, rows):
        """List the names that an option has; one that no peer has is refused, for a slip would run less, and pass."""
        names = peers.named(getattr(self._options, option.lstrip('-')) or '')
        there_are = sorted({peer.name for peer in rows + peers.all_pythons()})
        unknown = [name for name in names if name not in there_are]
        absent = [name for name in unknown if name in self.absent]
        if absent:
            raise Unselectable('%s: the language of %s is not installed' % (option, ', '.join(absent)))
        if unknown:
            raise Unselectable('%s: no peer %s; there are: %s' % (option, ', '.join(unknown), ', '.join(there_are)))
        return names


def _brought(text):
    """Return the row that ``--peer`` adds."""
    name, equals, command = text.partition('=')
    if not equals or not name or not command.strip():
        raise Unselectable("--peer takes NAME=COMMAND, such as --peer 'mine=node mine.js {role}', not %r" % str(text))
    if '{role}' not in command:
        raise Unselectable('--peer %s: {role} is missing; it becomes server, client or list' % text)
    try:
        peers.command(Peer(name, command), 'list')
    except ValueError as error:
        raise Unselectable('--peer %s: %s' % (text, error))
    return Peer(name, command)
