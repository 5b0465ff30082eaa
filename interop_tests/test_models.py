"""Every protocol under every I/O model, over every transport: the sessions cannot tell the difference, nor can clients.

``--model-table FILE`` makes ``docs/models.md`` from a run.
"""

import io
import os
from contextlib import closing

import pytest

from interop_tests import peers, verdict
from interop_tests.cases import CASES, PROTOCOL_FORMATS, TRANSPORTS, expected_replies
from interop_tests.process import ROOT
from interop_tests.programs import Client, Failed, Server
from interop_tests.wire import SECONDS

CASE = {'command': 'commands', 'greet': 'one', 'sizeok': 'split-character'}
CELLS = [(protocol, transport) for protocol in sorted(PROTOCOL_FORMATS) for transport in TRANSPORTS[protocol]]


@pytest.mark.parametrize('protocol, transport', CELLS, ids=['%s-%s' % cell for cell in CELLS])
def test_every_protocol_under_every_model(ours, model, protocol, transport, record_property, warm):
    """Two clients in turn: a model has to come back from the first."""
    case = CASES[CASE.get(protocol, 'newlines-and-nuls')]
    frame_format = PROTOCOL_FORMATS[protocol][-1]
    expected = expected_replies(case, protocol, frame_format)
    cell = {'peer': ours.name, 'model': model, 'protocol': protocol, 'transport': transport}
    try:
        server = Server(ours, protocol, frame_format, transport, SECONDS, ['--model', model])
    except Failed as failed:
        assert failed.verdict.status == verdict.UNSUPPORTED
        record_property('model-cell', dict(cell, impossible=failed.verdict.text.rsplit('unsupported: ')[1]))
        pytest.skip(failed.verdict.text)
    with closing(server):
        for peer, forked in [(peers.PEERS[0], None), (peers.this_python()[0], warm)]:
            with closing(Client(peer, server, warm=forked)) as client:
                assert client.run(case.messages, expected, SECONDS).status == verdict.PASS
        assert server.stop(SECONDS).status == verdict.PASS
        assert server.process.errors == ''
    record_property('model-cell', dict(cell, impossible=None))


def test_table_has_every_row_and_column():
    """It comes from a run; this sees to it that the run is not forgotten when there is something new."""
    with io.open(os.path.join(ROOT, 'docs', 'models.md'), encoding='utf-8') as table:
        text = table.read()
    for protocol, transport in CELLS:
        assert '| `%s` | `%s` |' % (protocol, transport) in text
    for model in set(peers.models(peers.PEERS[0]) + peers.models(peers.newest_python())):
        assert ' %s |' % model in text
