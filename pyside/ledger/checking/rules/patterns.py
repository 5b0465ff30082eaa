"""Regular expressions: a pattern of text finds nothing in bytes, but a TypeError, and the reverse."""

from pyside.ledger.checking.kinds import BYTES, BYTES_LIKE, TEXT, UNKNOWN, item_kinds
from pyside.ledger.checking.program import dotted, method

# method: the place of what is searched.  Functions of re have the pattern in front.
METHODS = {'match': 0, 'search': 0, 'fullmatch': 0, 'findall': 0, 'finditer': 0, 'split': 0, 'sub': 1, 'subn': 1}
PATTERN = frozenset(['re.Pattern'])


def searches(program):
    """Yield what is searched with a pattern of the other kind."""
    for node in program.nodes:
        name = method(node)
        if name not in METHODS:
            continue
        receiver, arguments = node.func.value, list(node.args)
        if dotted(receiver) == 're' and arguments:
            kinds = _pattern(program, arguments.pop(0))
        elif program.is_kind(receiver, PATTERN):
            kinds = _pattern(program, receiver)
        else:
            continue
        searched = [program.kind(argument) for argument in arguments[:METHODS[name] + 1]]
        if kinds == TEXT and any(found and found <= BYTES_LIKE for found in searched):
            yield node, 're-text-pattern'
        elif kinds == BYTES and TEXT in searched:
            yield node, 're-bytes-pattern'


def _pattern(program, node):
    """Return the kind of a pattern, or of what was compiled."""
    if program.is_kind(node, PATTERN):
        return (item_kinds(program.type(node)) or [UNKNOWN])[0]
    return program.kind(node)
