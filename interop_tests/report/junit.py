"""JUnit XML: a suite for each pair and for each role of each peer; a test for each route or check.

A test for each cell would be more than most CI systems show, and none needs
the passing ones by name; the failing cells are named in the test's failure.
"""

from collections import namedtuple
from xml.etree import ElementTree

from interop_tests.report import summary
from interop_tests.report.markdown import cut
from interop_tests.report.status import FAILED, KNOWN, PASSED, outcome, severity

CELLS = 20

Test = namedtuple('Test', 'suite name cells')


def render(results, changes=None):
    """Return a run as JUnit XML, which has no place for changes."""
    suites = {}
    for test in _tests(results):
        suites.setdefault(test.suite, []).append(test)
    root = ElementTree.Element('testsuites', name='interop')
    total = _Numbers()
    for name, tests in suites.items():
        element = ElementTree.SubElement(root, 'testsuite', name=name)
        if results.run.get('date'):
            element.set('timestamp', str(results.run['date']).rstrip('Z'))
        _properties(element, results)
        numbers = _Numbers()
        for test in tests:
            numbers.add(_testcase(element, test))
        numbers.put(element)
        total.add_all(numbers)
    total.put(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding='unicode') + '\n'


class _Numbers(object):

    def __init__(self):
        self.tests = self.failures = self.skipped = self.seconds = 0

    def add(self, outcome_and_seconds):
        ended, seconds = outcome_and_seconds
        self.tests += 1
        self.failures += ended == 'failure'
        self.skipped += ended == 'skipped'
        self.seconds += seconds

    def add_all(self, other):
        self.tests += other.tests
        self.failures += other.failures
        self.skipped += other.skipped
        self.seconds += other.seconds

    def put(self, element):
        for name, value in (('tests', self.tests), ('failures', self.failures), ('errors', 0),
                            ('skipped', self.skipped), ('time', f'{self.seconds:.3f}')):
            element.set(name, str(value))


def _tests(results):
    """List the tests: of a check over all framings and transports, or of a pair's route over its cases."""
    found = {}
    for cell in results.cells.values():
        role = summary.role(cell)
        if role:
            peer = cell['server' if role == 'server' else 'client']
            key = (f'{peer} as {role}', f'{summary.theme_of(results, cell)}: {cell["case"]}')
        else:
            protocol = cell['protocol'] if cell['format'] == '-' else f'{cell["protocol"]}-{cell["format"]}'
            key = (f'{cell["client"]} to {cell["server"]}', f'{protocol}/{cell["transport"]}')
        found.setdefault(key, []).append(cell)
    return [Test(*key, cells) for key, cells in found.items()]


def _testcase(suite, test):
    seconds = sum(cell['seconds'] for cell in test.cells if isinstance(cell.get('seconds'), (int, float)))
    element = ElementTree.SubElement(
        suite, 'testcase', classname=test.suite.replace('.', '_').replace(' ', '.'), name=test.name,
        time=f'{seconds:.3f}')
    ended = {}
    for cell in sorted(test.cells, key=severity):
        ended.setdefault(outcome(cell), []).append(cell)
    if FAILED in ended:
        bad = ended[FAILED]
        failure = ElementTree.SubElement(
            element, 'failure', type=bad[0]['status'],
            message=f'{len(bad)} of {len(test.cells)} cells failed; {_says(bad[0])}')
        failure.text = '\n'.join(_lines(bad))
        return 'failure', seconds
    if KNOWN in ended:
        _skip(element, f'known failure: {ended[KNOWN][0]["known"]}; {_says(ended[KNOWN][0])}')
        return 'skipped', seconds
    if PASSED not in ended:
        _skip(element, f'unsupported: {cut(test.cells[0].get("text"))}')
        return 'skipped', seconds
    return 'passed', seconds


def _skip(element, message):
    ElementTree.SubElement(element, 'skipped', message=message)


def _says(cell):
    if cell['status'] == 'pass':
        return f'{cell["cell"]}: passes, but is listed as a known failure: {cell["known"]}'
    return f'{cell["cell"]}: {cell["status"]}: {cut(cell.get("text"))}'


def _lines(cells):
    for cell in cells[:CELLS]:
        yield _says(cell)
        for one in cell.get('detail', {}).get('commands', []):
            if isinstance(one, dict):
                yield f'    {one.get("what")}: {one.get("command")}'
    if len(cells) > CELLS:
        yield f'and {len(cells) - CELLS} more cells'


def _properties(suite, results):
    properties = ElementTree.SubElement(suite, 'properties')
    for name, value in summary.origin(results):
        ElementTree.SubElement(properties, 'property', name=name, value=value)
    for warning in summary.warnings(results):
        ElementTree.SubElement(properties, 'property', name='warning', value=warning)
