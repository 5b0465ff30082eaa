"""Files that ``makefile`` made."""

import ast

from pyside.ledger.checking.kinds import BYTES_LIKE, item_kinds
from pyside.ledger.checking.program import dotted, keyword, method, text_of

SOCKET = frozenset(['socket'])
TIMEOUTS = ('socket.timeout', 'timeout', 'TimeoutError', 'socket.TimeoutError')
TEXT_FILES = frozenset(['ledger_casts.TextFile', '_io.TextIOWrapper', 'typing.TextIO', '_io.StringIO'])
OF_SOCKETS = frozenset(['ledger_casts.File', 'socketserver._SocketWriter', 'io.BufferedIOBase', '_io._BufferedIOBase'])
READS = ('readline', 'read', 'readlines', 'next')


def modes(program):
    """Yield makefile of text, which is one of bytes on Python 2; an encoding says that text is meant."""
    for node in program.nodes:
        if method(node) != 'makefile' or not program.is_kind(node.func.value, SOCKET):
            continue
        mode = node.args[0] if node.args else keyword(node, 'mode')
        mode = 'r' if mode is None else text_of(mode)
        if mode is None or 'b' in mode or any(keyword(node, name) for name in ('encoding', 'newline', 'errors')):
            continue
        buffering = node.args[1] if len(node.args) > 1 else keyword(node, 'buffering') or keyword(node, 'bufsize')
        if isinstance(buffering, ast.Constant) and buffering.value == 0:
            yield node, 'makefile-unbuffered-text'
        else:
            yield node, 'makefile-write-text' if mode.startswith('w') else 'makefile-read-line'


def writes(program):
    """Yield bytes that are written to a file of text."""
    for node in program.nodes:
        if method(node) in ('write', 'writelines') and node.args and program.is_kind(node.func.value, TEXT_FILES):
            data = node.args[0]
            if method(node) == 'write' and program.is_bytes(data) or method(node) == 'writelines' and any(
                    found and found <= BYTES_LIKE for found in item_kinds(program.type(data))):
                yield node, _text_file(program, node.func.value)


def _text_file(program, node):
    """Return the entry about bytes that are written to a file of text."""
    if program.is_kind(node, frozenset(['_io.StringIO'])):
        return 'stringio-bytes'
    if program.is_kind(node, frozenset(['typing.TextIO'])):
        return 'stdout-write-bytes'
    return 'makefile-write-bytes' if _has_makefile(program) else 'open-write-bytes'


def text_written(program, node):
    """Return the entry about text that is written to a file of bytes."""
    if program.is_kind(node, frozenset(['_io.BytesIO'])):
        return 'bytesio-text'
    if program.is_kind(node, frozenset(['typing.IO'])):
        return 'subprocess-input-text'
    return 'makefile-wb-text' if _has_makefile(program) or program.kind(node) & OF_SOCKETS else 'open-wb-text'


def _has_makefile(program):
    """What open and makefile give has one type."""
    return 'makefile' in program.text


def retries(program):
    """Yield a read of a file of a socket that is tried again after a time-out: it has lost what it had, or is dead."""
    for node in program.nodes:
        if not isinstance(node, ast.Try) or not any(_goes_on(handler) for handler in node.handlers):
            continue
        if not any(isinstance(above, (ast.While, ast.For)) for above in program.ancestors(node)):
            continue
        for call in (inner for statement in node.body for inner in ast.walk(statement)):
            if method(call) in READS and program.kind(call.func.value) & {
                    'ledger_casts.File', 'ledger_casts.TextFile', '_io.BufferedReader', '_io.TextIOWrapper',
                    '_io.BufferedRWPair', 'socket.SocketIO', '_io._BufferedIOBase'}:
                yield call, 'makefile-line-time-out'


def _goes_on(handler):
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(dotted(type_) in TIMEOUTS for type_ in types) and not any(
        isinstance(node, (ast.Break, ast.Return, ast.Raise)) for node in handler.body)
