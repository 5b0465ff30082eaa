"""What is sent, and is not bytes."""

import ast

from pyside.ledger.checking.kinds import BYTES, TEXT, item_kinds
from pyside.ledger.checking.program import dotted, method, text_of
from pyside.ledger.checking.rules.files import text_written

SENDS = ('send', 'sendall', 'sendto')
# Receivers of write whose type is known only by their name.
TRANSPORTS = ('transport', '_transport')
STREAMS = frozenset(['ledger_casts.Writer', 'asyncio.streams.StreamWriter', 'telnetlib.Telnet', 'ssl.SSLObject'])
FILES = frozenset(['ledger_casts.File', '_io.BufferedWriter', '_io.BufferedRWPair', 'io.BufferedIOBase',
                   '_io._BufferedIOBase', '_io.BytesIO', 'socketserver._SocketWriter', 'typing.BinaryIO'])
SOCKET = frozenset(['socket'])
INT = frozenset(['int'])
LIST = frozenset(['builtins.list'])
FORMATS = ('format', 'format_map')
TYPED = ('input', 'raw_input', 'unicode')


def sends(program):
    """Yield what send, sendall and sendto are given that is no bytes."""
    own = _own(program)
    for call in _calls(program, SENDS):
        if (dotted(call.func.value), method(call)) in own:
            continue
        if program.is_kind(call.func.value, SOCKET) or _is_transport(program, call.func.value):
            yield call, _why(program, call.args[0])
    for call in _calls(program, ('push',)):
        if ('self', 'push') not in own and program.is_kind(
                call.func.value, frozenset(['asynchat.async_chat', 'socket'])):
            yield call, _why(program, call.args[0])


def writes(program):
    """Yield text that is written to a file of a socket, or to a stream of asyncio."""
    for call in _calls(program, ('write', 'writelines')):
        receiver, data = call.func.value, call.args[0]
        if program.is_kind(receiver, STREAMS | SOCKET) or _is_transport(program, receiver):
            yield call, _why(program, data)
        elif (program.is_kind(receiver, FILES) or _is_pipe(program, receiver)) and any(
                program.is_text(one) or origin(program, one) for one in getattr(data, 'elts', [data])):
            yield call, text_written(program, receiver)


def _is_pipe(program, node):
    """Tell whether a file is the end of a pipe, as Popen makes them, that takes bytes."""
    return program.is_kind(node, frozenset(['typing.IO'])) and item_kinds(program.type(node)) == [BYTES]


def _own(program):
    """Return ``('self', name)`` of methods that the program defines: they may well encode."""
    return {('self', node.name) for node in program.nodes
            if isinstance(node, ast.FunctionDef) and program.class_of(node) is not None}


def _calls(program, names):
    for node in program.nodes:
        if method(node) in names and node.args and not isinstance(node.args[0], ast.Starred):
            yield node


def _is_transport(program, node):
    name = dotted(node) or ''
    return name.rpartition('.')[2] in TRANSPORTS and not program.kind(node) - frozenset([
        'asyncio.transports.Transport', 'asyncio.transports.DatagramTransport', 'asyncio.transports.BaseTransport'])


def _why(program, data):
    """Return the entry for what is sent, or None when it may be bytes."""
    if program.is_text(data):
        return origin(program, data) or 'send-text'
    if program.is_kind(data, INT):
        return 'send-len' if isinstance(data, ast.Call) and dotted(data.func) == 'len' else 'send-int'
    if program.is_kind(data, LIST) and isinstance(data, (ast.List, ast.ListComp)):
        return 'send-list'
    return origin(program, data) if not program.kind(data) else None


def origin(program, node, depth=5):
    """Return the entry for where a text comes from, or None when it may be bytes."""
    if depth == 0:
        return None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _of_sum(program, node, depth)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return 'send-format' if program.is_text(node.left) else None
    if isinstance(node, ast.JoinedStr):
        return 'send-format'
    if text_of(node) is not None and not program.is_kind(node, BYTES):
        return 'send-text' if node.kind == 'u' else 'send-str'
    if isinstance(node, ast.Call):
        return _of_call(program, node, depth)
    if isinstance(node, ast.Name):
        return _of_name(program, node, depth)
    if isinstance(node, (ast.Subscript, ast.IfExp)):
        inner = [node.value] if isinstance(node, ast.Subscript) else [node.body, node.orelse]
        return next(filter(None, (origin(program, one, depth - 1) for one in inner if program.is_text(one))), None)
    return None


def _of_sum(program, node, depth):
    """A sum with a literal of text is text, whatever the others are."""
    sides = [origin(program, side, depth - 1) for side in (node.left, node.right)]
    sides = [side for side in sides if side]
    for entry in ('json-send', 'send-format', 'send-str', 'send-str-of-number'):
        if entry in sides:
            return entry
    return sides[0] if sides else None


def _of_call(program, node, depth):
    name, called = dotted(node.func) or '', method(node)
    if name in ('str', 'repr'):
        return 'send-str-of-number'
    if name == 'chr':
        return 'send-str'
    if name in TYPED or name.endswith('stdin.readline'):
        return 'send-text'
    if name.rpartition('.')[2] == 'dumps' and name.partition('.')[0] in ('json', 'simplejson', 'dumps'):
        return 'json-send' if name != 'dumps' or program.is_text(node) else None
    if called in FORMATS and program.is_text(node.func.value):
        return 'send-format'
    if called == 'join' and program.is_text(node.func.value):
        return 'send-str'
    if called is not None and program.kind(node) == TEXT:
        return origin(program, node.func.value, depth - 1)
    return None


def _of_name(program, node, depth):
    """Ask the assignments to a name, when text is all that it holds."""
    if program.kind(node) != TEXT:
        return None
    values = program.values(program.key(node))
    return next(filter(None, (origin(program, value, depth - 1) for value in values)), None)
