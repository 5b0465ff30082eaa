"""The reports of a run: the page, JUnit, Markdown, what changed; from runs that never happened."""

import io
import json
import os
import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from interop_tests import made_up_run as made_up
from interop_tests.process import ROOT

if sys.version_info < (3, 8):
    pytest.skip('the reports need Python 3.8', allow_module_level=True)
pytest.importorskip('jinja2', reason='the reports need jinja2')
report = pytest.importorskip('interop_tests.report')
parser = pytest.importorskip('html.parser')

WORDS = [status.word for status in report.status.STATUSES]
CHECK = {'role': 'server', 'theme': 'limits', 'sentence': 'A sentence.', 'contract': 'docs/peer-contract.md#server'}
# Nothing of these may be in a report: a control, what turns the direction round, half of a surrogate pair.
RAW = re.compile('[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]')


class Page(parser.HTMLParser):
    """What a browser would make of a page's tags."""

    def __init__(self, text):
        parser.HTMLParser.__init__(self)
        self.tags, self.scripts, self.text = [], {}, ''
        self._script = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in ('script', 'style'):
            self._script = dict(attrs).get('id', tag)

    def handle_endtag(self, tag):
        if tag in ('script', 'style'):
            self._script = None

    def handle_data(self, data):
        if self._script:
            self.scripts[self._script] = self.scripts.get(self._script, '') + data
        else:
            self.text += data

    def data(self):
        return json.loads(self.scripts['data'])


def one_of_each():
    """Return a run with a cell of each status, of a check and of a pair, one known, and one known that passes."""
    cells = []
    for word in WORDS:
        for client, server, name, other in (
                ('suite', 'c', 'CHECK', {'check': 'CHECK'}), ('perl', 'c', 'one-byte', {}),
                ('c', 'perl', 'one', {'known': 'why'})):
            cells.append(made_up.cell(
                client, server, 'frame', word, 'inet', name, word, 'text of ' + word, **other))
            if word not in ('pass', 'unsupported'):
                cells[-1]['detail'] = made_up.detail()
    return [made_up.header(['c', 'perl'], {'CHECK': CHECK}, len(cells))] + cells + [
        {'end': {'seconds': 1.5, 'ended': 'complete', 'counts': {}}}]


def reports(tmp_path, objects, before=None):
    """Write all reports; return their texts: page, JUnit, Markdown."""
    paths = {name: str(tmp_path / name) for name in ('html', 'junit', 'markdown')}
    earlier = made_up.save(tmp_path / 'before.jsonl', before) if before else None
    report.write(made_up.save(tmp_path / 'results.jsonl', objects), earlier, **paths)
    return [io.open(paths[name], encoding='utf-8', newline='').read() for name in ('html', 'junit', 'markdown')]


def command(*words, **options):
    ended = subprocess.run(
        [sys.executable, '-m', 'interop_tests.report'] + [str(word) for word in words], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
        cwd=str(options.get('cwd', ROOT)), env=dict(os.environ, PYTHONPATH=ROOT))
    return ended.returncode, ended.stdout.decode(), ended.stderr.decode()


def test_page_says_each_status(tmp_path):
    page = Page(reports(tmp_path, one_of_each())[0])
    # A known failure that passes is a failure.
    assert '19 of 30 cells failed' in page.text
    assert [status['word'] for status in page.data()['statuses']] == WORDS
    for word in WORDS:
        assert word in page.text, word
    for fact in ('d2bf20d', '2026-01-02T03:04:05Z', '3.11.7', 'version 2', 'Linux 6.1.0 x86_64', '1.5 s', 'covering'):
        assert fact in page.text, fact


def test_page_loads_nothing_and_runs_its_own_script_alone(tmp_path):
    page = Page(reports(tmp_path, one_of_each())[0])
    for tag, attributes in page.tags:
        assert tag not in ('iframe', 'object', 'img', 'base'), tag
        assert 'src' not in attributes, tag
        assert not [name for name in attributes if name.startswith('on') or name == 'style'], attributes
        assert not re.match(r'\w+://|//', attributes.get('href', '')), attributes
    policy = [one['content'] for tag, one in page.tags if one.get('http-equiv') == 'Content-Security-Policy'][0]
    assert "default-src 'none'" in policy
    assert 'unsafe' not in policy
    assert 'url(' not in page.scripts['style']


def test_page_without_a_script_has_failures_and_tables(tmp_path):
    text = reports(tmp_path, one_of_each())[0]
    body = text[:text.index('id="data"')]
    for shown in ('suite-to-c/frame-crash/inet/CHECK', 'text of crash', '<th scope="row">limits',
                  '<th scope="row">CHECK', '<th scope="row">perl', 'class="wrong">\u27179'):
        assert shown in body, shown
    assert body.count('class="grid"') == 2


def brightness(color):
    """Return the relative luminance of ``#rrggbb`` (WCAG 2.2)."""
    parts = [int(color[at:at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize('ink, paper', [
    ('ink', 'paper'), ('ink', 'raised'), ('ink', 'cross'), ('soft', 'paper'), ('soft', 'raised'), ('link', 'paper'),
    ('none-ink', 'paper'), ('known-ink', 'known'), ('warning-ink', 'warning'), ('pass-ink', 'pass'),
    ('wrong-ink', 'wrong'), ('late-ink', 'late'), ('crash-ink', 'crash')])
def test_text_can_be_read_in_light_and_dark(ink, paper):
    with io.open(os.path.join(report.page.HERE, 'static', 'colours.css'), encoding='utf-8') as file:
        modes = [dict(re.findall(r'--([\w-]+): (#\w{6})', mode)) for mode in file.read().split('@media')]
    assert len(modes) == 2
    for colors in modes:
        one, other = sorted((brightness(colors[ink]), brightness(colors[paper])))
        assert (other + 0.05) / (one + 0.05) >= 4.5


def test_every_cell_is_in_the_pages_data(tmp_path):
    objects = one_of_each()
    data = Page(reports(tmp_path, objects)[0]).data()
    found = {}
    for client, server, letters in data['rows']:
        slot = 0
        for count, letter in re.findall(r'(\d*)(\D)', letters):
            for _ in range(int(count or 1)):
                if letter != '.':
                    where = data['slots'][4 * slot:4 * slot + 4]
                    keys = ('names', 'names', 'protocols', 'formats', 'transports', 'cases')
                    names = [data[key][number] for key, number in zip(keys, [client, server] + where)]
                    word = data['statuses'][ord(letter.lower()) - ord('a')]['word']
                    found['%s-to-%s/%s-%s/%s/%s' % tuple(names)] = (word, letter.isupper())
                slot += 1
        assert slot * 4 == len(data['slots'])
    assert found == {cell['cell']: (cell['status'], 'known' in cell) for cell in objects[1:-1]}


def test_details_hold_what_a_failed_cell_kept(tmp_path):
    page = Page(reports(tmp_path, one_of_each())[0])
    details = json.loads(page.scripts['details'])
    assert len(details) == 3 * (len(WORDS) - 2)
    one = list(details.values())[0]
    assert one['expected'] == "reply 1 of 2: 3 bytes 'abc'"
    assert one['wire'][0] == ['suite', 'AAAAA2FiYwAAABQqKioqKioqKioqKioqKioqKioqKg==', 31, [
        [0, 'header: 3'], [4, 'payload'], [7, 'header: 20'], [11, 'payload']]]
    assert one['wire'][1][2] == 70000
    assert one['commands'][1] == ['the other side', 'python3 -m interop_tests play LIMITS-001 --port 7000']
    assert 'reset: by the other side' in one['stderr']['server']


@pytest.mark.parametrize('before', [None, made_up.hostile()], ids=['alone', 'compared'])
def test_hostile_text_is_harmless(tmp_path, before):
    html, junit, markdown = reports(tmp_path, made_up.hostile(), before)
    for text in (html, junit, markdown):
        assert not RAW.search(text), RAW.search(text)
        assert '\\x1b[31mred\\x00\\x08' in text or '\\\\x1b\\[31mred' in text
    page = Page(html)
    assert [attributes.get('id') for tag, attributes in page.tags if tag == 'script'] == ['data', 'details', None]
    assert '<' not in page.scripts['data'] + page.scripts['details']
    assert not [tag for tag, _ in page.tags if tag == 'img']
    assert not [one['href'] for _, one in page.tags if re.match('\\s*javascript', one.get('href', ''))]
    assert page.data()['docs'] == []
    ElementTree.fromstring(junit.encode('utf-8'))
    outside = re.sub(r'(`{3,})sh\n.*?\n\s*\1\n', '', markdown, flags=re.DOTALL)
    assert '<script' not in outside
    assert '<img' not in outside
    assert not re.search(r'(?<!\\)\]\(', outside)


def test_markdown_block_is_not_ended_by_what_it_holds(tmp_path):
    _, _, markdown = reports(tmp_path, made_up.hostile())
    assert '````sh\n' in markdown
    assert re.search(r'^  ````$', markdown, re.M)


def test_forty_peers_and_many_cells_stay_small(tmp_path):
    peers = made_up.PEERS + ['peer%02d' % number for number in range(27)]
    objects = made_up.run(peers, 350, 0.01, formats=['u8'], transports=['inet'], every=40)
    html, _, markdown = reports(tmp_path, objects)
    assert len(html.encode('utf-8')) < 5000000
    assert len(Page(html).data()['rows']) == 40 * 40 + 2 * 40
    assert len(markdown) < 200000
    assert 'more columns are in the page' in markdown


def test_many_failures_stay_small(tmp_path):
    objects = made_up.run(made_up.PEERS[:2], 60, 1.0)
    html = reports(tmp_path, objects)[0]
    assert len(html.encode('utf-8')) < 5000000
    assert Page(html).data()['withoutDetails'] > 0
    # One of each kind comes before a second of any.
    kinds = {(cell['client'], cell['server'], cell['case'], cell['status'])
             for cell in objects[1:-1] if cell['status'] not in ('pass', 'unsupported')}
    assert len(json.loads(Page(html).scripts['details'])) > min(1000, len(kinds)) / 2


def test_junit_has_a_test_for_each_route_and_check(tmp_path):
    root = ElementTree.fromstring(reports(tmp_path, one_of_each())[1].encode('utf-8'))
    assert [suite.get('name') for suite in root] == ['c as server', 'perl to c', 'c to perl']
    check, route, known = ({one.get('name'): one for one in suite.iter('testcase')} for suite in root)
    assert list(check) == ['limits: CHECK']
    failure = check['limits: CHECK'].find('failure')
    assert failure.get('message').startswith('9 of 11 cells failed; suite-to-c/frame-crash/inet/CHECK: crash')
    assert 'python3 -m interop_tests play' in failure.text
    for word in ('flaky', 'not-run'):
        assert route['frame-%s/inet' % word].find('failure').get('type') == word
    assert route['frame-unsupported/inet'].find('skipped').get('message') == 'unsupported: text of unsupported'
    assert list(route['frame-pass/inet']) == []
    assert known['frame-crash/inet'].find('skipped').get('message').startswith('known failure: why')
    assert 'listed as a known failure' in known['frame-pass/inet'].find('failure').get('message')
    for suite in root:
        tests = list(suite.iter('testcase'))
        for key, tag in (('failures', 'failure'), ('skipped', 'skipped')):
            assert int(suite.get(key)) == len([one for one in tests if one.find(tag) is not None])
        assert int(suite.get('tests')) == len(tests)
    assert sum(int(suite.get('tests')) for suite in root) == int(root.get('tests'))


def test_markdown_has_counts_table_and_failures(tmp_path):
    lines = reports(tmp_path, one_of_each())[2].splitlines()
    assert lines[0] == '# Interop: 19 of 30 cells failed'
    assert '| client | c | perl |' in lines
    assert '| perl | **\u27179** |  |' in lines
    assert '| limits | **\u27179** |' in lines
    assert [line for line in lines if line.startswith('| crash | 3 (1 known) |')]
    assert len([line for line in lines if line.startswith('- **')]) == 19
    assert '  python3 -m interop_tests play LIMITS-001 --port 7000' in lines


def test_right_run_is_said_to_be_right(tmp_path):
    html, junit, markdown = reports(tmp_path, made_up.run(['c', 'perl'], 20, 0, formats=['u8']))
    assert 'No cell failed.' in html
    assert markdown.startswith('# Interop: All ')
    assert '### Failures' not in markdown
    assert ElementTree.fromstring(junit.encode('utf-8')).get('failures') == '0'


def without(objects, *keys):
    return [one for one in objects if not any(key in one for key in keys)]


@pytest.mark.parametrize('objects, warning', [
    (without(one_of_each(), 'run'), 'origin of this run is unknown'),
    (without(one_of_each(), 'end'), 'The run has no end: it was killed.'),
    ([made_up.header(['c'], {}, 33, part='only c, py27')] + one_of_each()[1:], 'a part of a run: only c, py27.'),
    ([made_up.header(['c'], {}, 1040)] + one_of_each()[1:], '1,007 of 1,040 planned cells are missing.'),
    (one_of_each()[:-1] + [{'end': {'ended': 'interrupted'}}], 'The run did not reach its end: interrupted.'),
], ids=['old', 'killed', 'part', 'missing', 'interrupted'])
def test_readers_are_warned(tmp_path, objects, warning):
    html, junit, markdown = reports(tmp_path, objects)
    assert warning in Page(html).text
    properties = ElementTree.fromstring(junit.encode('utf-8')).iter('property')
    assert [one for one in properties if one.get('name') == 'warning' and warning in one.get('value')]
    assert report.markdown.text(warning) in markdown


def test_run_that_ends_as_expected_has_no_warning(tmp_path):
    assert 'class="warning"' not in reports(tmp_path, one_of_each())[0]


def test_later_lines_win_and_a_cut_last_line_is_left_out(tmp_path):
    path = tmp_path / 'results.jsonl'
    bad = made_up.cell('c', 'c', 'echo', '-', 'inet', 'one', 'crash', 'died')
    text = '\n'.join(json.dumps(one) for one in (bad, dict(bad, status='flaky'))) + '\n{"cell": "c-to'
    path.write_text(text)
    assert [cell['status'] for cell in report.results.read(str(path)).cells.values()] == ['flaky']


def compared(*pairs):
    """Compare two runs of cells; each pair has a status before and after, None for no cell."""
    runs = []
    for side in (0, 1):
        cells = {str(number): made_up.cell('c', 'c', 'echo', '-', 'inet', str(number), pair[side])
                 for number, pair in enumerate(pairs) if pair[side]}
        runs.append(report.results.Results('a file', {}, cells, {}))
    changes = report.compare.compare(*runs)
    return {one.title: [change.name for change in one.changes] for one in changes.sections if one.changes}


@pytest.mark.parametrize('before, after, title', [
    ('pass', 'crash', 'newly failing'), ('unsupported', 'crash', 'newly failing'), (None, 'crash', 'newly failing'),
    ('pass', 'flaky', 'newly failing'), ('crash', 'pass', 'newly passing'), ('crash', 'unsupported', 'other status'),
    ('crash', 'reset', 'other status'), ('pass', 'unsupported', 'other status'), (None, 'pass', 'new cells'),
    ('pass', None, 'gone cells'), ('crash', None, 'gone cells'), ('pass', 'pass', None), ('crash', 'crash', None),
])
def test_change_has_its_place(before, after, title):
    assert compared((before, after)) == ({title: ['0']} if title else {})


def test_comparison_comes_first(tmp_path):
    before, after = one_of_each(), one_of_each()
    before[0]['run'].update(commit='0ld0000', part='only c')
    after[1].update(status='pass')
    [other for other in after if other.get('cell', '').startswith('suite-to-c/frame-pass')][0].update(status='reset')
    html, _, markdown = reports(tmp_path, after, before)
    text = Page(html).text
    places = [text.index(title) for title in ('What changed', 'newly failing', 'newly passing', 'Failures')]
    assert places == sorted(places)
    assert '0ld0000' in text
    assert 'This is a part of a run: only c.' in text
    assert 'suite-to-c/frame-pass/inet/CHECK' in text
    assert 'was pass' in text
    assert '- newly failing: 1' in markdown
    assert '- newly passing: 1' in markdown


@pytest.mark.parametrize('content, error', [
    (None, 'cannot read {path}: No such file or directory'),
    ('', '{path} is no file of results: it is empty; make interop writes one'),
    ('hello\n', '{path} is no file of results: line 1 is no JSON object'),
    ('[1]\n', '{path} is no file of results: line 1 is no JSON object'),
    ('{"a": 1}\n', '{path} is no file of results: line 1 has no text "cell"'),
    ('{"run": 7}\n', '{path} is no file of results: "run" on line 1 is no object'),
    ('{"run": {"peers": 7}}\n', '{path} is no file of results: "peers" of the run is no list'),
    (json.dumps(made_up.cell('c', 'c', 'echo', '-', 'inet', 'x', 'odd')),
     "{path}, line 1: the status 'odd' is unknown; there are: "),
    ('\xff\xfe\x00', '{path} is no file of results: line 1 is no JSON object'),
], ids=['missing', 'empty', 'text', 'list', 'object', 'run', 'peers', 'status', 'binary'])
def test_wrong_file_is_one_line(tmp_path, content, error):
    path = tmp_path / 'results.jsonl'
    if content is not None:
        path.write_bytes(content.encode('latin-1'))
    status, out, errors = command(path, cwd=tmp_path)
    assert (status, out) == (2, '')
    assert errors.startswith('report: ' + error.format(path=path))
    assert errors.count('\n') == 1
    assert not (tmp_path / 'report.html').exists()


@pytest.mark.parametrize('option', ['--html', '--junit', '--markdown'])
def test_output_that_cannot_be_written_is_one_line(tmp_path, option):
    path = made_up.save(tmp_path / 'results.jsonl', one_of_each())
    nowhere = tmp_path / 'nowhere' / 'file'
    assert command(path, option, nowhere) == (2, '', 'report: cannot write %s: No such file or directory\n' % nowhere)


def test_what_is_no_plain_file_takes_a_report_as_it_comes(tmp_path):
    """A pipe stays a pipe, a device a device, and a link leads where it led."""
    path = made_up.save(tmp_path / 'results.jsonl', one_of_each())
    pipe, link = tmp_path / 'pipe', tmp_path / 'link'
    os.mkfifo(pipe)
    link.symlink_to('summary.md')
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert command(path, '--markdown', link)[0] == command(path, '--markdown', pipe)[0] == 0
    with open(reader, encoding='utf-8') as came:
        assert came.read() == (tmp_path / 'summary.md').read_text(encoding='utf-8')
    assert pipe.is_fifo() and link.is_symlink()


def test_command_writes_what_is_named(tmp_path):
    path = made_up.save(tmp_path / 'results.jsonl', one_of_each())
    assert command(path, cwd=tmp_path) == (0, 'report.html\n', '')
    assert command(path, path, '--junit', 'a', '--markdown', 'b', cwd=tmp_path) == (0, 'a\nb\n', '')
    assert sorted(os.listdir(str(tmp_path))) == ['a', 'b', 'report.html', 'results.jsonl']


def test_results_page_has_the_table_of_statuses():
    with io.open(os.path.join(ROOT, 'docs', 'results.md'), encoding='utf-8') as file:
        page = file.read()
    for status in report.status.STATUSES:
        assert '| `%s` | %s | %s | %s |' % (status.word, status.letter, status.meaning, status.first) in page
