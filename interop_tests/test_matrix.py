"""Every client against every server: see ``matrix.py`` for what a cell is."""

import pytest

from interop_tests import verdict
from interop_tests.matrix import by_hand, cell_id

FAILURE = """\
{status}: {text}

by hand, in two terminals:
  {server}
  {client}
this cell alone:
  pytest '{node}'
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
        'family': route.family,
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
            node=request.node.nodeid), pytrace=False)
