"""Bytes and text in one sum, one format, one join."""

import ast
import re

from pyside.ledger.checking.kinds import TEXT, item_kinds
from pyside.ledger.checking.program import dotted, method, text_of
from pyside.ledger.checking.rules.receiving import given

# What gives the pieces that it is given.
SAME_PIECES = ('list', 'tuple', 'reversed', 'sorted', 'set')
BYTEARRAY = frozenset(['bytearray'])
CONVERSION = re.compile(r'%(?:\((\w*)\))?[-#0 +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?([a-zA-Z%])')


def sums(program):
    """Yield ``+`` and ``+=`` of bytes and text."""
    for node in program.nodes:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            sides = node.left, node.right
        elif isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add):
            sides = node.target, node.value
        else:
            continue
        for one, other in (sides, sides[::-1]):
            if program.is_bytes(one) and program.is_text(other):
                yield node, 'bytearray-add-text' if program.kind(one) == BYTEARRAY else 'add'


def formats(program):
    """Yield bytes that are formatted into text, which gives their repr, and text into bytes."""
    for node in program.nodes:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            if program.is_text(node.left) and any(program.is_bytes(value) for value in _formatted(node)):
                yield node, 'percent-bytes-into-text'
            elif program.is_bytes(node.left) and any(program.is_text(value) for value in _formatted(node)):
                yield node, 'percent-s-on-bytes-with-text'
        elif method(node) == 'format' and program.is_bytes(node.func.value):
            yield node, 'format-on-bytes'
        elif method(node) == 'format' and program.is_text(node.func.value):
            values = node.args + [word.value for word in node.keywords]
            if '!r' not in (text_of(node.func.value) or '') and any(program.is_bytes(value) for value in values):
                yield node, 'format-bytes-into-text'


def _formatted(node):
    """List the values that a % converts with %s."""
    template = node.left.value if isinstance(node.left, ast.Constant) else None
    template = template.decode('latin-1') if isinstance(template, bytes) else template
    if isinstance(node.right, ast.Dict):
        letters = dict(CONVERSION.findall(template or ''))
        return [value for key, value in zip(node.right.keys, node.right.values)
                if template is None or letters.get(text_of(key)) == 's']
    values = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
    if template is None:
        return values
    letters = [letter for _, letter in CONVERSION.findall(template) if letter != '%']
    if len(letters) != len(values):
        return []
    return [value for letter, value in zip(letters, values) if letter == 's']


def joins(program):
    """Yield ``join`` with bytes and text."""
    for node in program.nodes:
        if method(node) != 'join' or len(node.args) != 1:
            continue
        separator, pieces = node.func.value, _given(node.args[0])
        kinds = [found for found in _piece_kinds(program, pieces) if found]
        if program.is_text(separator):
            if any(found <= {'bytes', 'bytearray'} for found in kinds):
                yield node, 'join-text-with-bytes' if getattr(separator, 'kind', None) == 'u' else 'join'
            elif program.is_bytes(pieces):
                yield node, 'recv-iterate'
        elif program.is_bytes(separator) and TEXT in kinds:
            yield node, 'join-bytes-with-text'


def _given(pieces):
    """Return what ``list(reversed(pieces))`` was given."""
    while isinstance(pieces, ast.Call) and dotted(pieces.func) in SAME_PIECES and pieces.args:
        pieces = pieces.args[0]
    return pieces


def _piece_kinds(program, pieces):
    """List the kinds of what is joined; mypy takes a list in its place for one of what join wants."""
    if isinstance(pieces, (ast.List, ast.Tuple)):
        return [program.kind(one) for one in pieces.elts]
    if isinstance(pieces, (ast.GeneratorExp, ast.ListComp)):
        return [program.kind(pieces.elt)]
    if isinstance(pieces, ast.Call) and dotted(pieces.func) == 'iter' and len(pieces.args) == 2:
        return [given(program, pieces.args[0])]
    return item_kinds(program.type(pieces))
