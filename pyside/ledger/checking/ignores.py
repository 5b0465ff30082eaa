"""``# ledger: ignore[ENTRY]`` at the end of a line takes a finding back; more than one entry are separated by commas.

A comment that names no entry ignores nothing, and is a finding itself.

Read next: ``findings.py``.
"""

import difflib
import io
import re
import tokenize

from pyside.ledger.entries import entries

IGNORE = re.compile(r'#\s*ledger:\s*ignore(?:\[([^\]]*)\])?')
# The finding about such a comment, and between it and the name: no name of an entry has a space.
UNKNOWN = 'unknown-entry'


def kept(source, rows):
    """List those ``(line, entry)`` that the line itself does not take back."""
    found = []
    for line, entry in sorted(rows):
        match = IGNORE.search(source.original[line - 1]) if line <= len(source.original) else None
        if not match or entry not in _names(match):
            found.append((line, entry))
    return found


def unknown(source):
    """List ``(line, 'unknown-entry NAME')`` for comments that name what is no entry."""
    found = []
    for number, text in _comments(source) if 'ledger:' in source.text else ():
        match = IGNORE.search(text)
        if match:
            found += [(number, '%s %s' % (UNKNOWN, name)) for name in _names(match) or [''] if name not in entries()]
    return found


def told(row):
    """Return the name and the text of the finding that ``unknown`` made."""
    name = row.partition(' ')[2]
    if not name:
        return UNKNOWN, 'It ignores nothing: name the entry, # ledger: ignore[ENTRY].'
    near = difflib.get_close_matches(name, entries(), 1)
    return UNKNOWN, 'It ignores nothing: the ledger has no entry %s.%s' % (
        ascii(name)[1:-1], ' Did you mean %s?' % near[0] if near else '')


def _names(match):
    return [name for name in re.split(r'[\s,]+', (match.group(1) or '').strip()) if name]


def _comments(source):
    """Yield ``(line of the file, text)`` of all comments; what looks like one in a literal is none."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
            if token.type == tokenize.COMMENT:
                yield source.line(token.start[0]), token.string
    except (tokenize.TokenError, SyntaxError):
        return
