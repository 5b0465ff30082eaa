"""What came in: its items, the loops over it, its methods, and how much was asked for."""

import ast

from mypy.types import CallableType, Instance, get_proper_type

from pyside.ledger.checking.kinds import BYTES_LIKE, TEXT, kind
from pyside.ledger.checking.program import dotted, method, text_of

BYTES = frozenset(['bytes'])
INT = frozenset(['int'])
# method: the entry, where bytes get an argument of text, or text gets one of bytes.
WITH_TEXT = {
    'split': 'split-text-argument', 'rsplit': 'split-text-argument', 'partition': 'split-text-argument',
    'rpartition': 'split-text-argument', 'strip': 'strip-text-argument', 'rstrip': 'strip-text-argument',
    'lstrip': 'strip-text-argument', 'replace': 'replace-text', 'startswith': 'startswith-text',
    'endswith': 'startswith-text', 'find': 'contains-text', 'rfind': 'contains-text', 'index': 'contains-text',
    'rindex': 'contains-text', 'count': 'contains-text', 'ljust': 'ljust-text', 'rjust': 'ljust-text',
    'center': 'ljust-text'}
TO_BYTEARRAY = {'extend': 'bytearray-extend-text', 'append': 'bytearray-append', 'insert': 'bytearray-append'}
RECEIVES = ('recv', 'recvfrom', 'recv_into', 'recvfrom_into', 'recvmsg')
NUMBERS = (ast.BitAnd, ast.BitOr, ast.BitXor, ast.LShift, ast.RShift, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv,
           ast.Pow, ast.Mod)
TAKE_NUMBERS = ('chr', 'hex', 'bin', 'range', 'int', 'min', 'max', 'divmod')


def items(program):
    """Yield ``data[0]``, a number on Python 3, unless it is used as one."""
    for node in program.nodes:
        if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice) and (
                isinstance(node.ctx, ast.Load) and program.is_kind(node.value, BYTES)):
            use = _use(program, node)
            if use == 'text' or (use is None and not program.only_python_3):
                yield node, 'recv-index'
        elif isinstance(node, ast.Call) and dotted(node.func) == 'ord' and len(node.args) == 1:
            value = node.args[0]
            if isinstance(value, ast.Name) and program.is_kind(value, INT) and not program.looped(program.key(value)):
                yield node, 'recv-index'


def loops(program):
    """Yield loops over bytes, which give numbers on Python 3, unless the loop takes them for such."""
    for node in program.nodes:
        if isinstance(node, ast.Call) and dotted(node.func) == 'map' and len(node.args) == 2:
            if dotted(node.args[0]) == 'ord' and program.is_kind(node.args[1], BYTES):
                yield node, 'recv-iterate'
            continue
        if not isinstance(node, (ast.For, ast.comprehension)) or not program.is_kind(node.iter, BYTES):
            continue
        around = program.parents[node] if isinstance(node, ast.comprehension) else node
        uses = {_use(program, name) for name in ast.walk(around)
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load)
                and isinstance(node.target, ast.Name) and name.id == node.target.id}
        if 'text' in uses or ('number' not in uses and not program.only_python_3):
            yield node.iter, 'recv-iterate'


def _use(program, node):
    """Return whether an item of bytes is used as ``text``, as a ``number``, or None as nobody knows what."""
    above = program.parents.get(node)
    if isinstance(above, ast.Call) and node in above.args:
        name = dotted(above.func)
        return 'text' if name == 'ord' else 'number' if name in TAKE_NUMBERS else None
    if isinstance(above, ast.Compare):
        others = [other for other in [above.left] + above.comparators if other is not node]
        return _use_beside(program, [one for other in others for one in getattr(other, 'elts', [other])])
    if isinstance(above, ast.BinOp):
        other = above.left if above.right is node else above.right
        if isinstance(above.op, ast.Mod) and above.right is node and program.kind(other) & (TEXT | BYTES_LIKE):
            return 'number' if any(letter in (text_of(other) or '') for letter in 'dxXobc') else None
        return 'number' if isinstance(above.op, NUMBERS) else _use_beside(program, [other])
    if isinstance(above, ast.FormattedValue) or (isinstance(above, ast.Subscript) and above.slice is node):
        return 'number'
    return _use_beside(program, [above.target]) if isinstance(above, ast.AugAssign) else None


def _use_beside(program, others):
    """Return what an item is used as by what stands beside it."""
    if any(program.is_kind(other, INT) for other in others):
        return 'number'
    return 'text' if any(program.is_kind(other, TEXT | BYTES_LIKE) for other in others) else None


def methods(program):
    """Yield methods of bytes that are given text, and the reverse."""
    for node in program.nodes:
        name = method(node)
        if name not in WITH_TEXT and name not in TO_BYTEARRAY:
            continue
        receiver = node.func.value
        arguments = [one for argument in node.args for one in getattr(argument, 'elts', [argument])]
        if name in WITH_TEXT and any(
                (program.is_bytes(receiver) and program.is_text(argument))
                or (program.is_text(receiver) and program.is_bytes(argument)) for argument in arguments):
            yield node, WITH_TEXT[name]
        elif name in TO_BYTEARRAY and program.is_kind(receiver, frozenset(['bytearray'])) and any(
                program.is_text(argument) for argument in arguments):
            yield node, TO_BYTEARRAY[name]


def sentinels(program):
    """Yield ``iter(lambda: s.recv(9), '')``, which never ends on Python 3."""
    for node in program.nodes:
        if isinstance(node, ast.Call) and dotted(node.func) == 'iter' and len(node.args) == 2 and (
                program.is_text(node.args[1]) and given(program, node.args[0]) <= BYTES_LIKE):
            yield node, 'iter-recv-text'


def given(program, node):
    """Return the kind of what a callable returns; of what is not known, one that is no bytes."""
    if isinstance(node, ast.Lambda):
        found = program.kind(node.body)
    elif isinstance(node, ast.Call) and (dotted(node.func) or '').rpartition('.')[2] == 'partial' and node.args:
        return given(program, node.args[0])
    else:
        type_ = program.type(node)
        type_ = get_proper_type(type_) if type_ is not None else None
        found = kind(type_.ret_type) if isinstance(type_, CallableType) else (
            kind(type_.args[0]) if isinstance(type_, Instance) and type_.type.name == 'partial' else frozenset())
    return found or frozenset(['unknown'])


def sizes(program):
    """Yield sizes that are no whole numbers on Python 3."""
    for node in program.nodes:
        if method(node) in RECEIVES and node.args and program.is_kind(node.func.value, frozenset(['socket'])):
            size = node.args[0]
            if isinstance(size, ast.BinOp) and isinstance(size.op, ast.Div):
                yield node, 'recv-half-size'
            elif program.is_text(size) and method(node) in ('recv', 'recvfrom'):
                yield node, 'recv-text-size'


def truncated(program):
    """Yield recv with MSG_TRUNC, whose count may be larger than the room."""
    for node in program.nodes:
        if method(node) in ('recv', 'recvfrom') and any(
                isinstance(one, (ast.Name, ast.Attribute)) and (dotted(one) or '').endswith('MSG_TRUNC')
                for argument in node.args[1:] + [word.value for word in node.keywords] for one in ast.walk(argument)):
            yield node, 'recv-trunc'
