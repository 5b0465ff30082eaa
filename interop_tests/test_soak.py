"""The soak, for some seconds; and that its accounts notice a lie."""

import socket
import threading
from contextlib import closing

import pytest

from interop_tests.soak.__main__ import MODELS, Soak, told
from interop_tests.soak.accounting import Account, GoodClient

SECONDS = 8


@pytest.mark.parametrize('of', MODELS)
def test_soak(ours, of):
    soak = Soak(ours, of, SECONDS, 1)
    soak.run()
    assert soak.account.wrong == [], told(soak)
    assert soak.account.sent == soak.account.acknowledged > 0
    assert soak.restarts > 0 and soak.harm and soak.samples


def swap(data):
    return data.replace(b'\0\0\0\1', b'\0\0\0\2')


@pytest.mark.parametrize('lie, is_noticed', [
    (swap, lambda account: any('another reply' in text for text in account.wrong)),
    (lambda data: data[:-1], lambda account: account.sent > account.acknowledged),
], ids=['another-number', 'a-byte-short'])
def test_a_lie_is_noticed(lie, is_noticed):
    with closing(socket.socket()) as listener:
        listener.bind(('127.0.0.1', 0))
        listener.listen(5)

        def serve():
            try:
                while True:
                    with closing(listener.accept()[0]) as sock:
                        sock.sendall(lie(sock.recv(65536)))
            except EnvironmentError:
                pass  # the test is over
        server = threading.Thread(target=serve)
        server.daemon = True
        server.start()
        account = Account()
        client = GoodClient(1, listener.getsockname(), account, 1, 1)
        client.start()
        while client.is_alive() and not account.sent:
            client.join(0.01)
        client.stop()
        client.join(SECONDS)
        listener.shutdown(socket.SHUT_RDWR)
        server.join(SECONDS)
    assert is_noticed(account)
