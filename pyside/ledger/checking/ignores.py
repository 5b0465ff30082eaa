"""``# ledger: ignore[ENTRY]`` at the end of a line takes a finding back; more than one entry are separated by commas.

Behind the last line of a statement it is for all its lines.  A comment that names no entry ignores nothing, and is a
finding itself.

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
    """List those ``(line, entry)`` that neither the line nor the last line of its statement takes back."""
    ignored = _ignored(source) if 'ledger:' in source.text else {}
    last_lines = _last_lines(source) if ignored else {}
    return [(line, entry) for line, entry in sorted(rows)
            if entry not in ignored.get(line, []) + ignored.get(last_lines.get(line), [])]


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


def _ignored(source):
    """Return the entries that are not meant: ``{line of the file: names}``."""
    matches = [(line, IGNORE.search(text)) for line, text in _comments(source)]
    return {line: _names(match) for line, match in matches if match}


def _last_lines(source):
    """Return the last line of the statement that a line is a part of: ``{line of the file: line of the file}``.

    A line that more than one begin in is left out, for a finding says its line only.
    """
    found, first = {}, None
    for token in _tokens(source):
        if token.type in (tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT) and first is None:
            continue
        first = first or token.start[0]
        if token.string == ';':
            first = token.start[0] + 1
        if token.type == tokenize.NEWLINE:
            last = source.line(token.start[0])
            found.update((source.line(line), last) for line in range(first, token.start[0]))
            first = None
    return found


def _names(match):
    return [name for name in re.split(r'[\s,]+', (match.group(1) or '').strip()) if name]


def _comments(source):
    """Yield ``(line of the file, text)`` of all comments; what looks like one in a literal is none."""
    for token in _tokens(source):
        if token.type == tokenize.COMMENT:
            yield source.line(token.start[0]), token.string


def _tokens(source):
    """Yield the tokens as far as they go."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
            yield token
    except (tokenize.TokenError, SyntaxError):
        return
