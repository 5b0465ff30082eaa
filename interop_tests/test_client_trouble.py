"""Servers that misbehave: the client says which way, by its exit status, and loses no reply."""

import struct
from collections import OrderedDict
from contextlib import closing

import pytest

from interop_tests import verdict
from interop_tests.cases import lines
from interop_tests.programs import Client, Server
from interop_tests.wire import SECONDS, Listener


def reset(wire):
    wire.reset()


def close(wire):
    wire.close()


def close_inside_a_frame(wire):
    wire.sock.sendall(b'\x01')
    wire.close()


def fall_silent(wire):
    pass


def answer_too_long(wire):
    wire.sock.sendall(b'\xff')


def answer_too_much(wire):
    wire.sock.sendall(b'\x01b\x01c')


# What the server does after its first reply, and how the client ends.
TROUBLE = [
    (reset, 5, 'reset', []),
    (close, 3, 'truncated', []),
    (close_inside_a_frame, 3, 'truncated', []),
    (fall_silent, 4, 'timed-out', []),
    (answer_too_long, 3, 'too-long', []),
    (answer_too_much, 3, 'malformed', [b'b']),
]


@pytest.mark.parametrize('misbehave, status, kind, replies', TROUBLE, ids=[row[0].__name__ for row in TROUBLE])
def test_exit_status(ours, misbehave, status, kind, replies):
    timeout = '1' if kind == 'timed-out' else str(SECONDS)
    options = ['--format', 'u8', '--max-frame', '100', '--timeout', timeout]
    with closing(Listener('frame', options, 'inet')) as listener, closing(Client(ours, listener)) as client:
        client.process.exchange(lines([b'a', b'b']), 0, SECONDS)
        client.process.close_input()
        wire = listener.accept()
        assert wire.read_exactly(4) == b'\x01a\x01b'
        wire.sock.sendall(b'\x01a')
        assert client.process.exchange(b'', 1, SECONDS) == [b'61']
        misbehave(wire)
        found = client.finish(replies, SECONDS, status)
        assert found.status == verdict.PASS, found.text
        assert client.process.errors.startswith('client: %s: ' % kind)
        assert len(client.process.errors.splitlines()) == 1
        wire.close()


def test_wrong_answers_are_printed_all_the_same(ours):
    with closing(Listener('frame', ['--format', 'u8'])) as listener, closing(Client(ours, listener)) as client:
        client.process.exchange(lines([b'a', b'b', b'c']), 0, SECONDS)
        client.process.close_input()
        with closing(listener.accept()) as wire:
            assert wire.read_exactly(6) == b'\x01a\x01b\x01c'
            wire.sock.sendall(b'\x01a\x01X\x01c')
            assert client.finish([b'a', b'X', b'c'], SECONDS, status=1).status == verdict.PASS
        assert client.process.errors == (
            'client: wrong: reply 2: expected 1 bytes 62, received 1 bytes 58\n')


LONG = b'abcdefghijklmnopqrstuvwxyz'
# Sent, what came back, and what is said of it.
DIFFERENCES = OrderedDict([
    ('at-the-beginning', (LONG, b'X' + LONG[1:], (
        '26 bytes 6162636465666768696a6b6c6d6e6f70...', '26 bytes 5862636465666768696a6b6c6d6e6f70...'))),
    ('at-the-end', (LONG, LONG[:-1] + b'X', (
        '26 bytes ...72737475767778797a', '26 bytes ...727374757677787958'))),
    ('one-short', (LONG, LONG[:-1], ('26 bytes ...72737475767778797a', '25 bytes ...7273747576777879'))),
    ('far-behind', (9 * LONG, 4 * LONG + b'X' + 9 * LONG, (
        '234 bytes ...737475767778797a6162636465666768...', '339 bytes ...737475767778797a5861626364656667...'))),
])


@pytest.mark.parametrize('name', list(DIFFERENCES))
def test_a_wrong_answer_is_shown_where_it_differs(ours, name):
    sent, answered, (expected, received) = DIFFERENCES[name]
    with closing(Listener('frame', ['--format', 'u16be'])) as listener, closing(Client(ours, listener)) as client:
        client.process.exchange(lines([sent]), 0, SECONDS)
        client.process.close_input()
        with closing(listener.accept()) as wire:
            assert wire.read_exactly(2 + len(sent))[2:] == sent
            wire.sock.sendall(struct.pack('>H', len(answered)) + answered)
            assert client.finish([answered], SECONDS, status=1).status == verdict.PASS
        assert client.process.errors == 'client: wrong: reply 1: expected %s, received %s\n' % (expected, received)


def test_nobody_listens(ours):
    listener = Listener('echo', family='inet')
    listener.close()
    with closing(Client(ours, listener)) as client:
        assert client.finish([], SECONDS, status=5).status == verdict.PASS
        assert client.process.errors.startswith('client: unreachable: cannot connect to 127.0.0.1:')
        assert client.process.errors.endswith(': Connection refused\n')


@pytest.mark.parametrize('retries', [0, 1, 2])
def test_count_gives_up_after_a_bounded_number_of_retries(ours, retries):
    options = ['--retries', str(retries)]
    with closing(Listener('count')) as listener, closing(Client(ours, listener, options)) as client:
        client.process.exchange(lines([b'hello']), 0, SECONDS)
        client.process.close_input()
        for _ in range(retries + 1):
            with closing(listener.accept()) as wire:
                assert wire.read_to_end() == b'hello'
                wire.sock.sendall(b'4\n')
        assert client.finish([b'4'], SECONDS, status=1).status == verdict.PASS
        assert client.process.errors == 'client: wrong: sent 5 bytes, the server counted 4\n'


def test_count_that_is_answered_too_early_is_wrong_and_repeated_whole(ours):
    """What the first attempt did not read is read by the second, after what the first one had."""
    with closing(Listener('count')) as listener, closing(Client(ours, listener)) as client:
        client.process.exchange(lines([b'hello']), 0, SECONDS)
        with closing(listener.accept()) as wire:
            assert wire.read_exactly(5) == b'hello'
            wire.sock.sendall(b'5\n')
            with closing(listener.accept()) as second:
                assert second.read_exactly(5) == b'hello'
                client.process.exchange(lines([b'world']), 0, SECONDS)
                client.process.close_input()
                assert second.read_to_end() == b'world'
                second.sock.sendall(b'10\n')
        assert client.finish([b'10'], SECONDS).status == verdict.PASS


@pytest.mark.parametrize('text', [b'6', b'6x', b'6 1', b'61\t62'])
def test_lines_that_are_not_hex(ours, text):
    with closing(Server(ours, 'count', '-', 'unix', SECONDS)) as server, closing(Client(ours, server)) as client:
        client.process.exchange(b'6161\n' + text + b'\n6262\n', 0, SECONDS)
        client.process.close_input()
        assert client.finish([b'2'], SECONDS, status=2).status == verdict.PASS
        assert client.process.errors == (
            'client: unsendable: line 2 of the input is not hex, two digits a byte\n')


def test_hex_with_spaces_as_the_pages_write_it(ours):
    with closing(Server(ours, 'frame', 'u8', 'unix', SECONDS)) as server, closing(Client(ours, server)) as client:
        client.process.exchange(b'00 ff\n 61  6263 \n \n', 0, SECONDS)
        assert client.finish([b'\0\xff', b'abc', b''], SECONDS).status == verdict.PASS
