"""What the ledger knows, as rules: each yields ``(node, entry)`` for the places in a program that an entry is about.

::

    sending.py     what goes out                       comparing.py   ==, in, keys
    receiving.py   what came in: items, methods        joining.py     +, %, format, join
    converting.py  str, bytes, ord, print, decode      wrapping.py    struct, json, and what mypy says of calls
    files.py       makefile and its time-outs          lengths.py     the length of text as a header
    patterns.py    regular expressions                 errors.py      what an exception holds
    versions.py    what only one Python has

A rule says only what it is sure of: where the type of a value is not known, it is silent.  Code behind a test of the
version is left alone; see ``guards.py``.
"""

from pyside.ledger.checking.rules import (
    comparing,
    converting,
    errors,
    files,
    joining,
    lengths,
    patterns,
    receiving,
    sending,
    versions,
    wrapping,
)

RULES = [
    sending.sends, sending.writes, comparing.comparisons, comparing.memberships, comparing.keys, joining.sums,
    joining.formats, joining.joins, receiving.items, receiving.loops, receiving.methods, receiving.sentinels,
    receiving.sizes, receiving.truncated, patterns.searches, converting.calls, converting.codecs, converting.prints,
    wrapping.packs, wrapping.dumps, wrapping.keys, files.modes, files.writes, files.retries, lengths.headers,
    versions.imports, versions.names, versions.functions, versions.methods, versions.statements, errors.attributes,
    errors.timeouts]


def found(program, messages, syntax):
    """Return the set of ``(line of the text, entry)`` for a program.

    :param messages: what mypy said, a list of Message.
    :param syntax: entries that the passes found, ``(line, entry)``.
    """
    places = set(syntax)
    for rule in RULES:
        places.update((node.lineno, entry) for node, entry in rule(program)
                      if entry and node not in program.guarded)
    guarded_lines = {node.lineno for node in program.guarded if hasattr(node, 'lineno')}
    places.update((line, entry) for line, entry in wrapping.said(program, messages) if line not in guarded_lines)
    return places
