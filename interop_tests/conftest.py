"""The suite inside pytest: its options, which cells there are, and who runs them."""

import os
import signal
import sys

import pytest

from interop_tests import near_equal, peers
from interop_tests.compiling import forget_builds
from interop_tests.known_failures import BadFile, KnownFailures
from interop_tests.model_table import ModelTable
from interop_tests.progress import Progress
from interop_tests.run import Run
from interop_tests.selecting import Selected, Unselectable
from interop_tests.warm import Warm

CELLS = 'test_matrix.py'


def pytest_addoption(parser):
    group = parser.getgroup('interop')
    group.addoption(
        '--pythons', choices=['mine', 'all'], default='mine',
        help='mine: the interpreter that runs pytest, C, and the newest Python; all: everything that is found')
    group.addoption(
        '--peer', action='append', default=[], metavar='NAME=COMMAND',
        help='one more peer; {role} in the command becomes server, client or list. It alone is judged: its checks, '
             'and its cells with C, with itself and with the newest Python; --everybody: all the others, too')
    group.addoption('--mine', metavar='NAME,NAME', help='judge only these peers in that way')
    group.addoption('--everybody', action='store_true', help='with --peer: run all cells, not only those of that peer')
    group.addoption(
        '--only', metavar='NAME,NAME', help='only these peers, with each other; oldest and newest stand for a CPython')
    group.addoption('--full', action='store_true', help='the whole product of peers, not a covering selection')
    group.addoption(
        '--share', action='store_true',
        help='a third of the variants of a test, where this Python is near-equal to others: near_equal.py; --full: all')
    group.addoption('--cell', action='append', default=[], metavar='PATTERN', help='only the cells of this name')
    group.addoption('--known-failures', metavar='FILE', help='a file of patterns of cells that fail, with reasons')
    group.addoption(
        '--without-c', action='store_true', help='leave out the tests of the C programs alone, which no Python changes')
    group.addoption('--case-seconds', type=float, default=15, help='how long a step of one cell may take at most')
    group.addoption('--debug-cell', action='store_true', help='no limits of time; one cell, for a debugger')
    group.addoption('--model-table', metavar='FILE', help='make the table of protocols and I/O models from this run')
    group.addoption('--results', metavar='FILE', help='write one JSON object a line for each cell')
    group.addoption('--report', metavar='FILE', help='make a page from the results')
    group.addoption('--traces', metavar='FOLDER', help='run failing pair cells again under trace: a page for each')
    group.addoption('--junit', metavar='FILE', help='make JUnit XML from the results')
    group.addoption('--markdown', metavar='FILE', help='make a summary in Markdown from the results')


def pytest_configure(config):
    # Programs that tests start inherit none of Python's variables: see process.environment.
    for name in [name for name in os.environ if name.startswith('PYTHON')]:
        del os.environ[name]
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        # A shell that runs the suite in the background ignores SIGINT, and so would every program.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _interrupt)
    if hasattr(config, 'workerinput'):
        peers.know(config.workerinput['interop_known'])
        config.option.results = config.workerinput['interop_results']
        return
    if _asks_for_cells(config):
        config.pluginmanager.register(Progress(config, _selected(config)), 'interop-progress')
    if config.getoption('--model-table'):
        config.pluginmanager.register(ModelTable(config.getoption('--model-table')), 'model-table')


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Let the workers know what is not on the command line: the file of results, and what the peers have answered.

    Asking ten interpreters takes each a second.
    """
    node.workerinput['interop_known'] = peers.known()
    node.workerinput['interop_results'] = node.config.option.results


def _asks_for_cells(config):
    """Whether the tests that have cells are among those of this run, as far as its command line tells."""
    files = [str(arg).split('::')[0] for arg in config.args]
    ignored = [str(path) for path in config.option.ignore or []]
    return not config.option.collectonly and (
        any(not name.endswith('.py') or name.endswith(CELLS) for name in files)
        and not any(path.endswith(CELLS) for path in ignored))


def _selected(config):
    """Return the peers and cells of a run; finding all Pythons takes its time, and most tests need none."""
    if not hasattr(config, 'interop_selected'):
        try:
            config.interop_selected = Selected(config.option)
            if config.option.known_failures:
                KnownFailures(config.option.known_failures)
        except (Unselectable, peers.CannotList, BadFile) as error:
            raise pytest.UsageError(str(error))
        except EnvironmentError as error:
            raise pytest.UsageError('--known-failures %s: %s' % (config.option.known_failures, error.strerror))
    return config.interop_selected


def _interrupt(number, frame):
    """SIGTERM ends a run as Ctrl-C does: what has been found is reported, and no program stays behind."""
    raise KeyboardInterrupt


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
    if 'group' in metafunc.fixturenames:
        groups = _selected(metafunc.config).groups()
        metafunc.parametrize('group', groups, ids=[group.identity for group in groups])


def _only(config, rows):
    """Keep the rows that ``--only`` names, or all."""
    names = peers.named(config.getoption('--only') or '')
    return [peer for peer in rows if not names or peer.name in names]


def pytest_collection_modifyitems(config, items):
    if config.getoption('--share') and not config.getoption('--full') and near_equal.shares():
        kept = near_equal.kept(items, sys.version_info[1])
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept


@pytest.fixture(scope='session', autouse=True)
def _builds():
    """Remove in the end what was compiled for tests."""
    yield
    forget_builds()


@pytest.fixture(scope='session')
def warm():
    """Forks clients of this Python, where starting one each time would cost more than the test."""
    found = Warm(peers.this_python()[0])
    yield found
    found.stop()


@pytest.fixture(scope='session')
def run(request):
    """Tries the cells of groups."""
    found = Run(request.config.option)
    yield found
    found.stop()
