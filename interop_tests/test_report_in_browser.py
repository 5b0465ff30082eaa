"""The page of a run in headless Chromium: by address, mouse and keyboard; wide, narrow and dark; without the net."""

import re
import sys

import pytest

from interop_tests import made_up_run as made_up

if sys.version_info < (3, 8):
    pytest.skip('the reports need Python 3.8', allow_module_level=True)
pytest.importorskip('jinja2', reason='the reports need jinja2')
browser = pytest.importorskip('interop_tests.browser', reason='driving the page needs selenium')
report = pytest.importorskip('interop_tests.report')
def run_of(peers, share):
    """Return a run in which one cell of a check fails for certain, and others by chance."""
    objects = made_up.run(
        peers, 30, share, formats=['u8', 'varint'], transports=['inet', 'unix'], cases=['one-byte', 'close'])
    for cell in objects[1:-1]:
        if cell['cell'] == 'suite-to-c/frame-u8/inet/STARTING-000':
            cell.update(status='wrong-answer', text='one byte is wrong', detail=made_up.detail(made_up.HOSTILE))
            cell.pop('known', None)
        elif cell['cell'] == 'c-to-c/echo/inet/close':
            cell.update(status='pass', known='it failed last week')
    return objects


@pytest.fixture(scope='module')
def reader(request, tmp_path_factory):
    browser.require(request)
    folder = tmp_path_factory.mktemp('pages')
    forty = made_up.PEERS + ['a-long-name-of-a-peer-%02d' % number for number in range(27)]
    runs = [
        ('failing', run_of(made_up.PEERS, 0.02)), ('forty', run_of(forty, 0.01)), ('hostile', made_up.hostile()),
        ('right', made_up.run(made_up.PEERS[:3], 30, 0, formats=['u8']))]
    for name, objects in runs:
        report.write(made_up.save(folder / (name + '.jsonl'), objects), html=str(folder / (name + '.html')))
    report.write(str(folder / 'failing.jsonl'), str(folder / 'right.jsonl'), html=str(folder / 'compared.html'))
    there = browser.Reader(folder, 'failing')
    yield there
    there.browser.quit()


CELL = 'suite-to-c/frame-u8/inet/STARTING-000'


def failures_come_before_tables(reader):
    reader.look()
    assert reader.run('document.getElementById("failures").offsetTop < document.getElementById("tables").offsetTop')
    assert reader.count('#failure-list li') == 25
    assert 'wrong-answer' in reader.text('#chips')
    assert reader.text('#shown').startswith('All ')


def address_brings_its_filters(reader):
    reader.look(address='#peer=perl&role=client&protocol=frame&transport=unix&status=unsupported')
    assert reader.run('document.getElementById("filter-peer").value') == 'perl'
    assert reader.run('document.getElementById("filter-status").value') == 'unsupported'
    assert reader.all('#pairs tbody th') == ['perl']
    assert set(reader.all('#pairs tbody td')) == {u'\u2013'}
    assert not reader.run('document.getElementById("servers").offsetParent')


def filters_go_to_the_address(reader):
    reader.look()
    for name, value in (('theme', 'limits'), ('format', 'u8'), ('role', 'server')):
        reader.run('(arguments[0].value = arguments[1], arguments[0].dispatchEvent(new Event("change")))',
                   reader.browser.find_element('id', 'filter-' + name), value)
    assert reader.address() == '#role=server&theme=limits&format=u8'
    assert reader.all('#servers tbody tr.theme span') == [u'\u25be limits']
    assert reader.all('#servers tbody tr.check span') == ['LIMITS-009', 'LIMITS-010']
    reader.browser.find_element('id', 'filter-q').send_keys('nowhere')
    reader.until('document.getElementById("shown").innerText.startsWith("0 of ")')
    reader.click('#shown button')
    assert reader.address() == ''
    reader.click('[data-status="wrong-answer"]')
    assert reader.address() == '#status=wrong-answer'
    assert set(reader.all('#failure-list .badge')) == {'wrong-answer'}


def search_looks_into_texts(reader):
    reader.look(address='#q=byte+is+wrong')
    assert reader.text('#shown').startswith('1 of ')
    assert reader.all('#failure-list bdi') == [CELL]


def known_failure_that_passes_is_a_failure(reader):
    reader.look(address='#status=passes-though-known')
    assert reader.all('#failure-list bdi') == ['c-to-c/echo/inet/close']
    assert 'it failed last week' in reader.text('#failure-list')
    assert reader.all('#pairs tbody td') == [u'\u27171']
    reader.look(address='#status=known')
    assert reader.all('#failure-list bdi')
    assert 'c-to-c/echo/inet/close' not in reader.all('#failure-list bdi')


def mouse_opens_and_closes_a_cell(reader):
    reader.look(address='#unfold=starting')
    reader.click('#servers [data-open="suite-to-c/STARTING-000"]')
    assert reader.opened()
    assert reader.address() == '#unfold=starting&open=suite-to-c/STARTING-000'
    assert 'docs/peer-contract.md#server' in reader.all('#panel a')
    reader.click('#panel .cells a')
    reader.until('document.querySelector("#panel .dump")')
    assert reader.address().endswith('open=' + CELL)
    reader.click('#panel .close')
    reader.until('!document.getElementById("panel").open')
    assert reader.address() == '#unfold=starting'


def link_opens_a_cell_with_its_evidence(reader):
    reader.look(address='#open=' + CELL)
    text = reader.text('#panel')
    for shown in ('one byte is wrong', "reply 1 of 2: 3 bytes 'abc'", "3 bytes 'abd'",
                  'What was complete before the error', 'docs/lessons/03-reset.md', 'c_ref/bin/server frame',
                  '0004  61 62 63', 'abc', 'header: 20', '65,904 more bytes', 'server (c)', 'Look first at'):
        assert shown in text, shown
    assert reader.count('#panel button.copy') == 3
    assert '<script>alert(1)</script>' in text
    assert '\\u202egnp.exe' in text
    reader.click('#panel .command .copy')
    reader.until('/Copied|Not allowed/.test(document.querySelector("#panel .command .copy").innerText)')


def hostile_text_stays_text(reader):
    reader.look('hostile', '#unfold=all')
    for selector in ('#failure-list li a', '#failure-list li + li a', '#servers td[data-open]',
                     '#pairs td[data-open]'):
        reader.click(selector)
        reader.until('document.getElementById("panel").open')
        assert 'Not in this run' not in reader.text('#panel')
        assert made_up.HOSTILE[:60] in reader.text('#panel')
        reader.press('ESCAPE')
        reader.until('!document.getElementById("panel").open')
    assert reader.count('script') == 3
    assert reader.count('img') == 0


def unknown_link_says_so(reader):
    reader.look(address='#open=suite-to-nobody/x')
    assert 'Not in this run' in reader.text('#panel')


def back_closes_what_was_opened(reader):
    reader.look()
    reader.click('#failure-list li a')
    reader.until('document.getElementById("panel").open')
    reader.browser.back()
    reader.until('!document.getElementById("panel").open')


def keyboard_alone_opens_a_cell(reader):
    reader.look()
    reader.press('TAB')
    assert reader.focus() == 'Skip to the tables'
    assert reader.run('document.activeElement.getBoundingClientRect().left >= 0')
    reader.press('ENTER')
    while not reader.run('document.activeElement.closest("#servers .grid")'):
        reader.press('TAB')
    reader.press('HOME')
    assert reader.focus().startswith('starting, ')
    assert reader.run('document.activeElement.getAttribute("aria-expanded")') == 'false'
    reader.press('ENTER')
    assert reader.address() == '#unfold=starting'
    assert reader.run('document.activeElement.getAttribute("aria-expanded")') == 'true'
    reader.press('ARROW_DOWN', 'ARROW_RIGHT')
    at = reader.focus()
    assert at.startswith('c, STARTING-000: 1 failed')
    assert reader.text('#servers .says') == at
    reader.press('ENTER')
    assert reader.opened()
    assert reader.focus() == 'STARTING-000'
    reader.press('TAB', 'TAB', 'ENTER')
    reader.until('document.querySelector("#panel .trail")')
    reader.press('ESCAPE')
    reader.until('!document.getElementById("panel").open')
    assert reader.focus() == at
    # One stop of Tab for the whole table.
    assert reader.run('document.querySelectorAll("#servers .grid [tabindex=\\"0\\"]").length') == 1
    reader.press('END')
    assert reader.focus().startswith('pypy3, STARTING-000')
    reader.press('PAGE_DOWN')
    assert reader.focus().startswith('pypy3 as server, ')


def focus_is_seen(reader):
    reader.look()
    reader.run('document.getElementById("tables").focus()')
    reader.press('TAB', 'TAB', 'TAB', 'TAB')
    assert reader.run('getComputedStyle(document.activeElement).outlineStyle') == 'solid'
    assert reader.run('parseFloat(getComputedStyle(document.activeElement).outlineWidth)') >= 2


def narrow_page_does_not_scroll_sideways(reader):
    for page, address in (('failing', ''), ('failing', '#open=' + CELL), ('failing', '#open=c-to-perl'), ('right', ''),
                          ('compared', ''), ('forty', ''), ('forty', '#unfold=all')):
        reader.look(page, address, size=browser.NARROW)
        assert reader.run('document.documentElement.scrollWidth') == browser.NARROW[0], (page, address)
        assert reader.run('document.getElementById("panel").scrollWidth') <= browser.NARROW[0], (page, address)


def names_stay_in_sight(reader):
    for size in (browser.WIDE, browser.NARROW):
        reader.look('forty', '#unfold=all', size=size)
        box = '(box => (box.scrollTop = 900, box.scrollLeft = 900, box))(document.querySelector("#servers .scroll"))'
        top, left = reader.run('[%s.getBoundingClientRect().top, %s.getBoundingClientRect().left]' % (box, box))
        assert abs(reader.run('document.querySelector("#servers thead th + th").getBoundingClientRect().top') - top) < 2
        assert abs(reader.run('document.querySelector("#servers tbody th").getBoundingClientRect().left') - left) < 2


def dark_is_dark(reader):
    for dark in (False, True):
        reader.look(dark=dark)
        paper, ink = (sum(map(int, color.strip('rgb()').split(','))) for color in reader.run(
            '(style => [style.backgroundColor, style.color])(getComputedStyle(document.body))'))
        assert (paper < ink) == dark


def right_run_has_no_failures(reader):
    reader.look('right')
    assert reader.text('#failure-list') == 'No cell failed.'
    assert 'passed' in reader.text('h1')


def comparison_links_to_cells(reader):
    reader.look('compared')
    assert 'newly failing' in reader.text('#changes')
    reader.click('#changes li a')
    reader.until('document.getElementById("panel").open')


WALKS = [
    failures_come_before_tables, address_brings_its_filters, filters_go_to_the_address, search_looks_into_texts,
    known_failure_that_passes_is_a_failure, mouse_opens_and_closes_a_cell, link_opens_a_cell_with_its_evidence,
    hostile_text_stays_text, unknown_link_says_so, back_closes_what_was_opened, keyboard_alone_opens_a_cell,
    focus_is_seen, narrow_page_does_not_scroll_sideways, names_stay_in_sight, dark_is_dark,
    right_run_has_no_failures, comparison_links_to_cells]


@pytest.mark.parametrize('walk', WALKS, ids=lambda walk: walk.__name__)
def test_page(reader, walk):
    reader.logged('browser'), reader.logged('performance')
    walk(reader)
    assert reader.logged('browser') == []
    requests = [entry for entry in reader.logged('performance') if '"Network.requestWillBeSent"' in entry]
    assert requests
    assert not [entry for entry in requests if not re.search('"url":"(file:///|data:|about:)', entry)]
