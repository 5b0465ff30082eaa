"""``len(text)`` that goes over the wire in front of the encoded text: wrong for any character beyond ASCII."""

import ast

from pyside.ledger.checking.kinds import TEXT
from pyside.ledger.checking.program import dotted, keyword, method, own_nodes, place, text_of
from pyside.ledger.checking.rules.converting import ONE_BYTE

MAKE_ASCII = ('urlencode', 'quote', 'quote_plus', 'hexdigest', 'dumps', 'hex', 'str', 'ctime', 'asctime')
# What is told a length for people to read.
TELL = ('print', 'debug', 'info', 'warning', 'warn', 'error', 'log', 'exception', 'critical', '_log')
LAST = (1 << 30,)
WRITES_NUMBERS = ('pack', 'pack_into', 'htonl', 'htons', 'str', 'bytes', 'chr', 'hex', 'repr')


def headers(program):
    """Yield the length of text whose encoded form is used in the same function."""
    for function in program.nodes:
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Module)):
            continue
        nodes = list(own_nodes(function))
        lengths = {}
        for node in _lengths(program, nodes):
            if _is_written(program, node):
                yield node, 'length-of-text'
            above = program.parents[node]
            if isinstance(above, ast.Assign):
                lengths.update((program.key(target), node) for target in above.targets)
        for node in nodes if lengths else ():
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and program.key(node) in lengths and (
                    _is_written(program, node)):
                yield lengths[program.key(node)], 'length-of-text'


def _lengths(program, nodes):
    """List the calls of len for text that is encoded, unless it is replaced by what was encoded before."""
    encoded = {program.key(node.func.value) for node in nodes if _encodes(node)} - {None}
    encoded = {key for key in encoded if not _is_ascii(program, key)}
    replaced = _replaced(program, nodes) if encoded else {}
    return [node for node in nodes
            if encoded and isinstance(node, ast.Call) and dotted(node.func) == 'len' and len(node.args) == 1
            and program.key(node.args[0]) in encoded and not program.kind(node.args[0]) - TEXT
            and place(node) < replaced.get(program.key(node.args[0]), LAST)]


def _is_ascii(program, key):
    """Tell whether text is made by what makes ASCII alone."""
    values = program.values(key)
    return bool(values) and all(
        isinstance(value, ast.Call) and (dotted(value.func) or '').rpartition('.')[2] in MAKE_ASCII
        and keyword(value, 'ensure_ascii') is None for value in values)


def _replaced(program, nodes):
    """Return ``{key: place}`` where ``x = x.encode()`` makes bytes of text."""
    found = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and method(node.value) == 'encode':
            key = program.key(node.value.func.value)
            if key is not None and any(program.key(target) == key for target in node.targets):
                found[key] = min(place(node), found.get(key, LAST))
    return found


def _encodes(node):
    if method(node) != 'encode':
        return False
    encoding = node.args[0] if node.args else keyword(node, 'encoding')
    return (text_of(encoding) or 'utf-8').lower() not in ONE_BYTE


def _is_written(program, node):
    """Tell whether a number becomes part of a message."""
    below = node
    if any(isinstance(above, ast.Raise) or _tells(above) for above in program.ancestors(node)):
        return False
    for above in program.ancestors(node):
        if isinstance(above, ast.Call) and below is not above.func:
            name = (dotted(above.func) or '').rpartition('.')[2] or (method(above) or '')
            return name in WRITES_NUMBERS or method(above) == 'format'
        if isinstance(above, ast.Attribute) and above.attr == 'to_bytes':
            return True
        if isinstance(above, ast.BinOp) and isinstance(above.op, ast.Mod):
            return below is above.right
        if isinstance(above, ast.FormattedValue):
            return True
        if isinstance(above, (ast.stmt, ast.Compare)):
            return False
        below = above
    return False


def _tells(node):
    return isinstance(node, ast.Call) and (dotted(node.func) or '').rpartition('.')[2] in TELL
