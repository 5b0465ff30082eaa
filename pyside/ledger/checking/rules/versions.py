"""What only one of the Pythons has: modules, names, functions, methods.

What 2.7 lacks is told of programs only that 2.7 could run otherwise.
"""

import ast

from pyside.ledger.checking.kinds import BYTES_LIKE, TEXT, is_mapping
from pyside.ledger.checking.program import dotted, method

IMPORTS = {
    'SocketServer': 'import-socketserver', 'commands': 'commands', 'Queue': 'queue-module', 'thread': 'thread-module',
    'urlparse': 'urlparse', 'ConfigParser': 'configparser', 'StringIO': 'stringio-module', 'asyncore': 'asyncore',
    'httplib': 'httplib', 'urllib2': 'urllib2', 'BaseHTTPServer': 'basehttpserver', 'xmlrpclib': 'xmlrpclib',
    'cPickle': 'cpickle', 'cStringIO': 'cstringio', 'md5': 'md5-module', 'asynchat': 'asynchat', 'smtpd': 'smtpd',
    'imp': 'imp', 'cgi': 'cgi', 'telnetlib': 'telnetlib', 'nntplib': 'nntplib', 'crypt': 'crypt'}
NAMES = {
    'raw_input': 'raw-input', 'buffer': 'send-buffer', 'long': 'long', 'xrange': 'xrange', 'reload': 'reload',
    'execfile': 'execfile', 'file': 'file'}
# Those that are named as often as called.
TYPES = {'unicode': 'unicode', 'basestring': 'basestring', 'unichr': 'unichr', 'cmp': 'cmp'}
# module.function that Python 3 lacks, or that does other things there.
GONE = {
    'string.atoi': 'atoi', 'base64.encodestring': 'base64-encodestring', 'base64.decodestring': 'base64-encodestring',
    'commands.getoutput': 'commands', 'commands.getstatusoutput': 'commands', 'ssl.wrap_socket': 'ssl-wrap-socket',
    'urllib.quote': 'urllib-quote', 'urllib.quote_plus': 'urllib-quote', 'urllib.unquote': 'urllib-quote',
    'urllib.urlencode': 'urllib-quote', 'pipes.quote': 'pipes-quote',
    'itertools.izip': 'izip', 'itertools.imap': 'izip',
    'time.clock': 'time-clock', 'os.getcwdu': 'getcwdu', 'string.join': 'string-join',
    'string.maketrans': 'string-maketrans', 'inspect.getargspec': 'getargspec', 'ssl.match_hostname': 'match-hostname'}
# The same of what is no function.
GONE_NAMES = {
    'sys.maxint': 'maxint', 'string.letters': 'string-letters', 'os.errno': 'os-errno',
    'asyncio.coroutine': 'asyncio-coroutine', 'collections.Mapping': 'collections-mapping',
    'collections.MutableMapping': 'collections-mapping', 'collections.Iterable': 'collections-mapping',
    'collections.Callable': 'collections-mapping', 'collections.Sequence': 'collections-mapping'}
# Methods that Python 3 lacks, of whatever they are called.
GONE_METHODS = {
    'iteritems': 'iteritems', 'iterkeys': 'iteritems', 'itervalues': 'iteritems', 'isAlive': 'thread-is-alive',
    'assertEquals': 'assert-equals'}
# module.function that Python 2.7 lacks.
NEW = {
    'subprocess.getstatusoutput': 'getstatusoutput', 'subprocess.run': 'subprocess-run',
    'socket.create_server': 'create-server', 'time.monotonic': 'monotonic', 'os.fsencode': 'fsencode',
    'int.from_bytes': 'from-bytes'}
# Methods that Python 2.7 lacks, and what has them on Python 3.
OF_BYTES, OF_INT, OF_SOCKET = BYTES_LIKE, frozenset(['int']), frozenset(['socket'])
METHODS = {
    'sendmsg': ('sendmsg', OF_SOCKET), 'recvmsg': ('recvmsg', OF_SOCKET), 'getblocking': ('getblocking', OF_SOCKET),
    'get_inheritable': ('get-inheritable', OF_SOCKET), 'removeprefix': ('removeprefix', OF_BYTES | TEXT),
    'hex': ('hex', OF_BYTES), 'isascii': ('isascii', OF_BYTES | TEXT), 'casefold': ('casefold', TEXT),
    'to_bytes': ('to-bytes', OF_INT)}


def imports(program):
    """Yield modules that have another name."""
    for node in program.nodes:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else (
            [node.module] if isinstance(node, ast.ImportFrom) and not node.level else [])
        for name in names:
            yield node, IMPORTS.get(name)
        if isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                name = '%s.%s' % (node.module, alias.name)
                yield node, GONE.get(name) or GONE_NAMES.get(name)


def names(program):
    """Yield builtins that Python 3 lacks, unless the program makes them itself."""
    bound = program.bound(program.tree) | {
        alias.asname or alias.name for node in program.nodes
        if isinstance(node, (ast.Import, ast.ImportFrom)) for alias in node.names} | {
        node.name for node in program.nodes if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    for node in program.nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in TYPES and (
                node.id not in bound and program.scope(node, node.id) is program.tree):
            yield node, TYPES[node.id]
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        name = node.func.id
        if name in bound or program.scope(node, name) is not program.tree:
            continue
        if name == 'input' and not program.only_python_3:
            yield node, 'input-evaluates'
        elif name in NAMES:
            yield node, NAMES[name]


def functions(program):
    """Yield functions of modules that one of the Pythons lacks, or that have another default."""
    masked = {side for node in program.nodes if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd)
              for side in (node.left, node.right)}
    for node in program.nodes:
        name = dotted(node.func) if isinstance(node, ast.Call) else None
        count = len(node.args) + len(node.keywords) if name else 0
        if name in GONE:
            yield node, GONE[name]
        elif name is None or program.only_python_3:
            continue
        elif name in NEW:
            yield node, NEW[name]
        elif name == 'zlib.crc32' and node not in masked:
            yield node, 'crc32-sign'
        elif name == 'pickle.dumps' and count < 2:
            yield node, 'pickle-default-protocol'
    for node in program.nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield node, GONE_NAMES.get(dotted(node))
        if isinstance(node, ast.Call) and dotted(node.func) == 'hmac.new' and len(node.args) + len(node.keywords) < 3:
            yield node, 'hmac-default-digest'


def methods(program):
    """Yield methods that one of the Pythons lacks, where the type of the value is known."""
    for node in program.nodes:
        name = method(node)
        if name is None:
            continue
        receiver = node.func.value
        if name == 'has_key' and len(node.args) == 1:
            yield node, 'has-key'
        elif name in GONE_METHODS and not _is_own(program, name):
            yield node, GONE_METHODS[name]
        elif name == 'listen' and not node.args and not program.only_python_3 and program.is_kind(
                receiver, OF_SOCKET) and not program.is_only_likely(receiver):
            yield node, 'listen-without-backlog'
        elif name in METHODS and not program.only_python_3 and program.is_kind(receiver, METHODS[name][1]):
            yield node, METHODS[name][0]


def _is_own(program, name):
    """Tell whether a class of the program has such a method."""
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in program.nodes)


def statements(program):
    """Yield ``keys()[0]``, ``len(map())``, a socket in ``with``, and what was a print statement."""
    for node in program.nodes:
        if isinstance(node, ast.Subscript) and method(node.value) in ('keys', 'values', 'items') and (
                not node.value.args and is_mapping(program.type(node.value.func.value))):
            yield node, 'dict-keys-index'
        elif isinstance(node, ast.Call) and dotted(node.func) == 'len' and node.args and (
                isinstance(node.args[0], ast.Call) and dotted(node.args[0].func) in ('map', 'filter', 'zip')):
            yield node, 'map-length'
        elif isinstance(node, ast.With) and not program.only_python_3:
            for item in node.items:
                call = item.context_expr
                if isinstance(call, ast.Call) and dotted(call.func) in ('socket.socket', 'socket.create_connection'):
                    yield node, 'socket-with'
        elif isinstance(node, ast.Expr) and not program.source.is_python_2 and _was_print(node.value):
            yield node, 'print-statement'


def _was_print(node):
    """Tell whether Python 3 takes a print statement for something else: ``print >>f, x``, ``print ("a"), b``."""
    if isinstance(node, ast.Tuple) and node.elts:
        return _was_print(node.elts[0]) or _is_call_of_print(node.elts[0])
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.RShift, ast.Mod)):
        return _was_print(node.left) or (isinstance(node.op, ast.Mod) and _is_call_of_print(node.left))
    return isinstance(node, ast.Name) and node.id == 'print'


def _is_call_of_print(node):
    return isinstance(node, ast.Call) and dotted(node.func) == 'print'


