"""Every client against every server: see ``matrix.py`` for what a cell is."""

import sys

import pytest

from interop_tests import verdict
from interop_tests.matrix import by_hand, cell_id

try:
    from shlex import quote
except ImportError:
    from pipes import quote  # PY2: not in shlex yet; and pipes is gone from 3.13

FAILURE = """\
{status}: {text}

by hand, in two terminals:
  {server}
  {client}
this cell alone:
  {again}
"""


@pytest.mark.cell
def test_cell(cell, runner, record_property, request):
    found = runner.verdict(cell)
    route = cell.route
    record_property('cell', {
        'cell': cell_id(cell),
        'client': route.client.name,
        'server': route.server.name,
        'protocol': route.protocol,
        'format': route.format,
        'transport': route.transport,
        'case': cell.case,
        'status': found.status,
        'text': found.text,
    })
    if found.status == verdict.UNSUPPORTED:
        pytest.skip(found.text)
    if found.status != verdict.PASS:
        server, client = by_hand(cell)
        pytest.fail(FAILURE.format(
            status=found.status, text=found.text, server=server, client=client,
            again=_again(request)), pytrace=False)


def _again(request):
    """Return the command that runs this cell and no other."""
    config = request.config
    words = [sys.executable, '-m', 'pytest', request.node.nodeid, '--pythons', config.getoption('--pythons')]
    for peer in config.getoption('--peer'):
        words += ['--peer', peer]
    return ' '.join(quote(word) for word in words)
