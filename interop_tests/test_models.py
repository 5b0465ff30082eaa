"""Every protocol under every I/O model, over every family: the sessions cannot tell the difference, nor can clients."""

from contextlib import closing

import pytest

from interop_tests import peers, verdict
from interop_tests.cases import CASES, PROTOCOL_FORMATS, STREAMS, expected_replies
from interop_tests.programs import Client, Server
from interop_tests.wire import SECONDS

CASE = {'command': 'commands', 'greet': 'one', 'sizeok': 'split-character'}


@pytest.mark.parametrize('family', STREAMS)
@pytest.mark.parametrize('protocol', sorted(PROTOCOL_FORMATS))
def test_every_protocol_under_every_model(ours, model, protocol, family):
    """Two clients in turn: a model has to come back from the first."""
    case = CASES[CASE.get(protocol, 'newlines-and-nuls')]
    frame_format = PROTOCOL_FORMATS[protocol][-1]
    expected = expected_replies(case, protocol, frame_format)
    with closing(Server(ours, protocol, frame_format, family, SECONDS, ['--model', model])) as server:
        for peer in [peers.PEERS[0], peers.this_python()[0]]:
            with closing(Client(peer, server)) as client:
                assert client.run(case.messages, expected, SECONDS).status == verdict.PASS
        assert server.stop(SECONDS).status == verdict.PASS
        assert server.process.errors == ''
