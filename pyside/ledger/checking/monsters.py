"""Statements that are nested so deeply that recursive programs, mypy among them, do not live through them.

A sum of 5,000 terms is a tree of 5,000 levels.  Such a statement becomes ``...``, on as many lines, and the rest of the
program is checked.

Read next: ``sources.py``.
"""

import ast
import io
import re
import tokenize
import warnings

# Tokens that make a tree deeper; a statement with fewer of them cannot be too deep.
DEEPENING = re.compile(r'[-+*/%&|^<>=~.(\[{]|\b(?:not|and|or|if|else|lambda|await|in|is)\b')
MOST = 300


def without_deep_lines(text):
    """Return the text without statements that are nested too deeply, and the numbers of their first lines."""
    lines = text.split('\n')
    found = []
    for first, last in _logical_lines(text):
        statement = '\n'.join(lines[first - 1:last])
        if len(DEEPENING.findall(statement)) > MOST and _is_deep(statement):
            indent = re.match(r'[ \t\f]*', lines[first - 1]).group()
            # What begins a block goes on beginning one.
            head = 'if ...:' if statement.rstrip().endswith(':') else '...'
            lines[first - 1:last] = [indent + head] + [''] * (last - first)
            found.append(first)
    return '\n'.join(lines), found


def _logical_lines(text):
    """List the first and the last line of each statement that could be long."""
    if len(DEEPENING.findall(text)) <= MOST:
        return []
    found = []
    first = None
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in (tokenize.INDENT, tokenize.DEDENT, tokenize.NL, tokenize.COMMENT):
                continue
            if first is None:
                first = token.start[0]
            if token.type == tokenize.NEWLINE:
                found.append((first, token.end[0]))
                first = None
    except (tokenize.TokenError, SyntaxError):
        # Python 2, or nothing; physical lines will do.
        found = [(number, number) for number in range(1, text.count('\n') + 2)]
    return found


def _is_deep(statement):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            tree = ast.parse(statement.strip() + (' pass' if statement.rstrip().endswith(':') else ''))
    except SyntaxError as error:
        return 'too many' in str(error)
    except (RecursionError, MemoryError):
        return True
    level, deepest = [tree], 0
    while level:
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        deepest += 1
    return deepest > MOST
