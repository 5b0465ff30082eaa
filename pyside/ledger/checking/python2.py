"""Python 2 as Python 3, by fissix, with the lines of both.

Only syntax is changed: ``print``, ``exec``, ``except E, e``, backticks and their like, each of which is a finding as
well.  Tokens keep the number of the line that they come from, so lines may be inserted.

Read next: ``sources.py``.
"""

import logging
import re
from collections import namedtuple

FIXERS = ['except', 'exec', 'print', 'repr', 'ne', 'numliterals', 'raise', 'throw', 'tuple_params']
# text: Python 3.  numbers: the line that each of its lines comes from.  syntax: (line, entry).
Converted = namedtuple('Converted', 'text numbers syntax')
PRINT_FUNCTION = re.compile(r'^from __future__ import .*\bprint_function', re.MULTILINE)
RAW_TEXT = re.compile(r'(?i)^ur')
# Names that Python 3.7 made words of its grammar.
NEW_WORDS = ('async', 'await', 'nonlocal')
OCTAL = re.compile(r'^0[0-7]+[lL]?$')


def converted(text):
    """Return a program in Python 2 as Python 3, or None when it is no Python 2."""
    from fissix import refactor
    from fissix.pgen2 import token
    logging.getLogger('RefactoringTool').setLevel(logging.CRITICAL)
    names = ['fissix.fixes.fix_' + name for name in FIXERS]
    text = '\n'.join(_leading_spaces(line) for line in text.split('\n')) + '\n'
    functions = [False, True] if not PRINT_FUNCTION.search(text) else [True]
    for is_function in functions:
        try:
            tool = refactor.RefactoringTool(names, {'print_function': is_function})
            tree = tool.driver.parse_string(text)
            # It knows its syntax as long as nothing is fixed in it.
            syntax = sorted(set(_only_python_2(tree)))
            tool.refactor_tree(tree, 'checked')
        except Exception:  # noqa: BLE001 a fixer may die of anything, and this file is lost then
            continue
        for leaf in tree.leaves():
            if leaf.type == token.STRING:
                leaf.value = RAW_TEXT.sub('r', leaf.value)
            if leaf.value in NEW_WORDS:
                leaf.value += '_'
        return Converted(str(tree), _numbers(tree), syntax)
    return None


def _leading_spaces(line):
    """A tab is eight columns, and a form feed begins the line anew."""
    rest = line.lstrip(' \t\f')
    space = line[:len(line) - len(rest)].rpartition('\f')[2]
    return space.expandtabs(8) + rest


def _numbers(tree):
    numbers = {}
    line = 1
    for leaf in tree.leaves():
        line += leaf.prefix.count('\n')
        broken = leaf.value.count('\n')
        if leaf.lineno and leaf.value.strip():
            for more in range(broken + 1):
                numbers.setdefault(line + more, leaf.lineno + more)
        line += broken
    found = [0]
    for number in range(1, line + 2):
        found.append(numbers.get(number, found[-1]))
    return found


def _only_python_2(tree):
    """Yield ``(line, entry)`` for syntax that Python 3 does not have."""
    from fissix.pygram import python_symbols as symbols
    of_statements = {
        symbols.print_stmt: ('print-statement', _is_print_with_more), symbols.exec_stmt: ('exec-statement', _is_exec),
        symbols.raise_stmt: ('raise-comma', _has_comma), symbols.except_clause: ('except-comma', _has_comma)}
    for node in tree.pre_order():
        entry, applies = of_statements.get(node.type, (None, None))
        if entry is not None and applies(node):
            yield node.get_lineno(), entry
        elif node.type in (symbols.tfpdef, symbols.vfpdef) and str(node).strip().startswith('('):
            yield node.get_lineno(), 'tuple-parameters'
        elif not node.children and _of_leaf(node) is not None:
            yield node.lineno, _of_leaf(node)


def _of_leaf(leaf):
    """Return the entry for a token that Python 3 does not have, or None."""
    from fissix.pgen2 import token
    from fissix.pygram import python_symbols as symbols
    if leaf.type == token.NUMBER:
        if leaf.value[-1:] in 'lL':
            return 'long-suffix'
        return 'octal-literal' if OCTAL.match(leaf.value) and leaf.value.strip('0') else None
    if leaf.type == token.NAME and leaf.value in NEW_WORDS:
        return 'async-as-a-name'
    if leaf.type == token.NAME and leaf.value == 'print' and leaf.parent.type == symbols.simple_stmt:
        return 'print-statement'
    if leaf.type == token.BACKQUOTE and leaf.parent.children[0] is leaf:
        return 'backticks'
    if leaf.type == token.NOTEQUAL and leaf.value == '<>':
        return 'not-equal'
    return 'raw-unicode-literal' if leaf.type == token.STRING and RAW_TEXT.match(leaf.value) else None


def _is_print_with_more(node):
    """One value in parentheses is the same in both, and so is none at all."""
    values = node.children[1:]
    if len(values) != 1:
        return True
    text = str(values[0]).strip()
    if not text.startswith('(') or not getattr(values[0], 'children', None):
        return True
    inside = values[0].children
    return not (str(inside[0]).strip() == '(' and len(inside) == 3 and not _has_comma(inside[1]))


def _is_exec(node):
    return not (len(node.children) == 2 and str(node.children[1]).strip().startswith('('))


def _has_comma(node):
    return any(str(child).strip() == ',' for child in node.children)
