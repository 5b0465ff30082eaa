"""The byte/str ledger: this interpreter does what the ledger says, and the checker finds what it is about."""

import io
import os
import sys
from collections import OrderedDict

import pytest

from interop_tests import peers
from interop_tests.process import ROOT
from pyside.ledger import check, indexes, pages, search
from pyside.ledger.entries import entries, outcomes
from pyside.ledger.measure import measure
from pyside.ledger.versions import expected, tabulate, widened

ENTRIES = entries()
OUTCOMES = outcomes()


@pytest.mark.parametrize('name', list(ENTRIES))
def test_outcome(name):
    entry = ENTRIES[name]
    python = peers.this_python()[0].name
    assert measure(sys.executable, entry.code, entry.flags) == expected(OUTCOMES[name]['outcomes'], python)
    if 'unix' in OUTCOMES[name]:
        over_unix = measure(sys.executable, entry.code, entry.flags, family='unix')
        assert over_unix == expected(OUTCOMES[name]['unix'], python)


@pytest.mark.parametrize('name', list(ENTRIES))
def test_remedy(name):
    """What to write instead does the same on every version."""
    entry = ENTRIES[name]
    assert measure(sys.executable, entry.remedy, entry.flags, plainly=True) == OUTCOMES[name]['remedy']


@pytest.mark.parametrize('name', list(ENTRIES))
def test_remedy_is_one(name):
    """It has a value, and is not what the entry warns of."""
    remedy = OUTCOMES[name]['remedy']
    assert 'Error:' not in remedy and not remedy.startswith(('nothing', 'timeout:'))


def test_every_outcome_has_an_entry():
    assert set(OUTCOMES) == set(ENTRIES)
    assert len(ENTRIES) >= 120


def test_a_new_version_is_compared_with_the_newest_that_was_measured():
    table = tabulate(OrderedDict([('py27', 'a'), ('py36', 'b'), ('py37', 'b'), ('py38', 'c'), ('pypy3', 'd')]))
    assert table == {'2.7': 'a', '3.6-3.7': 'b', '3.8+': 'c', 'pypy3': 'd'}
    pythons = ['py27', 'py36', 'py38', 'py399', 'pypy3']
    assert [expected(table, python) for python in pythons] == ['a', 'b', 'c', 'c', 'd']


def test_a_different_outcome_is_noticed():
    """The measurement itself can come out otherwise: the same code, with another value."""
    assert measure(sys.executable, '2 + 3') == 'int 5'
    assert measure(sys.executable, '2 + 2') == 'int 4'
    assert measure(sys.executable, 'raise_nothing').startswith('NameError: ')


@pytest.mark.parametrize('name', sorted(pages.pages()))
def test_page_is_up_to_date(name):
    with io.open(os.path.join(pages.DOCS, name), encoding='utf-8') as page:
        assert page.read() == pages.pages()[name], 'python -m pyside.ledger pages regenerates it'


# What the checker finds in the naive programs of the lessons.
FOUND = {
    'bytes_and_text/naive_server.py': ['recv-is-text', 'encode-without-encoding', 'encode-without-encoding'],
    'empty_line/naive_client.py': ['input-evaluates', 'encode-without-encoding', 'decode-without-encoding'],
    'empty_recv/naive_server.py': [],
    'lost_datagram/naive_client.py': [],
    'nothing_to_say/naive_server.py': ['commands', 'commands'],
    'one_recv/naive_server.py': [],
    'partial_send/naive_client.py': ['int-white-space', 'send-len'],
    'reset/naive_server.py': [],
    'size_without_end/naive_client.py': ['int-white-space'],
    'slow_reader/naive_server.py': [],
    'sticky_reads/naive_client.py': ['decode-without-encoding'],
    'sticky_reads/naive_server.py': [],
    'unexpected_greeting/naive_client.py': [],
    'unexpected_greeting/naive_server.py': [],
    'zombies/naive_server.py': [],
}


def test_check_finds_what_is_in_the_naive_programs():
    lessons = os.path.join(ROOT, 'interop_tests', 'lessons')
    found = {}
    for folder, _, files in os.walk(lessons):
        for name in files:
            if name.startswith('naive_') and name.endswith('.py'):
                path = os.path.join(folder, name)
                with io.open(path, 'rb') as source:
                    rows = [row[1] for row in check.check(source.read())]
                found[os.path.relpath(path, lessons).replace(os.sep, '/')] = rows
    assert found == FOUND


# A line, and what the checker has to say about it.  The names s and data hold a socket and what came from it.
LINES = [
    ("s.send('x')", 'send-str'),
    ("s.sendall('%d' % 5)", 'send-format'),
    ("s.sendall('{}'.format(5))", 'send-format'),
    ("s.send(str(5))", 'send-str-of-number'),
    ("s.send(len(data))", 'send-len'),
    ("s.send(json.dumps({}))", 'json-send'),
    ("data == ''", 'recv-is-empty-text'),
    ("s.recv(5) != 'x'", 'recv-is-text'),
    ("data[0]", 'recv-index'),
    ("for x in data: pass", 'recv-iterate'),
    ("str(data)", 'str-of-bytes'),
    ("int(data)", 'int-white-space'),
    ("'%s' % data", 'percent-bytes-into-text'),
    ("'x' + data", 'add'),
    ("data.split(',')", 'split-text-argument'),
    ("data.rstrip('x')", 'strip-text-argument'),
    ("data.startswith('x')", 'startswith-text'),
    ("data.decode()", 'decode-without-encoding'),
    ("data.decode('utf-8')", 'recv-buffered-by-text'),
    ("data.encode('hex')", 'encode-hex'),
    ("s.recv(2048 / 2)", 'recv-half-size'),
    ("s.makefile()", 'makefile-read-line'),
    ("bytes(5)", 'bytes-of-number'),
    ("bytes('x')", 'bytes-of-str'),
    ("raw_input()", 'raw-input'),
    ("import SocketServer", 'import-socketserver'),
    ("from Queue import Queue", 'queue-module'),
    ("string.atoi('5')", 'atoi'),
    ("zlib.crc32(data)", 'crc32-sign'),
    ("hmac.new(b'k', data)", 'hmac-default-digest'),
    ("pickle.dumps(5)", 'pickle-default-protocol'),
    ("struct.pack('3s', 'abc')", 'pack-s-text'),
    ("{}.has_key(5)", 'has-key'),
    ("{}.keys()[0]", 'dict-keys-index'),
    ("len(map(int, '12'))", 'map-length'),
    ("s.listen()", 'listen-without-backlog'),
    ("with socket.socket() as t: pass", 'socket-with'),
    ("try:\n  pass\nexcept socket.error as e:\n  e[0]", 'error-index'),
    ("try:\n  pass\nexcept select.error as e:\n  e.errno", 'select-error-errno'),
]
GOOD = [
    "s.send(b'x')", "data == b''", "data[0:1]", "s.makefile('rb')", "zlib.crc32(data) & 0xffffffff",
    "data.split(b',')", "not data",
    "try:\n  import socketserver\nexcept ImportError:\n  import SocketServer as socketserver",
    "s.recv(2048 // 2)", "x = 'a' == 'b'", "'text'.split(',')", "pickle.dumps(5, 2)", "'x'.encode('utf-8')"]


@pytest.mark.parametrize('line, name', LINES, ids=[row[0].split('\n')[-1] for row in LINES])
def test_check_finds(line, name):
    assert name in ENTRIES
    assert [row[1] for row in check.check(b'data = s.recv(5)\n' + line.encode('ascii'))] == [name]


@pytest.mark.parametrize('line', GOOD)
def test_check_finds_nothing_in(line):
    assert check.check(b'data = s.recv(5)\n' + line.encode('ascii')) == []


def test_every_name_that_the_checker_knows_is_an_entry():
    names = set(check.IMPORTS.values()) | set(check.NAMES.values()) | set(check.FUNCTIONS.values())
    assert names | set(check.METHODS.values()) | set(check.WITH_TEXT.values()) <= set(ENTRIES)


def test_check_of_a_python_2_source(tmpdir, capfd):
    path = tmpdir.join('old.py')
    path.write('try:\n    pass\nexcept IOError, e:\n    print e[0]\n')
    status = check.main([str(path)])
    said = capfd.readouterr()[0]
    assert status == 1
    if sys.version_info[0] > 2:
        assert ': no Python 3: ' in said
    assert ': not checked: it takes a Python 2.7 to parse it' in said or ': print-statement: ' in said


def test_check_of_a_file_that_is_not_there(tmpdir, capfd):
    """The others are checked all the same."""
    tmpdir.join('found.py').write('data = s.recv(5)\ndata.split(",")\n')
    assert check.main([str(tmpdir.join('nosuch.py')), str(tmpdir), str(tmpdir.join('found.py'))]) == 2
    said, errors = capfd.readouterr()
    assert 'split-text-argument' in said
    assert errors == (
        'ledger: cannot read %s: No such file or directory\n' % tmpdir.join('nosuch.py')
        + 'ledger: cannot read %s: Is a directory\n' % tmpdir)


@pytest.mark.parametrize('words, first', [
    (['sendall', 'bytes-like object'], 'sendall-text'),
    (['SENDALL-TEXT'], 'sendall-text'),
    (['Bad file descriptor'], 'send-on-closed'),
    (['makefile', 'readline'], None),
], ids=['words-of-code-and-outcome', 'a-name', 'an-error', 'any'])
def test_search(words, first, capsys):
    found = search.search(words)
    assert found and (first is None or found[0].name == first)
    for entry in found:
        text = search.described(entry, outcomes()[entry.name]).lower() + entry.topic
        assert all(word.lower() in text for word in words)
    assert search.main(words) == 0
    out, err = capsys.readouterr()
    assert out.startswith(found[0].name)
    assert ('%d entries' % len(found) in err) == (len(found) > search.SHOWN)


def test_search_for_what_is_not_there(capsys):
    assert search.main(['sendal-text']) == 1
    assert capsys.readouterr()[1] == 'ledger: no entry has sendal-text; did you mean sendall-text?\n'


def test_indexes_lead_to_what_they_say():
    measured = outcomes()
    for text, names in indexes.symptoms(measured).items():
        for name in names:
            assert text in measured[name]['outcomes'].values()
    for changes in indexes.steps(measured).values():
        assert changes
        assert [change for change in changes if change[1] == change[2]] == []
    assert 'send-text' in indexes.calls(entries())['send']


def test_one_more_python_joins_a_table():
    table = OrderedDict([('2.7', 'a'), ('3.6+', 'b')])
    pythons = ['py27', 'py36', 'py313', 'pypy3']
    assert widened(table, pythons, {'py314': 'b'}) == table
    assert widened(table, pythons, {'py314': 'c'}) == {'2.7': 'a', '3.6-3.13': 'b', '3.14+': 'c'}
    assert widened({}, [], {'py27': 'a', 'pypy3': 'd', 'py36': 'b'}) == {'2.7': 'a', '3.6+': 'b', 'pypy3': 'd'}


def test_a_and_b_are_what_connect_and_accept_give():
    """On Python 2 what socketpair gives is of another class."""
    for family, number in (('inet', 2), ('unix', 1)):
        assert measure(sys.executable, 'a.__class__ is socket.socket', family=family) == 'bool True'
        assert measure(sys.executable, 'int(a.family)', family=family) == 'int %d' % number
