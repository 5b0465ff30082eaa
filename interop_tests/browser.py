"""A page in headless Chromium, driven as someone who reads it would: by address, mouse and keyboard."""

import os
import shutil

import pytest

webdriver = pytest.importorskip('selenium.webdriver', reason='driving the page needs selenium')
keys = pytest.importorskip('selenium.webdriver.common.keys').Keys
services = pytest.importorskip('selenium.webdriver.chrome.service')
waiting = pytest.importorskip('selenium.webdriver.support.wait')

CHROMIUM = shutil.which('chromium') or shutil.which('chromium-browser') or shutil.which('google-chrome')
DRIVER = shutil.which('chromedriver')
SECONDS = 20
WIDE, NARROW = (1400, 1000), (390, 844)


class Reader(object):
    """Someone who reads pages.

    :param folder: where the pages are.
    :param front: the one that is read when no other is named, without ``.html``.
    """

    def __init__(self, folder, front):
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        # Chromium refuses its sandbox to root, and /dev/shm is small in containers.
        for word in ['--headless=new', '--disable-dev-shm-usage'] + ['--no-sandbox'] * (os.geteuid() == 0):
            options.add_argument(word)
        options.set_capability('goog:loggingPrefs', {'browser': 'ALL', 'performance': 'ALL'})
        self.browser = webdriver.Chrome(service=services.Service(DRIVER), options=options)
        self.browser.set_page_load_timeout(SECONDS)
        self.folder, self.front = folder, front

    def look(self, page=None, address='', size=WIDE, dark=False):
        """Load a page anew, as if its link was followed."""
        self.browser.execute_cdp_cmd('Emulation.setDeviceMetricsOverride', {
            'width': size[0], 'height': size[1], 'deviceScaleFactor': 1, 'mobile': size == NARROW})
        self.browser.execute_cdp_cmd('Emulation.setEmulatedMedia', {
            'features': [{'name': 'prefers-color-scheme', 'value': 'dark' if dark else 'light'}]})
        self.browser.get('about:blank')
        self.browser.get('file://%s/%s.html%s' % (self.folder, page or self.front, address))

    def logged(self, name):
        """Return what the browser logged since the last call."""
        return [entry['message'] for entry in self.browser.get_log(name)]

    def run(self, script, *arguments):
        return self.browser.execute_script('return ' + script, *arguments)

    def text(self, selector):
        return self.run('document.querySelector(arguments[0]).innerText', selector)

    def all(self, selector):
        return self.run('[...document.querySelectorAll(arguments[0])].map(one => one.innerText)', selector)

    def count(self, selector):
        return self.run('document.querySelectorAll(arguments[0]).length', selector)

    def click(self, selector):
        self.browser.find_element('css selector', selector).click()

    def press(self, *names):
        for name in names:
            webdriver.ActionChains(self.browser).send_keys(getattr(keys, name, name)).perform()

    def until(self, script, *arguments):
        waiting.WebDriverWait(self.browser, SECONDS, 0.02).until(lambda _: self.run(script, *arguments), script)

    def address(self):
        return self.run('location.hash')

    def focus(self):
        """Return how the element with the focus is called."""
        return self.run('document.activeElement.getAttribute("aria-label") || document.activeElement.innerText')

    def opened(self):
        return self.run('document.getElementById("panel").open')


def require(request):
    """Skip the tests of a page where there is no browser, or where another environment has it."""
    if request.config.getoption('--without-c', False):
        pytest.skip('no Python changes what a browser shows: left to the environment without --without-c')
    if not CHROMIUM or not DRIVER:
        pytest.skip('there is no chromium with chromedriver')
