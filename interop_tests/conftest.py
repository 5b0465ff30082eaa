"""The matrix inside pytest: its options, which cells there are, who runs them, and the report."""

import pytest

from interop_tests import peers
from interop_tests.compiling import forget_builds
from interop_tests.matrix import Cell, Runner, cell_id, cells
from interop_tests.model_table import ModelTable
from interop_tests.peers import Peer
from interop_tests.progress import Report

try:
    from xdist.scheduler import LoadScopeScheduling
except ImportError:
    LoadScopeScheduling = object

CELL_TEST = 'test_matrix.py::test_cell['


def pytest_addoption(parser):
    group = parser.getgroup('interop')
    group.addoption(
        '--pythons', choices=['mine', 'all'], default='mine',
        help='mine: pairs with the interpreter that runs pytest; all: every pair of everything that is found')
    group.addoption(
        '--peer', action='append', default=[], metavar='NAME=COMMAND',
        help='one more peer; {role} in the command becomes server, client or list')
    group.addoption(
        '--only', metavar='NAME,NAME', help='only these peers')
    group.addoption(
        '--without-c', action='store_true', help='leave out the tests of the C programs alone, which no Python changes')
    group.addoption('--case-seconds', type=float, default=15, help='how long a step of one cell may take')
    group.addoption('--model-table', metavar='FILE', help='make the table of protocols and I/O models from this run')
    group.addoption('--results', metavar='FILE', help='write one JSON object a line for each cell')


def pytest_configure(config):
    config.addinivalue_line('markers', 'cell: a cell of the matrix')
    for peer in _brought(config):
        try:
            peers.abilities(peer, 'server')
        except peers.CannotList as error:
            raise pytest.UsageError(str(error))
    _check_only(config)
    if not hasattr(config, 'workerinput') and not hasattr(config, 'slaveinput'):
        config.pluginmanager.register(Report(config), 'interop-report')
        if config.getoption('--model-table'):
            config.pluginmanager.register(ModelTable(config.getoption('--model-table')), 'model-table')


def pytest_generate_tests(metafunc):
    if 'ours' in metafunc.fixturenames:
        in_c = [] if metafunc.config.getoption('--without-c') else peers.PEERS[:1]
        rows = _only(metafunc.config, in_c + peers.this_python())
        if 'model' in metafunc.fixturenames:
            # The sessions in C run under Python's own I/O models: those need no second look.
            rows = [peer for peer in rows if not peer.name.endswith('-cffi')]
            pairs = [(peer, model) for peer in rows for model in peers.models(peer)]
            metafunc.parametrize('ours, model', pairs, ids=['%s-%s' % (peer.name, model) for peer, model in pairs])
        else:
            metafunc.parametrize('ours', rows, ids=[peer.name for peer in rows])
    if 'cell' in metafunc.fixturenames:
        every_transport = metafunc.config.getoption('--pythons') == 'all'
        found = cells(_pairs(metafunc.config), every_transport)
        metafunc.parametrize('cell', found, ids=[cell_id(cell) for cell in found])


def _brought(config):
    """Return the rows that ``--peer`` adds."""
    return [Peer(*text.split('=', 1)) for text in config.getoption('--peer')]


def _pairs(config):
    brought = _brought(config)
    mine = peers.this_python()
    if config.getoption('--pythons') == 'all':
        pythons = peers.all_pythons()
        rows = peers.PEERS + brought + pythons + [peer for peer in mine if peer not in pythons]
        pairs = [(client, server) for server in rows for client in rows]
    else:
        python, cffi = mine
        others = [peer for peer in [peers.newest_python()] if peer.name != python.name]
        others += peers.PEERS[:1] + brought
        rows = mine + others
        pairs = [(one, one) for one in mine]
        pairs += [pair for other in others for pair in ((python, other), (other, python))]
        pairs += [(cffi, peers.PEERS[0]), (peers.PEERS[0], cffi)]
    wanted = _only(config, rows)
    return [pair for pair in pairs if pair[0] in wanted and pair[1] in wanted]


def _check_only(config):
    """Refuse a name of ``--only`` that no peer has: a slip would run nothing, or less, and pass."""
    names = (config.getoption('--only') or '').split(',')
    there_are = [peer.name for peer in peers.PEERS + _brought(config) + peers.this_python() + peers.all_pythons()]
    unknown = [name for name in names if name and name not in there_are]
    if unknown:
        raise pytest.UsageError(
            '--only: no peer %s; there are: %s' % (', '.join(unknown), ', '.join(sorted(set(there_are)))))


def _only(config, rows):
    """Keep the rows that ``--only`` names, or all."""
    names = config.getoption('--only')
    return [peer for peer in rows if not names or peer.name in names.split(',')]


@pytest.fixture(scope='session', autouse=True)
def _builds():
    """Remove in the end what was compiled for tests."""
    yield
    forget_builds()


@pytest.fixture(scope='session')
def runner(request):
    """Runs the cells that were selected, and no others."""
    cases_of = {}
    for item in request.session.items:
        cell = getattr(item, 'callspec', None) and item.callspec.params.get('cell')
        if isinstance(cell, Cell):
            cases_of.setdefault(cell.route, []).append(cell.case)
    runner = Runner(cases_of, request.config.getoption('--case-seconds'))
    yield runner
    runner.stop()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Keep the cells of one server together, so that it is started once."""
    return _ByServer(config, log)


class _ByServer(LoadScopeScheduling):

    def _split_scope(self, nodeid):
        if CELL_TEST in nodeid:
            names, protocol, transport, _ = nodeid.split(CELL_TEST)[1].split('/')
            return '/'.join([names.split('-to-')[1], protocol, transport])
        return nodeid.rsplit('[', 1)[0]
