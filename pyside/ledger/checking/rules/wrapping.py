"""struct, json, and the calls of the standard library in whose arguments mypy sees bytes and text meet."""

import ast
import re

from pyside.ledger.checking.kinds import TEXT, is_mapping, item_kinds, value_kind
from pyside.ledger.checking.program import dotted, method, text_of
from pyside.ledger.checking.rules.sending import origin

FORMAT = re.compile(r'(\d*|%(?:\(\w+\))?[dis])([xcbB?hHiIlLqQnNefdspP])')
FOR_LETTER = {'s': 'pack-s-text', 'p': 'pack-p-text', 'c': 'pack-c-text'}
ARGUMENT = re.compile(
    r'Argument (?:\d+|"\w+") to "(\w+)"(?: of "([\w.]+)")? has incompatible type "(.*?)"; expected "(.*?)"')
FORMATTED = re.compile(r"If x = b'abc' then f")
# What a function gets text for that takes bytes: the entry.  Where it is None, what is sent says which.
TEXT_FOR_BYTES = {
    'b64encode': 'base64-text', 'standard_b64encode': 'base64-text', 'urlsafe_b64encode': 'base64-text',
    'encodebytes': 'base64-text', 'encodestring': 'base64-text', 'compress': 'zlib-text', 'decompress': 'zlib-text',
    'crc32': 'zlib-text', 'adler32': 'zlib-text', 'new': 'hmac-text-key', 'HMAC': 'hmac-text-key',
    'inet_ntoa': 'inet-ntoa-text', 'inet_ntop': 'inet-ntoa-text', 'communicate': 'subprocess-input-text',
    'BytesIO': 'bytesio-text', 'unpack': 'unpack-text', 'unpack_from': 'unpack-text', 'iter_unpack': 'unpack-text',
    'hexlify': 'unhexlify-text', 'b2a_hex': 'unhexlify-text', 'update': 'hashlib-text', 'recv_into': 'recv-into-text',
    'read_until': 'contains-text', 'write': None, 'push': None, 'sock_sendall': None, 'write_bytes': None}
DUMPS = ('json.dumps', 'json.dump', 'simplejson.dumps')
HASHES = ('md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'blake2b', 'blake2s', 'sha3_256')
TEXT_FOR_BYTES.update(dict.fromkeys(HASHES + tuple('openssl_' + name for name in HASHES), 'hashlib-text'))
BYTES_FOR_TEXT = {'StringIO': 'stringio-bytes', 'getaddrinfo': 'getaddrinfo-host-bytes'}


def packs(program):
    """Yield text that is packed."""
    for node in program.nodes:
        if not isinstance(node, ast.Call) or (dotted(node.func) or '').rpartition('.')[2] not in ('pack', 'pack_into'):
            continue
        arguments, made = list(node.args), _made(program, node)
        if made is not None:
            arguments.insert(0, made)
        values = arguments[1:] if method(node) == 'pack' or dotted(node.func) == 'pack' else arguments[3:]
        template = _template(program, arguments[0]) if arguments else None
        if any(isinstance(value, ast.Starred) for value in values) or template is None:
            continue
        for letter, value in zip(_letters(template), values):
            if program.is_text(value):
                yield node, FOR_LETTER.get(letter, 'pack-text-number')


def _made(program, node):
    """Return the format of ``header = struct.Struct('>4sI')`` for ``header.pack(...)``, or None."""
    if method(node) is None or not program.is_kind(node.func.value, frozenset(['_struct.Struct'])):
        return None
    values = program.values(program.key(node.func.value))
    values = values if len(values) == 1 else [node.func.value]
    return values[0].args[0] if isinstance(values[0], ast.Call) and values[0].args else values[0]


def _template(program, node, depth=3):
    """Return a format of struct as text, in which ``%d`` stands for a count that is not known, or None."""
    if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
        return node.value.decode('latin-1') if isinstance(node.value, bytes) else node.value
    if depth and isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return _template(program, node.left, depth - 1)
    if depth and isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        sides = [_template(program, side, depth - 1) for side in (node.left, node.right)]
        return None if None in sides else ''.join(sides)
    values = program.values(program.key(node)) if depth and isinstance(node, (ast.Name, ast.Attribute)) else []
    return _template(program, values[0], depth - 1) if len(values) == 1 else None


def keys(program):
    """Yield ``hmac.new`` with text: mypy says too little of what it has more than one form of."""
    for node in program.nodes:
        if isinstance(node, ast.Call) and dotted(node.func) in ('hmac.new', 'hmac.HMAC') and any(
                program.is_text(argument) for argument in node.args[:2]):
            yield node, 'hmac-text-key'


def _letters(template):
    found = []
    for count, letter in FORMAT.findall(template):
        if count.startswith('%') and letter not in 'spx':
            # From here on nobody knows which value is for which letter.
            break
        if letter != 'x':
            found += [letter] * (1 if letter in 'sp' else min(int(count or 1), 99))
    return found


def dumps(program):
    """Yield bytes in what becomes JSON."""
    for node in program.nodes:
        if isinstance(node, ast.Call) and dotted(node.func) in DUMPS and node.args:
            value = node.args[0]
            type_ = program.type(value)
            if program.is_bytes(value) or any(_is_bytes(found) for found in _values(program, value, type_)):
                yield node, 'json-dumps-bytes'
            elif is_mapping(type_) and any(_is_bytes(found) for found in item_kinds(type_)):
                yield node, 'json-key-bytes'


def _is_bytes(found):
    return bool(found) and found <= {'bytes', 'bytearray'}


def _values(program, node, type_):
    if isinstance(node, ast.Dict):
        return [program.kind(value) for value in node.values]
    if isinstance(node, (ast.List, ast.Tuple)):
        return [program.kind(value) for value in node.elts]
    return [value_kind(type_)] if is_mapping(type_) else item_kinds(type_)


def said(program, messages):
    """Yield ``(line, entry)`` for messages of mypy about arguments."""
    for message in messages:
        if message.code == 'str-bytes-safe' and FORMATTED.match(message.text) and any(
                isinstance(node, ast.JoinedStr) and node.lineno <= message.line <= node.end_lineno
                for node in program.nodes):
            yield message.line, 'f-string'
        match = ARGUMENT.match(message.text)
        if not match:
            continue
        name, class_, given, expected = match.groups()
        if name == 'write' and class_ is not None:
            # Files and sockets have rules of their own.
            continue
        if given.startswith(('str', "Literal['")) and name in TEXT_FOR_BYTES and (
                'Buffer' in expected or 'bytes' in expected) and 'str' not in expected:
            yield message.line, TEXT_FOR_BYTES[name] or _sent(program, message)
        elif given == 'bytes' and name in BYTES_FOR_TEXT and 'str' in expected:
            yield message.line, BYTES_FOR_TEXT[name]


def _sent(program, message):
    for node in program.nodes:
        if isinstance(node, ast.expr) and (node.lineno, node.col_offset) == (message.line, message.column) and (
                program.kind(node) == TEXT or text_of(node) is not None):
            return origin(program, node) or 'send-text'
    return 'send-text'
