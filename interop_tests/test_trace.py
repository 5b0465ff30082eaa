# -*- coding: utf-8 -*-
"""``python -m pyside trace``: what is known of a conversation, how it is drawn, and what is refused."""

import io
import os
import re
import subprocess
import sys
import textwrap

import pytest

from interop_tests.process import ROOT
from interop_tests.recorder.programs import needs_c
from pyside.calls import notes, recording
from pyside.net import netio
from pyside.trace import conversation, folding, page, picture, rows, staging, terminal

SECONDS = 30
PYTHON = sys.executable
LANGUAGES = ['python', 'c']


def test_all_that_one_call_of_ours_receives_is_kept():
    assert notes.KEPT >= netio.CHUNK


def first(name, language):
    if language == 'c':
        return [os.path.join(ROOT, 'c_ref', 'bin', 'first', name)]
    return [PYTHON, os.path.join(ROOT, 'pyside', 'first', name + '.py')]


def ours(role, language):
    return [PYTHON, '-m', 'pyside', role] if language == 'python' else [os.path.join(ROOT, 'c_ref', 'bin', role)]


def script(code):
    """Return the words that run a piece of Python, with what most of them need."""
    return [PYTHON, '-c', 'import os, socket, struct, sys, time\n' + textwrap.dedent(code)]


def traced(server, client, data=b'', framing=None, seconds=SECONDS, **how):
    """Run a pair from the root of the project; return its ``Conversation`` and the client's status."""
    before = os.getcwd()
    os.chdir(ROOT)
    try:
        with staging.stage(**how) as stage:
            given = os.path.join(os.path.dirname(stage.lines), 'given')
            with io.open(given, 'wb') as file:
                file.write(data)
            with io.open(given, 'rb') as stdin:
                status = staging.pair(stage, server, client, seconds, stdin)
            found = conversation.of(stage.recording, stage.notes, stage.lines, framing)
            found.recorded = recording.read(stage.recording)[1]
            return found, status
    finally:
        os.chdir(before)


def flows(found, number=1):
    """Return the arrows of both directions of a connection as ``[[(start, stop), ...], [...]]``."""
    return [[(one.start, one.stop) for one in flow.transfers] for flow in found.connections[number - 1].flows]


def remarks(found, *kinds):
    """Return ``(name of the call, kind)`` for the remarks of some kinds, in the order of the calls."""
    return [(event.name, remark.kind) for event in found.events for remark in event.remarks if remark.kind in kinds]


def event_of(found, name, side=None):
    return [event for event in found.events if event.name == name and side in (None, event.side)][0]


# A server of one connection; what it does with it stands where %s is.
ONE = """\
listener = socket.socket(); listener.bind(('127.0.0.1', 0)); listener.listen(5); listener.getsockname()
connection = listener.accept()[0]
%s
"""
CALL = "s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))\n"


def naive(lesson, name):
    """Return the words that run a naive program of a lesson; a client's end with the port."""
    return [PYTHON, '-m', 'interop_tests.lessons.%s.%s' % (lesson, name)] + ['{port}'] * name.endswith('client')


def one(code):
    return script(ONE % textwrap.dedent(code))


def caller(code):
    return script(CALL + textwrap.dedent(code)) + ['{port}']


# What is known.

def hello_world(server='python', client='python'):
    return traced(first('tcp_server', server) + ['0'], first('tcp_client', client) + ['{port}'], b'hello\nworld\n')


# In which language the program is, and the call, on whose line its name stands.
CALLS = [('connect', 'client'), ('send', 'client'), ('listen', 'server'), ('recv', 'server')]


@pytest.mark.parametrize('client', LANGUAGES)
@pytest.mark.parametrize('server', LANGUAGES)
def test_echo(server, client, request):
    if 'c' in (server, client):
        needs_c(request)
    found, status = hello_world(server, client)
    assert status == 0
    connection, = found.connections
    assert (connection.near.side, connection.far.side) == (conversation.CLIENT, conversation.SERVER)
    assert (connection.near.local, connection.near.remote) == (connection.far.remote, connection.far.local)
    assert flows(found) == [[(0, 6), (6, 12)], [(0, 6), (6, 12)]]
    assert remarks(found, 'eof', 'reset', 'part') == [('recv', 'eof')]
    for flow in connection.flows:
        for transfer in flow.transfers:
            assert transfer.sent.entered <= transfer.received.returned
            assert transfer.sent.data == transfer.received.data
    for name, role in CALLS:
        where = event_of(found, name, conversation.SERVER if role == 'server' else conversation.CLIENT).where()
        language = server if role == 'server' else client
        assert os.path.basename(where.file) == 'tcp_%s.%s' % (role, {'python': 'py', 'c': 'c'}[language])
        assert name in rows.positions.source(where.file, where.line)


@pytest.mark.parametrize('family', ['inet', 'inet6', 'unix'])
def test_families(family, tmpdir):
    server = ours('server', 'python') + ['echo', '--family', family]
    client = ours('client', 'python') + ['echo', '--family', family]
    where = ['--path', str(tmpdir.join('s'))] if family == 'unix' else ['--port', '0']
    there = ['--path', '{path}'] if family == 'unix' else ['--host', '{host}', '--port', '{port}']
    found, status = traced(server + where, client + there, b'hello\n')
    assert status == 0
    assert flows(found) == [[(0, 5)], [(0, 5)]]
    assert remarks(found, 'eof') == [('recv', 'eof')]


def test_all_calls_are_there():
    """The model leaves out nothing that was recorded, whatever a drawing leaves out."""
    found, _ = traced(first('tcp_server', 'python') + ['0'], first('tcp_client', 'python') + ['{port}'], b'hello\n')
    assert sorted(event.number for event in found.events) == [call.number for call in found.recorded]
    for call in found.recorded:
        event, = [event for event in found.events if event.number == call.number]
        assert event.text() == call.line()


def test_a_frame_in_pieces():
    found, _ = traced(
        one("""\
            pieces = [connection.recv(100)]
            connection.sendall(b'!')
            while pieces[-1]:
                pieces.append(connection.recv(100))
            """),
        caller("""\
            s.sendall(b'\\0')
            s.recv(1)
            s.sendall(b'\\5hello\\0\\3a')
            s.sendall(b'bc')
            """), framing='u16be')
    flow = found.connections[0].flows[0]
    assert [(frame.start, frame.stop) for frame in flow.frames] == [(0, 7), (7, 12)]
    said = [rows.frames.of(event, flow) for event in flow.sends]
    assert said == ['bytes 0-1 of the 7 of frame 1', 'bytes 1-7 of the 7 of frame 1, bytes 0-3 of the 5 of frame 2',
                    'bytes 3-5 of the 5 of frame 2']


def test_bytes_that_are_no_frame():
    found, _ = traced(one('connection.recv(100)'), caller("s.sendall(b'hello')"), framing='netstring')
    frame, = found.connections[0].flows[0].frames
    assert frame.error == 'netstring length has byte 68 where a digit is expected'


def test_frames_beyond_what_is_kept():
    found, _ = traced(
        one("""\
            while connection.recv(1 << 20):
                pass
            """),
        caller("s.sendall(struct.pack('>I', 300000) + b'x' * 300000 + struct.pack('>I', 1) + b'y')"), framing='u32be')
    flow = found.connections[0].flows[0]
    assert flow.size() == 300009
    assert [(frame.start, frame.stop) for frame in flow.frames] == [(0, 300004)]


def test_reset():
    found, _ = traced(
        one("""\
            connection.recv(1)
            connection.close()
            listener.accept()
            """),
        caller("""\
            s.sendall(b'hello')
            try:
                s.recv(1)
            except EnvironmentError:
                socket.create_connection(s.getsockname()[:1] + (int(sys.argv[1]),))
            """))
    assert remarks(found, 'unread', 'reset') == [('close', 'unread'), ('recv', 'reset')]
    event = event_of(found, 'recv', conversation.CLIENT)
    assert event.error == 'ECONNRESET'
    assert event.remarks[0].cause.name == 'close' and event.remarks[0].cause.side == conversation.SERVER
    assert '4 bytes unread: they are lost, and TCP sends RST' in [
        remark.text for remark in event.remarks[0].cause.remarks]
    assert event.line.raised.endswith('Connection reset by peer')
    assert event.remarks[0].cause.buffers == (4, 0, 'ESTABLISHED')


def test_time_out():
    found, _ = traced(
        one('connection.recv(1)'),
        caller("""\
            s.settimeout(0.05)
            try:
                s.recv(1)
            except socket.timeout:
                pass
            """))
    assert remarks(found, 'timeout') == [('poll', 'timeout')]
    event = event_of(found, 'poll', conversation.CLIENT)
    assert event.line.raised.partition(':')[0] in ('socket.timeout', '_socket.timeout', 'TimeoutError')
    cells = [cell for row in rows.of(found) for cell in row.cells.values() if cell.event is event]
    assert cells[0].remarks == ['timed out after %s' % event.remarks[0].text.split(' ', 3)[3],
                                'raises ' + event.line.raised]


def test_refused():
    found, _ = traced(
        one('connection.recv(1)'),
        script("""\
            free = socket.socket(); free.bind(('127.0.0.1', 0)); port = free.getsockname()[1]; free.close()
            s = socket.socket()
            s.connect_ex(('127.0.0.1', port))
            socket.create_connection(('127.0.0.1', int(sys.argv[1])))
            """) + ['{port}'])
    assert remarks(found, 'refused') == [('connect', 'refused')]
    assert len(found.connections) == 1


def test_half_close():
    found, status = traced(ours('server', 'python') + ['count', '--port', '0'],
                           ours('client', 'python') + ['count', '--port', '{port}'], b'12345\n')
    assert status == 0
    assert flows(found) == [[(0, 5)], [(0, 2)]]
    eof = [event for event in found.events if event.remarks and event.remarks[0].kind == 'eof'][0]
    assert (eof.side, eof.remarks[0].cause.name) == (conversation.SERVER, 'shutdown')


def test_a_program_that_ends_without_closing():
    found, _ = traced(one('connection.recv(1)'), caller('os._exit(0)'))
    eof, = [remark for event in found.events for remark in event.remarks if remark.kind == 'eof']
    assert eof.cause is None and eof.text == 'EOF: the peer ended, and closed nothing'


@pytest.mark.parametrize('code, name', [
    ('os.dup2(0, s.fileno())\ntime.sleep(0.2)', ('dup2', 'dup3')),
    ('os.closerange(s.fileno(), s.fileno() + 1)\ntime.sleep(0.2)', ('close', 'close_range', 'closefrom')),
], ids=['dup2', 'close_range'])
def test_other_ways_to_close(code, name):
    found, _ = traced(one('connection.recv(1)'), caller(code + '\nos._exit(0)'))
    eof, = [remark for event in found.events for remark in event.remarks if remark.kind == 'eof']
    assert eof.cause.name in name and eof.cause.side == conversation.CLIENT


def test_pieces_are_matched_by_offset():
    found, _ = traced(
        one("""\
            connection.recv(23, socket.MSG_PEEK | socket.MSG_WAITALL)
            connection.recv(10)
            connection.recv(4)
            connection.recv(9)
            """),
        caller("s.sendall(b'123456'); s.sendall(b'7890abcde'); s.sendall(b'ABCDEFGH')"))
    arrows = [(arrow.start, arrow.stop) for arrow in found.connections[0].flows[0].transfers]
    assert arrows == [(0, 6), (6, 15), (15, 23), (0, 6), (6, 10), (10, 14), (14, 15), (15, 23)]
    assert remarks(found, 'peek') == [('recv', 'peek')]


def test_datagrams_and_one_that_is_lost():
    found, _ = traced(
        script("""\
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('127.0.0.1', 0)); s.getsockname()
            data, address = s.recvfrom(100)
            s.sendto(data.upper(), address)
            """),
        script("""\
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.sendto(b'hello', ('127.0.0.1', int(sys.argv[1])))
            s.sendto(b'lost', ('127.0.0.1', int(sys.argv[1])))
            s.recvfrom(100)
            """) + ['{port}'])
    there, back = found.connections[0].flows
    assert [(one.sent.data, one.received.data) for one in there.transfers] == [(b'hello', b'hello')]
    assert [one.sent.data for one in back.transfers] == [b'HELLO']
    assert [event.data for event in there.lost] == [b'lost']
    assert remarks(found, 'lost') == [('sendto', 'lost')]


def test_two_clients_over_udp():
    found, _ = traced(
        first('udp_server', 'python') + ['0'],
        script("""\
            sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
            for number, s in enumerate(sockets):
                s.sendto(b'%d' % number, ('127.0.0.1', int(sys.argv[1])))
            for s in sockets:
                s.recv(10)
            """) + ['{port}'])
    moved = [[arrow.sent.data for flow in connection.flows for arrow in flow.transfers]
             for connection in found.connections]
    assert moved == [[b'0', b'0'], [b'1', b'1']]


THREE = """\
sockets = [socket.create_connection(('127.0.0.1', int(sys.argv[1]))) for _ in range(3)]
for number, s in enumerate(sockets):
    s.sendall(b'x' * (number + 1))
for number, s in enumerate(sockets):
    s.recv(10)
    s.close()
"""


@pytest.mark.parametrize('model', ['thread', 'fork', 'epoll', 'asyncio'])
def test_three_clients(model):
    """Descriptors are used again, inherited and closed in other processes: the ends are the right ones all the same."""
    if model == 'asyncio' and sys.version_info[0] == 2:
        pytest.skip('asyncio came with Python 3')
    found, status = traced(ours('server', 'python') + ['echo', '--port', '0', '--model', model],
                           script(THREE) + ['{port}'])
    assert status == 0
    assert [flows(found, number) for number in (1, 2, 3)] == [[[(0, size)], [(0, size)]] for size in (1, 2, 3)]
    eofs = [event for event in found.events for remark in event.remarks if remark.kind == 'eof']
    assert sorted(event.connection.number for event in eofs) == [1, 2, 3]
    for event in eofs:
        assert event.remarks[0].cause.connection is event.connection


def test_a_server_that_never_asks_for_its_port():
    server = """\
        listener = socket.socket(); listener.bind(('127.0.0.1', 0)); listener.listen(1)
        listener.accept()[0].recv(9)
        """
    found, status = traced(script(server), caller("s.sendall(b'hello')"))
    assert status == 0 and flows(found)[0] == [(0, 5)]


def test_one_program_alone():
    with staging.stage() as stage:
        staging.alone(stage, script("a, b = socket.socketpair(); a.sendall(b'hello'); b.recv(10)"), SECONDS)
        found = conversation.of(stage.recording, stage.notes, stage.lines)
    assert flows(found) in ([[(0, 5)], []], [[], [(0, 5)]])
    assert 'recv' in terminal.draw(found, 80)


def test_what_runs_too_long_is_killed_and_drawn():
    found, status = traced(one('connection.recv(1)'), caller('s.recv(1)'), seconds=3)
    assert status == -9
    assert ('recv', 'never') in remarks(found, 'never')
    assert 'ended in it' in terminal.draw(found, 80)


# What Python itself did.

def test_lines_of_python():
    code = """\
        s.settimeout(5)
        s.sendall(b'hello\\n')
        reader = s.makefile('rb')
        reader.readline()
        """
    found, _ = traced(one("connection.sendall(connection.recv(100))"), caller(code))
    lines = {line.name: line for line in found.lines if line.outer is None and line.file == '<string>'}
    event = event_of(found, 'send', conversation.CLIENT)
    assert event.line.name == 'sock.sendall' and event.line.line == 4
    reading = event_of(found, 'recv', conversation.CLIENT).line
    assert reading.line == 6 and reading.name in ('sock.recv_into', 'file.readline')
    assert lines['sock.settimeout'].line == 3


def test_a_call_that_python_does_not_make():
    if sys.version_info[0] == 2:
        pytest.skip('ASCII text is taken for bytes there')
    found, _ = traced(one('connection.recv(1)'), caller("""\
        try:
            s.sendall('text')
        except TypeError:
            pass
        """))
    line, = [line for line in found.lines if line.name == 'sock.sendall']
    assert line.calls == [] and line.raised.startswith('TypeError: ')
    assert 'no call of the C library' in terminal.draw(found, 80)


def test_the_hook_changes_no_call():
    """The same calls with the lines of Python as without them; they come to no socket of the program."""
    from pyside.calls import running
    program = first('tcp_client', 'python') + ['1']
    status, output, errors, _, calls = running.record(program)
    with staging.stage() as stage:
        assert staging.alone(stage, program, SECONDS) == status == 1
        found = conversation.of(stage.recording, stage.notes, stage.lines)
    found.events.sort(key=lambda event: event.number)
    assert [event.name for event in found.events] == [call.name for call in calls]


def test_a_program_that_spins_does_not_fill_the_disk():
    """Nor does it keep its reader waiting: the lines have a limit, as the calls do.  Its end is known all the same."""
    with staging.stage(limit=50) as stage:
        staging.alone(stage, script("""
            a = socket.socket()
            for _ in range(2000):
                a.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE)
            a.fileno().nothing"""), SECONDS)
        assert os.path.getsize(stage.lines) < 100 * staging.lines.SIZE_OF_A_CALL
        assert staging.lines.read(stage.lines)[-1].name == 'uncaught'


def test_a_sitecustomize_of_ones_own_still_runs(tmpdir):
    tmpdir.join('sitecustomize.py').write("import os\nos.environ['OWN'] = 'yes'\n")
    environment = staging.lines.environment(dict(os.environ, PYTHONPATH=str(tmpdir)), os.devnull)
    output = subprocess.check_output([PYTHON, '-c', "import os; print(os.environ['OWN'])"], env=environment)
    assert output.strip() == b'yes'


# Drawings.

@pytest.fixture(scope='module')
def echo():
    return hello_world()[0]


@pytest.mark.parametrize('width', [60, 80, 120, 200])
def test_no_line_is_longer_than_the_terminal(echo, width):
    text = terminal.draw(echo, width)
    assert max(map(len, text.splitlines())) <= width
    assert u'one run' in text.lower()


def test_ascii(echo):
    terminal.draw(echo, 80, unicode=False).encode('ascii')


def test_colour_is_asked_for(echo):
    assert u'\x1b[' not in terminal.draw(echo, 80)
    painted = terminal.draw(echo, 80, colour=True)
    assert re.sub(u'\x1b\\[[0-9;]*m', u'', painted) == terminal.draw(echo, 80)


def test_arrows_in_the_terminal(echo):
    text = terminal.draw(echo, 120)
    assert re.search(u'send\\(\\d+, "hello.*[─╮]', text)
    assert re.search(u'▶[│║] .*recv', text)
    assert u'EOF' in text and u'0-6' in text and u'6-12' in text


def test_effects_stand_below_their_causes(echo):
    found = rows.of(echo)
    assert found.arrows and all(arrow.source <= arrow.target for arrow in found.arrows)


def test_a_picture_is_xml(echo):
    from xml.dom import minidom
    tree = minidom.parseString(picture.alone(echo).encode('utf-8'))
    assert len([node for node in tree.getElementsByTagName('g') if node.getAttribute('class').startswith('call')]) > 10


def test_a_page_needs_nothing_of_the_net(echo):
    text = page.text(echo)
    assert not re.search(r'(src|href)=|@import|url\(', text)


def test_a_hostile_name_ends_nothing(echo):
    echo.names = ['</script><script>alert(1)</script>', '<b>']
    try:
        assert '<script>alert' not in page.text(echo) and '<b>' not in page.text(echo)
    finally:
        echo.names = ['client', 'server']


LONG = """\
for _ in range(%d):
    s.sendall(b'hello'); s.recv(5)
"""
ECHO = """\
while True:
    data = connection.recv(5)
    if not data:
        break
    connection.sendall(data)
"""


def test_a_long_run_is_folded():
    found, _ = traced(one(ECHO), caller(LONG % 2500))
    drawn = rows.of(found)
    assert sum(len(row.cells) for row in drawn) > 10000
    parts = list(folding.parts(drawn))
    folds = [part for part in parts if isinstance(part, folding.Fold)]
    assert folds and sum(stop - start for start, stop in [part for part in parts if part not in folds]) < 300
    assert len(terminal.draw(found, 80).splitlines()) < 1000
    assert len(terminal.draw(found, 80, everything=True).splitlines()) > 10000
    assert re.search(r'#1 client \d+-\d+', terminal.draw(found, 80))


# The command.

def trace(*words, **how):
    """Run the command; return status, output and errors."""
    process = subprocess.Popen(
        [PYTHON, '-m', 'pyside', 'trace'] + list(words), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, close_fds=True, env=dict(os.environ, LC_ALL='C'))
    output, errors = process.communicate(how.get('data', b''))
    return process.returncode, output.decode('ascii'), errors.decode('utf-8')


NEEDED = "one of --pair 'SERVER COMMAND' 'CLIENT COMMAND', --cell CELL and -- COMMAND is needed"
BAD = [
    ([], NEEDED),
    (['--pair', 'a'], "--pair needs two commands: 'SERVER COMMAND' 'CLIENT COMMAND'"),
    (['--pair', 'a "', 'b'], 'a ": no closing quotation'),
    (['--pair', '', 'b'], 'a command of --pair is empty'),
    (['--pair', 'a', 'b', '--', 'c'], NEEDED),
    (['--what'], 'no option --what; trace --help lists them'),
    (['--html'], '--html needs a value'),
    (['--html', '/nowhere/page.html', '--', 'true'], '/nowhere/page.html: No such file or directory'),
    (['--width', 'x', '--', 'true'], '--width must be a number from 60 to 200, not x'),
    (['--seconds', '0', '--', 'true'], '--seconds must be a number from 1 to 86400, not 0'),
    (['--framing', 'u7', '--', 'true'], '--framing must be one of u8, u16be, u24be, u32be, u64be, u16le, u32le, '
     'varint, netstring, not u7'),
    (['--cell', 'x'], '--cell must be CLIENT-to-SERVER/PROTOCOL[-FRAMING]/TRANSPORT/CASE, such as '
     'py311-to-c/frame-u8/inet/length-255, not x'),
    (['--cell', 'c-to-c/frame-u7/inet/length-255'], '--cell c-to-c/frame-u7/inet/length-255: no protocol and framing '
     'frame-u7'),
    (['--cell', 'c-to-c/echo/ip/close'], '--cell c-to-c/echo/ip/close: no transport ip'),
]


@pytest.mark.parametrize('words, error', BAD, ids=[' '.join(row[0]) or 'nothing' for row in BAD])
def test_usage(words, error):
    assert trace(*words) == (2, '', 'trace: %s\n' % error)


CANNOT = [
    (['--', 'no-such-program'], 'trace: no-such-program is no program, or not found\n'),
    (['--pair', 'no-such-program', 'true'], 'trace: no-such-program is no program, or not found\n'),
    (['--pair', 'sh -c "exit 3"', 'true'], 'trace: the server ended with status 3 before it listened\n'),
    (['--seconds', '1', '--pair', 'sleep 9', 'true'],
     'trace: the server did not listen in time; --seconds says how long it may take\n'),
]


@pytest.mark.parametrize('words, error', CANNOT, ids=[row[0][-2] for row in CANNOT])
def test_what_cannot_be_run(words, error):
    assert trace(*words) == (127, '', error)


def test_command(tmpdir):
    html = str(tmpdir.join('page.html'))
    server = '%s pyside/first/tcp_server.py 0' % PYTHON
    client = '%s pyside/first/tcp_client.py {port}' % PYTHON
    status, output, errors = trace('--html', html, '--pair', server, client, data=b'hello\n')
    assert status == 0
    assert re.match(r'LISTENING 127.0.0.1 \d+\nhello\n$', errors)
    assert 'connect' in output and '0-6' in output and '\x1b' not in output
    with io.open(html, encoding='utf-8') as file:
        assert 'tcp_client.py:24' in file.read()


def test_the_status_is_the_clients():
    server = '%s pyside/first/tcp_server.py 0' % PYTHON
    assert trace('--pair', server, 'sh -c "exit 5"')[0] == 5
    assert trace('--pair', server, 'sh -c "kill -9 $$"')[0] == 128 + 9


def test_a_cell(request):
    from interop_tests import peers
    name = peers.this_python()[0].name
    status, output, errors = trace('--cell', '%s-to-%s/frame-u8/inet/length-255' % (name, name))
    assert status == 0, errors
    assert 'frame 1' in output and '0-256' in output


def test_help():
    status, output, _ = trace('--help')
    assert status == 0 and output.startswith('usage: trace')
    overview = subprocess.check_output([PYTHON, '-m', 'pyside', '--help'], cwd=ROOT)
    assert b'trace' in overview
