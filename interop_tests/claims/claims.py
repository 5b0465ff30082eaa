"""The claims, read from ``claims.txt``, and how a verdict comes out of what an experiment saw."""

import io
import os
import re
from collections import OrderedDict, namedtuple

VERDICTS = ['true', 'false', 'depends', 'outdated']
TEXT = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'claims.txt')
SECTION = re.compile(
    r'(\d+)\. (.*)\n(\w+) when\n((?: {4}.*\n)+)(\w+) otherwise, as with\n((?: {4}.*\n)+)---\n((?:.+\n?)+)')


class Claim(namedtuple('Claim', 'number text verdict wanted otherwise opposite why')):
    """A claim.

    ``wanted``
        ``{what: the values that will do}``: what has to be seen for the verdict.
    ``opposite``
        what the kernel would have to answer for the other verdict: an experiment that cannot fail is none.
    """

    def decide(self, seen):
        """Return the verdict on ``{what: value}``."""
        fits = all(seen[what] in values for what, values in self.wanted.items())
        return self.verdict if fits else self.otherwise


def _evidence(lines):
    return OrderedDict(line.strip().rsplit(': ', 1) for line in lines.splitlines())


def _claim(section):
    number, text, verdict, wanted, otherwise, opposite, why = SECTION.match(section).groups()
    values = OrderedDict((what, value.split(' | ')) for what, value in _evidence(wanted).items())
    return Claim(int(number), text, verdict, values, otherwise, _evidence(opposite), ' '.join(why.split()))


def _read():
    with io.open(TEXT, encoding='ascii') as text:
        return [_claim(str(section)) for section in text.read().split('\n## ')[1:]]


CLAIMS = _read()
