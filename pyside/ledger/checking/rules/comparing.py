"""Bytes that are compared with text, looked for among text, or used as its key."""

import ast

from pyside.ledger.checking.kinds import TEXT, is_mapping, item_kinds
from pyside.ledger.checking.program import method, text_of

INT = frozenset(['int'])
ORDERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def comparisons(program):
    """Yield comparisons of bytes with text, and of an item of bytes, a number, with either."""
    for node, left, operator, right in _pairs(program):
        if isinstance(operator, (ast.In, ast.NotIn)):
            continue
        for one, other in ((left, right), (right, left)):
            if program.is_bytes(one) and program.is_text(other):
                if isinstance(operator, ORDERS):
                    yield node, 'less'
                else:
                    yield node, 'recv-is-empty-text' if text_of(other) == '' else 'recv-is-text'
            elif program.is_kind(one, INT) and _is_character(program, other) and _is_item(program, one):
                yield node, 'recv-index'


def memberships(program):
    """Yield ``in`` between bytes and text."""
    for node, left, operator, right in _pairs(program):
        if not isinstance(operator, (ast.In, ast.NotIn)):
            continue
        kinds = item_kinds(program.type(right)) or [program.kind(one) for one in getattr(right, 'elts', [])]
        among_text = bool(kinds) and set(kinds) == {TEXT}
        among_bytes = bool(kinds) and all(found and found <= {'bytes', 'bytearray'} for found in kinds)
        if (program.is_bytes(left) and program.is_text(right)) or (program.is_text(left) and program.is_bytes(right)):
            yield node, 'contains-text'
        elif (program.is_bytes(left) and among_text) or (program.is_text(left) and among_bytes):
            yield node, 'key' if is_mapping(program.type(right)) else 'recv-is-text'
        elif program.is_kind(left, INT) and _is_item(program, left) and (among_text or program.is_text(right)):
            yield node, 'recv-index'


def keys(program):
    """Yield bytes that are the key of a dict whose keys are text."""
    for node in program.nodes:
        if isinstance(node, ast.Subscript):
            container, key = node.value, node.slice
        elif method(node) in ('get', 'has_key', 'pop', 'setdefault') and node.args:
            container, key = node.func.value, node.args[0]
        else:
            continue
        type_ = program.type(container)
        if is_mapping(type_) and item_kinds(type_) == [TEXT] and program.is_bytes(key):
            yield node, 'key'


def _pairs(program):
    for node in program.nodes:
        if isinstance(node, ast.Compare):
            sides = [node.left] + node.comparators
            for left, operator, right in zip(sides, node.ops, sides[1:]):
                yield node, left, operator, right


def _is_character(program, node):
    return isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)) and len(node.value) <= 1


def _is_item(program, node):
    """Tell whether a number is an item of bytes: by index, in a loop, or by a name for one of these."""
    if isinstance(node, ast.Subscript):
        return program.is_bytes(node.value)
    if not isinstance(node, ast.Name):
        return False
    key = program.key(node)
    return any(program.is_bytes(iterated) for iterated in program.looped(key)) or any(
        isinstance(value, ast.Subscript) and program.is_bytes(value.value) for value in program.values(key))
