"""Calls that make bytes of text and text of bytes, or show one as if it were the other."""

import ast

from pyside.ledger.checking.kinds import BYTES, TEXT
from pyside.ledger.checking.program import dotted, keyword, method, text_of

INT = frozenset(['int'])
# Codecs that are none of text on Python 3.
TRANSFORMS = ('hex', 'base64', 'zlib', 'bz2', 'rot13', 'string_escape', 'string-escape', 'hex_codec', 'base64_codec')
# One byte, one character: nothing can be cut in half.
ONE_BYTE = ('ascii', 'us-ascii', 'latin-1', 'latin1', 'iso-8859-1', 'iso8859-1', 'iso-8859-15', 'cp1252', 'cp437',
            'l1', '646', 'windows-1252')


def calls(program):
    """Yield ``str``, ``bytes``, ``bytearray`` of the other kind."""
    for node in program.nodes:
        if not isinstance(node, ast.Call) or len(node.args) != 1 or node.keywords:
            continue
        name, value = dotted(node.func), node.args[0]
        if name in ('str', 'unicode'):
            if program.is_kind(value, frozenset(['bytearray'])):
                yield node, 'text-of-bytearray'
            elif program.is_kind(value, BYTES):
                yield node, 'str-of-bytes'
        elif name in ('bytes', 'bytearray') and program.is_text(value):
            yield node, 'bytes-of-str'
        elif name == 'memoryview' and program.is_text(value):
            yield node, 'memoryview-text'
        elif name == 'bytes' and program.is_kind(value, INT):
            yield node, 'bytes-of-number'


def codecs(program):
    """Yield ``decode`` of text, ``encode`` of bytes, and decoding that depends on where the network cut."""
    defined = {node.name for node in program.nodes if isinstance(node, ast.FunctionDef)}
    for node in program.nodes:
        name = method(node)
        if name not in ('encode', 'decode') or name in defined:
            continue
        encoding = node.args[0] if node.args else keyword(node, 'encoding')
        codec = (text_of(encoding) or '').lower() if encoding is not None else None
        if codec is not None and codec.replace('_codec', '') in TRANSFORMS and not _is_module(node.func.value):
            yield node, 'encode-hex'
        else:
            yield node, (_encoded if name == 'encode' else _decoded)(program, node, node.func.value, codec)


def _encoded(program, node, receiver, codec):
    if program.is_bytes(receiver):
        return 'encode-on-bytes'
    without = codec is None and not node.keywords and not program.only_python_3
    if without and not program.kind(receiver) - TEXT and not _is_module(receiver):
        return 'encode-without-encoding'
    return None


def _decoded(program, node, receiver, codec):
    if program.is_text(receiver):
        return 'decode-on-text'
    if not program.is_bytes(receiver):
        return None
    if codec is None and not program.only_python_3:
        return 'decode-without-encoding'
    return 'recv-buffered-by-text' if codec not in ONE_BYTE and _is_cut(program, receiver) else None


def _is_module(node):
    return (dotted(node) or '') in ('codecs', 'json', 'base64', 'binascii', 'quopri', 'uu', 'jwt', 'simplejson')


def _is_cut(program, node):
    """Tell whether bytes are what one recv returned, from a stream, and so end wherever the network cut."""
    if isinstance(node, ast.Name):
        if _has_datagrams(program):
            return False
        key = program.key(node)
        values = program.values(key)
        grown = any(isinstance(other, ast.AugAssign) and program.key(other.target) == key for other in program.nodes)
        return bool(values) and not grown and all(_is_cut(program, value) for value in values)
    return method(node) == 'recv' and bool(node.args) and not _has_datagrams(program) and (
        program.is_kind(node.func.value, frozenset(['socket'])))


def _has_datagrams(program):
    return 'SOCK_DGRAM' in program.text or 'SOCK_SEQPACKET' in program.text or '_DATAGRAM' in program.text


def prints(program):
    """Yield bytes that are printed, or logged: their repr on Python 3."""
    if program.only_python_3:
        return
    for node in program.nodes:
        if isinstance(node, ast.Call) and dotted(node.func) == 'print' and any(
                program.is_bytes(argument) for argument in node.args):
            yield node, 'print-bytes'
