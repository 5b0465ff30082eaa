"""The page of a conversation in headless Chromium: by address, mouse and keyboard; dark, narrow, long; no net."""

import re
import sys

import pytest

if sys.version_info < (3, 8):
    pytest.skip('driving the page needs a Python that selenium knows', allow_module_level=True)
browser = pytest.importorskip('interop_tests.browser', reason='driving the page needs selenium')

from interop_tests import test_trace as pairs  # noqa: E402
from pyside.trace import page  # noqa: E402


@pytest.fixture(scope='module')
def reader(request, tmp_path_factory):
    browser.require(request)
    folder = tmp_path_factory.mktemp('pages')
    runs = {'echo': pairs.hello_world('c', 'python')[0],
            'long': pairs.traced(pairs.one(pairs.ECHO), pairs.caller(pairs.LONG % 2500))[0]}
    for name, found in runs.items():
        page.write(found, str(folder / (name + '.html')))
    there = browser.Reader(folder, 'echo')
    there.found = runs
    yield there
    there.browser.quit()


def id_of(reader, name, side, page='echo'):
    return 'call-%d' % pairs.event_of(reader.found[page], name, side).number


def panel(reader):
    return None if reader.run('document.getElementById("panel").hidden') else reader.text('#panel')


def a_click_shows_what_is_known(reader):
    reader.look()
    assert panel(reader) is None
    reader.click('#' + id_of(reader, 'send', 0))
    shown = panel(reader)
    assert 'tcp_client.py:29' in shown and 'client.sendall(' in shown and '0-6 of its direction' in shown
    assert '68 65 6c 6c 6f 0a' in shown
    assert reader.address() == '#' + id_of(reader, 'send', 0)
    reader.press('ESCAPE')
    assert panel(reader) is None and reader.address() == ''


def an_address_opens_a_call(reader):
    reader.look(address='#' + id_of(reader, 'recv', 1))
    assert 'tcp_server.c:' in panel(reader)
    reader.look(address='#no-such-call')
    assert panel(reader) is None


def keys_go_through_the_calls(reader):
    reader.look()
    reader.press('ARROW_DOWN')
    first = reader.focus()
    reader.press('ARROW_DOWN')
    assert reader.focus() != first
    reader.press('k')
    assert reader.focus() == first
    reader.press('ENTER')
    assert first.partition('(')[0] in panel(reader)


def f_goes_to_the_other_end(reader):
    reader.look(address='#' + id_of(reader, 'send', 0))
    reader.press('f')
    assert reader.run('document.activeElement.id') == id_of(reader, 'recv', 1)
    reader.press('f')
    assert reader.run('document.activeElement.id') == id_of(reader, 'send', 0)


def arrows_are_drawn(reader):
    reader.look()
    assert reader.count('.arrow.bytes') == 4
    assert reader.count('.arrow.connect') == 1 and reader.count('.arrow.eof') == 1
    assert {'0-6', '6-12'} <= {label.strip() for label in reader.run(
        '[...document.querySelectorAll(".arrow text")].map(one => one.textContent)')}


def no_text_leaves_its_column(reader):
    """Left text ends before the left lifeline, and right text within the drawing."""
    reader.look()
    ends = reader.run('''[...document.querySelectorAll(".call text")].map(one => {
        const box = one.getBBox(); return [box.x, box.x + box.width]; })''')
    for start, end in ends:
        assert end <= (540 if start < 540 else 1240), (start, end)


def dark_is_dark(reader):
    def paper():
        return reader.run('getComputedStyle(document.body).backgroundColor')
    reader.look()
    light = paper()
    reader.look(dark=True)
    assert light == 'rgb(255, 255, 255)' and paper() != light
    for selector in ('.call text.text', '.arrow text', '.remark'):
        assert reader.run('getComputedStyle(document.querySelector(arguments[0])).fill', selector) != 'rgb(0, 0, 0)'


def a_narrow_window_scrolls_inside(reader):
    reader.look(size=browser.NARROW)
    assert reader.run('document.documentElement.scrollWidth') <= browser.NARROW[0]


def a_long_run_is_folded_and_unfolds(reader):
    reader.look('long')
    assert reader.count('.call') > 10000
    assert reader.count('details.fold') == 1
    assert re.match(r'\d+ calls: ', reader.text('details.fold summary'))
    assert reader.run('document.documentElement.scrollHeight') < 15000
    reader.click('details.fold summary')
    assert reader.run('document.querySelector("details.fold").open')
    middle = [event for event in reader.found['long'].events if event.name == 'send'][2500]
    reader.look('long', '#call-%d' % middle.number)
    reader.until('document.activeElement.id == arguments[0]', 'call-%d' % middle.number)
    assert reader.run('document.querySelector("details.fold").open')


def nothing_comes_from_the_net(reader):
    reader.look()
    requests = [entry for entry in reader.logged('performance') if '"Network.requestWillBeSent"' in entry]
    assert not [entry for entry in requests if not re.search('"url":"(file:///|data:|about:)', entry)]
    assert [entry for entry in reader.logged('browser') if 'favicon' not in entry] == []


@pytest.mark.parametrize('step', [
    a_click_shows_what_is_known, an_address_opens_a_call, keys_go_through_the_calls, f_goes_to_the_other_end,
    arrows_are_drawn, no_text_leaves_its_column, dark_is_dark, a_narrow_window_scrolls_inside,
    a_long_run_is_folded_and_unfolds, nothing_comes_from_the_net], ids=lambda step: step.__name__)
def test_page(step, reader):
    step(reader)
