"""Every link of a page leads to a file that is there, and to a heading that it has."""

import io
import os
import re

import pytest

from interop_tests.checks.all import CHECKS
from interop_tests.process import ROOT

LINK = re.compile(r'\]\(([^)\s]+)\)')
# What a page names as its proof: a test, and a check with the role that it is of.
TEST = re.compile(r'`(test_\w+\.py)::(\w+)`')
CHECK = re.compile(r'(server|client) `([a-z0-9-]+)`')
CODE = re.compile(r'^```.*?^```$', re.M | re.S)


def pages():
    """List the pages, from the root."""
    found = [name for name in os.listdir(ROOT) if name.endswith('.md')]
    for folder, _, names in os.walk(os.path.join(ROOT, 'docs')):
        found += [os.path.relpath(os.path.join(folder, name), ROOT) for name in names if name.endswith('.md')]
    found.append('interop_tests/vectors/README.md')
    return sorted(found)


def read(path):
    with io.open(os.path.join(ROOT, path), encoding='utf-8') as page:
        return CODE.sub('', page.read())


def anchors(text):
    """Return the anchors of a page's headings, as GitHub makes them: lower case, no punctuation, dashes for spaces."""
    headings = re.findall(r'^#+ (.*)$', text, re.M)
    return {re.sub(r'[^\w\- ]', '', heading.lower(), flags=re.U).replace(' ', '-') for heading in headings}


@pytest.mark.parametrize('page', pages())
def test_links_lead_somewhere(page):
    text = read(page)
    for link in LINK.findall(text):
        if '://' in link:
            continue
        name, _, anchor = link.partition('#')
        target = os.path.normpath(os.path.join(os.path.dirname(page), name)) if name else page
        assert os.path.exists(os.path.join(ROOT, target)), link
        if anchor:
            assert anchor in anchors(read(target)), link


@pytest.mark.parametrize('page', ['docs/limits.md', 'docs/security.md'])
def test_the_tests_that_a_page_names_are_there(page):
    tests, checks = TEST.findall(read(page)), CHECK.findall(read(page))
    assert len(tests) > 10 and len(checks) > 5
    for name, function in tests:
        assert 'def %s(' % function in read(os.path.join('interop_tests', name)), (name, function)
    assert [key for key in checks if key not in CHECKS] == []
