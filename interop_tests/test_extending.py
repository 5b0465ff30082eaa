"""What a new framing, protocol or model needs besides its row is there, and ``docs/extending.md`` shows what is so."""

import io
import os
import re

import pytest

from interop_tests import cases
from interop_tests.process import ROOT
from pyside.protocols.table import PROTOCOLS
from pyside.wire.framing import FORMATS

FENCED = re.compile(u'```diff\n\\+\\+\\+ (\\S+)\n(.*?)```', re.DOTALL)


def read(*path):
    with io.open(os.path.join(ROOT, *path), encoding='utf-8') as page:
        return page.read()


def diffs():
    return [(path, u''.join(line[1:] + u'\n' for line in body.splitlines()))
            for path, body in FENCED.findall(read('docs', 'extending.md'))]


@pytest.mark.parametrize('path, lines', diffs(), ids=[path for path, _ in diffs()])
def test_the_page_shows_lines_that_are_there(path, lines):
    assert lines in read(path)


def test_the_page_shows_every_file_of_a_framing():
    assert len({path for path, _ in diffs()}) == 6


@pytest.mark.parametrize('name', sorted(FORMATS))
def test_a_framing_is_on_its_page_with_its_longest_payload(name):
    row = re.search(u'^\\| `%s` \\|.*\\| (.*) \\|$' % name, read('docs', 'wire-formats.md'), re.MULTILINE)
    assert row.group(1) == (u'2\u2076\u2074 \u2212 1' if FORMATS[name].capacity == 2 ** 64 - 1
                            else u'%d' % FORMATS[name].capacity)


@pytest.mark.parametrize('name', sorted(PROTOCOLS))
def test_a_protocol_is_on_its_pages(name):
    heading = re.search(u'^### `%s`: (.*)$' % name, read('docs', 'wire-formats.md'), re.MULTILINE)
    assert (u'datagram' in heading.group(1)) == PROTOCOLS[name].over_datagrams
    assert u'\n| `%s` | ' % name in read('docs', 'peer-contract.md')


def test_the_suite_knows_every_protocol():
    assert sorted(cases.KNOWN) == sorted(PROTOCOLS)


@pytest.mark.parametrize('folder, table', [('framing', FORMATS), ('protocol', PROTOCOLS)])
def test_vectors_are_there_for_all_and_for_nothing_else(folder, table):
    found = os.listdir(os.path.join(ROOT, 'interop_tests', 'vectors', folder))
    assert sorted(found) == sorted(name + '.json' for name in table)
