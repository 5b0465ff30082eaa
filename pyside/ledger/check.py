"""Points at the lines of a program that an entry of the ledger is about.

::

    server.py:9: recv-is-text: Compare with b'1'.

It reads the program as a tree (module ``ast``) and knows which names hold what
``recv`` returned, as far as they are assigned in plain sight.  It finds what can
be seen, not all there is; what it says is true of some version in the ledger.

A source that does not parse is Python 2, or wrong: where there is a Python 2.7,
this module is run once more on that, which parses it.
"""

import ast
import io
import re
import subprocess
import sys

from pyside.ledger.entries import entries
from pyside.net.compat import PY2
from pyside.wire.errors import EXIT_OK, EXIT_USAGE

EXIT_FOUND = 1
RECEIVES = ('recv', 'recvfrom')
SENDS = ('send', 'sendall', 'sendto')
PYTHON_2 = ['python2.7', 'python2']

IMPORTS = {
    'SocketServer': 'import-socketserver', 'commands': 'commands', 'Queue': 'queue-module', 'thread': 'thread-module',
    'urlparse': 'urlparse', 'ConfigParser': 'configparser', 'StringIO': 'stringio-module', 'asyncore': 'asyncore'}
NAMES = {
    'raw_input': 'raw-input', 'buffer': 'send-buffer', 'long': 'long', 'xrange': 'xrange', 'reload': 'reload',
    'input': 'input-evaluates'}
# module.function: the entry, where any call is one.
FUNCTIONS = {
    'string.atoi': 'atoi', 'base64.encodestring': 'base64-encodestring', 'commands.getoutput': 'commands',
    'commands.getstatusoutput': 'commands', 'subprocess.getstatusoutput': 'getstatusoutput',
    'subprocess.run': 'subprocess-run', 'socket.create_server': 'create-server', 'ssl.wrap_socket': 'ssl-wrap-socket',
    'time.monotonic': 'monotonic', 'os.fsencode': 'fsencode', 'int.from_bytes': 'from-bytes'}
METHODS = {
    'has_key': 'has-key', 'sendmsg': 'sendmsg', 'recvmsg': 'recvmsg', 'getblocking': 'getblocking',
    'get_inheritable': 'get-inheritable', 'removeprefix': 'removeprefix', 'hex': 'hex', 'isascii': 'isascii',
    'casefold': 'casefold', 'to_bytes': 'to-bytes'}
# method of received bytes: the entry, where the first argument is text.
WITH_TEXT = {
    'split': 'split-text-argument', 'strip': 'strip-text-argument', 'rstrip': 'strip-text-argument',
    'lstrip': 'strip-text-argument', 'replace': 'replace-text', 'startswith': 'startswith-text',
    'endswith': 'startswith-text', 'find': 'contains-text'}
EXCEPT_COMMA = re.compile(r'^\s*except\s+[\w.()]+\s*,\s*\w+\s*:')


def check(source):
    """List the findings in a program.

    :param source: bytes.
    :returns: ``(line, name of the entry)``, in the order of the lines.
    :raises SyntaxError: when this interpreter cannot parse it.
    """
    tree = ast.parse(source)
    finder = _Finder(source.decode('utf-8', 'replace').splitlines())
    # What is assigned comes first, wherever it stands.
    for node in ast.walk(tree):
        finder.learn(node)
    for node in ast.walk(tree):
        finder.visit_one(node)
    return sorted(set(finder.found))


class _Finder(object):

    def __init__(self, lines):
        self.found = []
        self._lines = lines
        self._received = set()
        self._guarded = set()
        self._masked = set()
        for number, line in enumerate(lines, 1):
            if PY2 and EXCEPT_COMMA.match(line):
                self.found.append((number, 'except-comma'))

    def learn(self, node):
        """Note which names hold received bytes, and which imports have an alternative."""
        if isinstance(node, ast.Assign) and _method(node.value) in RECEIVES:
            for target in node.targets:
                first = target.elts[0] if isinstance(target, (ast.Tuple, ast.List)) and target.elts else target
                if isinstance(first, ast.Name):
                    self._received.add(first.id)
        if type(node).__name__ in ('Try', 'TryExcept'):
            for child in ast.walk(node):
                if isinstance(child, (ast.Import, ast.ImportFrom)):
                    self._guarded.add(child)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd):
            self._masked.update([node.left, node.right])

    def visit_one(self, node):
        visit = getattr(self, '_' + type(node).__name__.lower(), None)
        if visit is not None:
            visit(node)

    def _say(self, node, name):
        self.found.append((node.lineno, name))

    def _is_received(self, node):
        return (isinstance(node, ast.Name) and node.id in self._received) or _method(node) in RECEIVES

    def _is_text(self, node):
        """Tell whether a literal is text on Python 3."""
        # PY2: a literal does not remember its b; the source does.
        if PY2 and isinstance(node, ast.Str):
            return self._lines[node.lineno - 1][node.col_offset:][:1] not in ('b', 'B')
        return isinstance(_value(node), type(u''))

    def _import(self, node):
        for alias in node.names:
            if alias.name in IMPORTS and node not in self._guarded:
                self._say(node, IMPORTS[alias.name])

    def _importfrom(self, node):
        if node.module in IMPORTS and node not in self._guarded:
            self._say(node, IMPORTS[node.module])

    def _print(self, node):
        # One value in parentheses is the same in both.
        if not self._lines[node.lineno - 1][node.col_offset:].startswith(('print(', 'print (')):
            self._say(node, 'print-statement')

    def _compare(self, node):
        sides = [node.left] + node.comparators
        if any(self._is_received(side) for side in sides):
            for side in sides:
                if self._is_text(side):
                    self._say(node, 'recv-is-text' if _value(side) else 'recv-is-empty-text')

    def _binop(self, node):
        text, received = self._is_text, self._is_received
        if isinstance(node.op, ast.Add) and ((text(node.left) and received(node.right)) or
                                             (received(node.left) and text(node.right))):
            self._say(node, 'add')
        if isinstance(node.op, ast.Mod) and text(node.left):
            values = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
            if any(received(value) for value in values):
                self._say(node, 'percent-bytes-into-text')

    def _subscript(self, node):
        is_index = not isinstance(node.slice, ast.Slice)
        if is_index and self._is_received(node.value):
            self._say(node, 'recv-index')
        if is_index and _method(node.value) == 'keys':
            self._say(node, 'dict-keys-index')

    def _for(self, node):
        if self._is_received(node.iter):
            self._say(node, 'recv-iterate')

    def _excepthandler(self, node):
        if node.name is None:
            return
        name = node.name.id if isinstance(node.name, ast.Name) else node.name
        for child in ast.walk(node):
            if isinstance(child, ast.Subscript) and isinstance(child.value, ast.Name) and child.value.id == name:
                self._say(child, 'error-index')
            if isinstance(child, ast.Attribute) and isinstance(child.value, ast.Name) and child.value.id == name:
                if child.attr == 'message':
                    self._say(child, 'error-message')
                if child.attr == 'errno' and _dotted(node.type) == 'select.error':
                    self._say(child, 'select-error-errno')

    def _with(self, node):
        for item in getattr(node, 'items', [node]):
            if _dotted(getattr(item.context_expr, 'func', None)) == 'socket.socket':
                self._say(node, 'socket-with')

    def _call(self, node):
        dotted, method = _dotted(node.func), _method(node)
        if isinstance(node.func, ast.Name) and node.func.id in NAMES:
            self._say(node, NAMES[node.func.id])
        if dotted in FUNCTIONS:
            self._say(node, FUNCTIONS[dotted])
        elif method in METHODS:
            self._say(node, METHODS[method])
        for rule in (self._sent, self._converted, self._asked, self._packed):
            name = rule(node, dotted, method)
            if name is not None:
                self._say(node, name)

    def _sent(self, node, dotted, method):
        if method not in SENDS or not node.args:
            return None
        data = node.args[0]
        if self._is_text(data):
            return 'send-str'
        called = _dotted(data.func) if isinstance(data, ast.Call) else None
        by_call = {'str': 'send-str-of-number', 'len': 'send-len', 'json.dumps': 'json-send', 'input': 'send-text',
                   'raw_input': 'send-text', 'unicode': 'send-text'}
        if called in by_call:
            return by_call[called]
        is_format = isinstance(data, ast.BinOp) and isinstance(data.op, ast.Mod) and self._is_text(data.left)
        formats = _method(data) == 'format' and self._is_text(data.func.value)
        if is_format or formats or type(data).__name__ == 'JoinedStr':
            return 'send-format'
        return None

    def _converted(self, node, dotted, method):
        first = node.args[0] if node.args else None
        if dotted == 'str' and self._is_received(first):
            return 'str-of-bytes'
        if dotted == 'int' and self._is_received(first):
            return 'int-white-space'
        if dotted == 'bytes' and first is not None and len(node.args) == 1:
            if self._is_text(first):
                return 'bytes-of-str'
            if isinstance(_value(first), int):
                return 'bytes-of-number'
        if method in WITH_TEXT and self._is_received(node.func.value) and first is not None and self._is_text(first):
            return WITH_TEXT[method]
        if method in ('decode', 'encode') and _value(first) == 'hex':
            return 'encode-hex'
        if method == 'decode' and self._is_received(node.func.value):
            return 'recv-buffered-by-text' if node.args else 'decode-without-encoding'
        if method == 'encode' and not node.args and not node.keywords:
            return 'encode-without-encoding'
        return None

    def _asked(self, node, dotted, method):
        first = node.args[0] if node.args else None
        if method in RECEIVES and isinstance(first, ast.BinOp) and isinstance(first.op, ast.Div):
            return 'recv-half-size'
        if method == 'makefile' and 'b' not in str(_value(first) or ''):
            return 'makefile-read-line'
        if method == 'listen' and not node.args:
            return 'listen-without-backlog'
        if dotted == 'len' and isinstance(first, ast.Call) and _dotted(first.func) == 'map':
            return 'map-length'
        return None

    def _packed(self, node, dotted, method):
        if dotted == 'struct.pack' and any(self._is_text(value) for value in node.args[1:]):
            return 'pack-s-text'
        if dotted == 'zlib.crc32' and node not in self._masked:
            return 'crc32-sign'
        if dotted == 'hmac.new' and len(node.args) + len(node.keywords) < 3:
            return 'hmac-default-digest'
        if dotted == 'pickle.dumps' and len(node.args) + len(node.keywords) < 2:
            return 'pickle-default-protocol'
        return None


def _method(node):
    """Return the name of the method that a call calls, or None."""
    return node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else None


def _dotted(node):
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return '%s.%s' % (node.value.id, node.attr)
    return None


def _value(node):
    """Return the value of a literal, or None."""
    # Before Python 3.8 each kind of literal was a class of its own.
    if type(node).__name__ in ('Str', 'Bytes', 'Num'):
        return getattr(node, 's', getattr(node, 'n', None))
    return node.value if type(node).__name__ == 'Constant' else None


def main(paths):
    """Check files; return the exit status, 1 where something was found, 2 where a file cannot be read."""
    status = EXIT_OK
    for path in paths:
        try:
            with io.open(path, 'rb') as file:
                source = file.read()
        except EnvironmentError as error:
            sys.stderr.write('ledger: cannot read %s: %s\n' % (path, error.strerror))
            status = EXIT_USAGE
            continue
        try:
            found = check(source)
        except SyntaxError as error:
            status = max(status, _check_as_python_2(path, error))
            continue
        advice = entries()
        for line, name in found:
            sys.stdout.write('%s:%d: %s: %s\n' % (path, line, name, advice[name].advice))
            status = max(status, EXIT_FOUND)
    return status


def _check_as_python_2(path, error):
    sys.stdout.write('%s:%s: no Python %d: %s\n' % (path, error.lineno, sys.version_info[0], error.msg))
    sys.stdout.flush()
    for python in [] if PY2 else PYTHON_2:
        try:
            if subprocess.call([python, '-c', ''], stderr=subprocess.PIPE) == 0:
                return subprocess.call([python, '-m', 'pyside.ledger', 'check', path])
        except OSError:
            pass
    sys.stdout.write('%s: not checked: it takes a Python 2.7 to parse it\n' % path)
    return EXIT_FOUND
