"""Syntax that came with a version of Python 3: what to say when the Python that runs the checker is older.

Read next: ``sources.py``.
"""

import re
import sys

# The version, what it has, and how a line looks that has it.
SYNTAX = [
    ((3, 11), 'except*', re.compile(r'^\s*except\s*\*')),
    ((3, 12), 'a type statement', re.compile(r'^\s*type\s+\w+\s*(?:\[.*\]\s*)?=')),
    ((3, 12), 'a type parameter', re.compile(r'^\s*(?:async\s+)?(?:def|class)\s+\w+\s*\[')),
    ((3, 12), 'a quote or a backslash inside the braces of an f-string', re.compile(
        r'''\b(?i:f|rf|fr)(?P<quote>["'])(?:(?!(?P=quote)).)*\{[^{}]*(?:(?P=quote)[^{}]*(?P=quote)|\\)[^{}]*\}''')),
    ((3, 14), 'a template string', re.compile(r'''(?<![\w"'])(?i:t|rt|tr)["']''')),
    ((3, 15), 'a lazy import', re.compile(r'^\s*lazy\s+(?:import|from)\s')),
    ((3, 15), 'unpacking in a comprehension', re.compile(r'[\[({]\s*\*\*?[\w.()]+\s+for\s')),
]


def needed(line, version=sys.version_info):
    """Return ``(version, what it has)`` that a line needs, or None when this Python has all that is known here.

    :param line: at which this Python found an error of syntax.
    """
    return next(((needs, name) for needs, name, looks in SYNTAX if needs > version[:2] and looks.search(line)), None)
