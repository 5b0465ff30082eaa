"""Segments beside the calls: every segment of a captured run is one that a call explains, and the other way round."""

import json
import os
import subprocess
import sys

import pytest

from interop_tests import test_trace as pairs
from interop_tests.process import ROOT
from pyside.trace import capture, command

if sys.version_info[0] == 2:
    pytest.skip('the capture needs Python 3', allow_module_level=True)

# In a process of its own: it moves to another network.
CAPTURED = """\
import io, json, os, sys
from pyside.trace import capture, conversation, segments, staging
server, client, data = json.loads(sys.argv[1])
try:
    capture.enter()
except capture.CannotCapture as error:
    sys.exit('cannot: %s' % error)
with staging.stage() as stage:
    listener = capture.Capture(stage.segments)
    given = stage.lines + '.given'
    with io.open(given, 'w') as file:
        file.write(data)
    staging.pair(stage, server, client, 30, io.open(given, 'rb'))
    found = conversation.of(stage.recording, stage.notes, stage.lines)
    packets, missed = listener.stop()
    segments.attach(found, packets)
json.dump({
    'missed': missed, 'sizes': [flow.size() for flow in found.connections[0].flows],
    'stream': found.connections[0].is_stream,
    'segments': [{'side': one.side, 'label': one.label, 'start': one.start, 'stop': one.stop, 'bare': one.is_bare,
                  'again': one.again, 'cause': one.cause and one.cause.name,
                  'after': one.cause and one.moment - one.cause.entered,
                  'remarks': [remark.kind for remark in one.cause.remarks] if one.cause else []}
                 for one in found.segments]}, sys.stdout)
"""


def captured(server, client, data=''):
    process = subprocess.Popen(
        [sys.executable, '-c', CAPTURED, json.dumps([server, client, data])], cwd=ROOT, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ, PYTHONPATH=ROOT))
    output, errors = process.communicate()
    if b'cannot: ' in errors:
        pytest.skip(errors.decode('utf-8').strip().splitlines()[-1])
    assert process.returncode == 0, errors.decode('utf-8')
    found = json.loads(output.decode('ascii'))
    assert found['missed'] == 0
    return found, [one for one in found['segments'] if not one['bare']]


RESET = """\
connection.recv(1)
connection.close()
listener.accept()[0].close()
"""
CALLER_OF_RESET = """\
s.sendall(b'hello')
try:
    s.recv(1)
except EnvironmentError:
    socket.create_connection(s.getsockname()[:1] + (int(sys.argv[1]),)).close()
s.close()
"""
RUNS = {
    'echo': (pairs.first('tcp_server', 'python') + ['0'], pairs.first('tcp_client', 'python') + ['{port}'],
             'hello\nworld\n'),
    'half-close': (pairs.one('while connection.recv(9):\n    pass\nconnection.sendall(b"end")\nconnection.close()'),
                   pairs.caller('s.sendall(b"hello")\ns.shutdown(socket.SHUT_WR)\ns.recv(9)\ns.close()'), ''),
    'large': (pairs.one('while connection.recv(1 << 20):\n    pass\nconnection.close()'),
              pairs.caller('s.sendall(b"x" * 1000000)\ns.close()'), ''),
    'reset': (pairs.one(RESET), pairs.caller(CALLER_OF_RESET), ''),
}


@pytest.mark.parametrize('name', sorted(RUNS))
def test_every_segment_has_its_call(name):
    found, segments = captured(*RUNS[name])
    first = segments[:2]
    assert [one['label'] for one in first] == ['SYN', 'SYN ACK']
    assert (first[0]['side'], first[0]['cause']) == (0, 'connect')
    # The kernel answers by itself: the server accepts later.
    assert (first[1]['side'], first[1]['cause']) == (1, None)
    for one in segments:
        if one['label'].startswith('SYN'):
            continue
        assert one['cause'] in {'FIN': ('close', 'shutdown'), 'RST': ('close',)}.get(
            one['label'].split()[0], ('send',)), one
        assert one['after'] > -0.001, one


@pytest.mark.parametrize('name', ['echo', 'half-close', 'large'])
def test_every_byte_is_in_a_segment(name):
    found, segments = captured(*RUNS[name])
    for side, size in enumerate(found['sizes']):
        at = 0
        for one in sorted((one['start'], one['stop']) for one in segments
                          if one['side'] == side and one['stop'] > one['start'] and not one['again']):
            assert one[0] <= at
            at = max(at, one[1])
        assert at == size


def test_a_reset_is_the_close_that_was_said_to_make_it():
    found, segments = captured(*RUNS['reset'])
    resets = [one for one in segments if 'RST' in one['label']]
    assert resets and all('unread' in one['remarks'] for one in resets if one['side'] == 1)


def test_datagrams():
    found, segments = captured(pairs.first('udp_server', 'python') + ['0'],
                               pairs.first('udp_client', 'python') + ['{port}'], 'hello\n')
    assert [(one['side'], one['stop']) for one in segments] == [(0, 6), (1, 6)]


def test_headers():
    """What a packet looks like on the loopback of Linux, in both families."""
    ethernet = bytes(12)
    tcp = bytes.fromhex('1f90 c000 00000005 00000007 50 18 0000 0000 0000') + b'hello'
    in4 = bytes.fromhex('45 00 002d 0000 0000 40 06 0000 7f000001 7f000002')
    in6 = bytes.fromhex('60000000 0019 06 40') + bytes(15) + b'\1' + bytes(15) + b'\1'
    found = capture.parse(ethernet + b'\x08\x00' + in4 + tcp, 1.5)
    assert found == (1.5, capture.TCP, '127.0.0.1:8080', '127.0.0.2:49152', 0x18, 5, 7, 5)
    found = capture.parse(ethernet + b'\x86\xdd' + in6 + tcp, 1.5)
    assert found[2:] == ('[::1]:8080', '[::1]:49152', 0x18, 5, 7, 5)
    for short in (ethernet + b'\x08\x06', ethernet + b'\x08\x00' + in4 + tcp[:4], ethernet + b'\x86\xdd' + in6[:20]):
        assert capture.parse(short, 0) is None


def test_where_it_is_not_permitted_it_is_inferred(monkeypatch, capfd):
    def enter():
        raise capture.CannotCapture('no user namespace: Operation not permitted')
    monkeypatch.setattr(capture, 'enter', enter)
    assert command.main(['--segments', '--', 'true']) == 0
    output, errors = capfd.readouterr()
    assert errors == 'trace: segments are inferred: no user namespace: Operation not permitted\n'
    assert 'inferred' in output


def test_command():
    server, client = [' '.join(words) for words in RUNS['echo'][:2]]
    status, output, errors = pairs.trace('--segments', '--pair', server, client, data=b'hello\n')
    assert status == 0
    if 'segments are inferred' in errors:
        pytest.skip(errors)
    assert all(word in output for word in ('SYN', 'SYN ACK', 'FIN', 'Segments were')), output
