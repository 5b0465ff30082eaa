"""What tutorials claim about sockets, put to the kernel, in Python and in C.

::

    claims.txt        the claims, and which verdict comes out of what evidence
    experiments.py    each puts one claim to the kernel and says what it saw
    lab.c, *.c        the same in C
    verdicts.json     what was seen, and the verdicts, recorded

``python -m interop_tests.claims`` makes ``docs/claims.md``; with ``record``, after it has run all experiments on this
Python and in C.
"""

import glob
import io
import json
import os
import subprocess
import sys
from collections import OrderedDict

from interop_tests.claims.claims import CLAIMS
from interop_tests.compiling import build
from interop_tests.kinds import kind_of
from pyside.calls.callmap import twins
from pyside.wire.cref import C_REF

FOLDER = os.path.dirname(os.path.abspath(__file__))
SOURCES = sorted(glob.glob(os.path.join(FOLDER, '*.c'))) + twins.SOURCES
FLAGS = ['-I', C_REF]
VERDICTS = os.path.join(FOLDER, 'verdicts.json')
# Claims about Python alone, and about C alone.
PYTHON_ONLY = [18, 28, 29, 31, 32, 33, 35, 46, 48]
C_ONLY = [41]


def languages(number):
    """Return the languages in which there is an experiment: ``python``, ``c``."""
    return [language for language, numbers in (('python', C_ONLY), ('c', PYTHON_ONLY)) if number not in numbers]


def run(number, language):
    """Run an experiment in a process of its own; return ``{what: value}`` in order.

    :raises subprocess.CalledProcessError: when it fails.
    """
    if language == 'python':
        words = [sys.executable, os.path.join(FOLDER, 'experiments.py'), str(number)]
    else:
        words = [build(SOURCES, FLAGS), str(number)]
    said = subprocess.check_output(words).decode('ascii')
    return OrderedDict(line.rsplit(': ', 1) for line in said.splitlines())


def recorded():
    """Return ``{number as text: {kind: {'seen': {what: value}, 'verdict': verdict}}}``; see ``kinds.py``."""
    with io.open(VERDICTS, encoding='utf-8') as found:
        return json.load(found, object_pairs_hook=OrderedDict)


def record():
    """Run all experiments of this Python and in C, and note what was seen."""
    found = recorded() if os.path.exists(VERDICTS) else OrderedDict()
    for claim in CLAIMS:
        row = found.setdefault(str(claim.number), OrderedDict())
        for language in languages(claim.number):
            seen = run(claim.number, language)
            said = OrderedDict([('seen', seen), ('verdict', claim.decide(seen))])
            row.pop(kind_of(language), None)
            if kind_of(language) != 'pypy' or said != row['python3']:
                row[kind_of(language)] = said
    with io.open(VERDICTS, 'wb') as file:
        file.write(json.dumps(found, indent=1, separators=(',', ': ')).encode('ascii') + b'\n')
