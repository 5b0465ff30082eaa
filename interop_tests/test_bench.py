"""The benchmark: its tables say what a run has, its page is up to date, and one short turn counts what came back."""

import io
import os
import subprocess
import sys

import pytest

if sys.version_info < (3, 8):
    pytest.skip('a tool for a modern Python', allow_module_level=True)
pytest.importorskip('jinja2')

from interop_tests.bench import page, tables  # noqa: E402
from interop_tests.bench.__main__ import main, stored  # noqa: E402
from interop_tests.bench.clients import clients  # noqa: E402
from interop_tests.bench.measure import client_turn, turn  # noqa: E402
from interop_tests.bench.servers import servers  # noqa: E402
from interop_tests.bench.shapes import SHAPES  # noqa: E402

RUN = {'turns': 3, 'labels': {'python': 'ours', 'twisted': 'Twisted'},
       'shapes': {'64-b': {'python': [[1000.0, 3.0], [900.0, 2.0], [800.0, 9.0]], 'twisted': [[100.0, 6.0]] * 3}}}


def test_a_table_has_median_least_and_most():
    lines = tables.of_shape(RUN, '64-b').splitlines()
    assert lines[2:] == ['| ours | 900 | 3 | 2 | 9 |', '| Twisted | 100 | 6 | 6 | 6 |']


def test_a_ratio_that_is_missed_is_called_so():
    assert tables.ratios(RUN).splitlines()[2:] == [
        '| 64 B, pipelined: CPU | ours | Twisted | 0.50 | 0.33 | at most 0.33 | **missed** |']


def test_medians_and_best_turns_have_to_agree():
    noisy = dict(RUN, shapes={'64-b': {'python': [[1.0, 1.0], [1.0, 3.0], [1.0, 9.0]], 'twisted': [[1.0, 6.0]] * 3}})
    assert tables.ratios(noisy).splitlines()[2].endswith('| 0.50 | 0.17 | at most 0.33 | unclear |')


def test_one_turn_is_no_verdict():
    assert tables.ratios(dict(RUN, turns=1)).splitlines()[2].endswith('| 1 turn: no verdict |')


def test_a_target_may_be_a_number_or_the_least():
    run = {'turns': 3, 'labels': {'c': 'C', 'raw-c': 'raw'}, 'held': {'c': 1035},
           'shapes': {'connect': {'c': [[90.0, 1.0]] * 3, 'raw-c': [[100.0, 1.0]] * 3}}}
    assert tables.ratios(run).splitlines()[2:] == [
        '| Connect, a frame each way, close: rate | C | raw | 0.90 | 0.90 | at least 0.90 | reached |',
        '| memory of one of 10,000 connections | C | the aim, 1150 bytes | 0.90 | 0.90 | at most 1.00 | reached |']


@pytest.mark.parametrize('value, text', [
    (0.0714, '0.0714'), (2.5, '2.5'), (999, '999'), (9999, '9999'), (12345, '12.3 k'), (7654321, '7.65 M')])
def test_numbers_have_the_digits_that_count(value, text):
    assert tables.number(value) == text


def test_page_is_up_to_date():
    with io.open(os.path.join(page.DOCS, 'speed.md'), encoding='utf-8') as file:
        assert file.read() == page.page(stored()), 'python -m interop_tests.bench --page regenerates it'


@pytest.mark.parametrize('words, reason', [
    ('--turns 0', 'argument --turns: invalid number above zero'),
    ('--seconds nan', 'argument --seconds: invalid number above zero'),
    ('--record --quick', '--record stores a whole run'),
    ('--record --shape connect', '--record stores a whole run'),
    ('--shape 64-b --server client-c', '--server client-c takes no part in 64-b'),
    ('--shape no-such', 'argument --shape: invalid choice'),
])
def test_usage(words, reason, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words.split())
    assert ended.value.code == 2 and reason in capsys.readouterr().err


@pytest.mark.parametrize('name', ['round-trip', '64-b', '1-mib', 'connect', 'udp'])
@pytest.mark.parametrize('key', ['raw-c', 'raw-python', 'by-hand', 'c', 'python'])
def test_turn(key, name):
    """Something came back, and the server used its CPU for it."""
    shape = SHAPES[name]
    if shape.only and key not in shape.only:
        pytest.skip('%s serves no datagrams' % key)
    row = [row for row in servers() if row.key == key][0]
    found = turn(row, shape, 0.05)
    assert found.rate > 0 and found.cpu > 0


def test_a_server_that_answers_something_else_is_no_result():
    """The load compares the first frame."""
    row = [row for row in servers() if row.key == 'c'][0]
    echo = row._replace(extra=row.extra + ['--max-frame', '10'])
    with pytest.raises(Exception, match='the load ended'):
        turn(echo._replace(ours=False), SHAPES['64-b'], 0.05)


@pytest.mark.parametrize('name', ['client-talk', 'client-64-kib'])
@pytest.mark.parametrize('row', clients()[:4], ids=lambda row: row.key)
def test_client_turn(row, name):
    """What it printed is what it was given, and it used its CPU for it."""
    found = client_turn(row, SHAPES[name], 0.05)
    assert found.rate > 0 and found.cpu > 0


def test_a_client_that_prints_something_else_is_no_result():
    row = clients()[0]._replace(words=[sys.executable, '-c', 'print(1)'])
    for name in ('client-talk', 'client-64-kib'):
        with pytest.raises(subprocess.SubprocessError, match='the client answered something else'):
            client_turn(row, SHAPES[name], 0.05)
