"""Which values are sockets, and files of sockets, where mypy knows nothing of them.

A parameter has no type.  But whoever calls ``recv(512)`` or ``sendall`` on it takes it for a socket; so do ``accept``,
``makefile``, ``self.request`` of a handler, ``rfile`` and ``wfile``; and ``send`` does, where the name says the same.
Types that are known win: what ``multiprocessing.Pipe`` returned has a ``recv`` as well.

Read next: ``inferred.py``, ``casts.py``.
"""

import ast
import re

from pyside.ledger.checking.kinds import is_unknown
from pyside.ledger.checking.program import arguments, dotted, method, text_of

SOCKET, LIKELY = '__ledger__.Socket', '__ledger__.Likely'
FILE, TEXT_FILE = '__ledger__.File', '__ledger__.TextFile'
READER, WRITER, BYTES = '__ledger__.Reader', '__ledger__.Writer', '__ledger__.builtins.bytes'
# Methods that only sockets have, and the least number of arguments that they take there: recv() is another's.
METHODS = {
    'recv': 1, 'recvfrom': 1, 'recv_into': 1, 'recvfrom_into': 1, 'recvmsg': 0, 'sendall': 1, 'sendto': 2,
    'makefile': 0, 'getpeername': 0, 'getsockname': 0, 'setsockopt': 3, 'sendmsg': 1, 'bind': 1}
# Methods that others have too: the name of the receiver decides.
WEAK = {'send': (1, 2), 'accept': (0, 0), 'listen': (0, 1), 'settimeout': (1, 1), 'shutdown': (1, 1), 'connect': (1, 1)}
SURE_NAME = re.compile(r'(?i)sock|^(?:conn|connection|\w*_conn|\w*_connection)\d*$|^c?skt?\d*$')
LIKELY_NAME = re.compile(
    r'(?i)^(?:s|c|cs|ss|cl|cli|srv|client|server|peer|request|channel|remote|tcp|udp|\w*_client)\d*$')
NO_SOCKET = re.compile(r'(?i)websock|^ws|wsock|socketio')
TLS_NAME = re.compile(r'(?i)ssl|tls|sock')
# Who imports these has other things with a recv and a send.
OTHERS = {'multiprocessing', 'websocket', 'websockets', 'zmq', 'tornado', 'aiohttp', 'flask_sockets', 'socketio',
          'billiard', 'gevent.queue', 'trio_websocket'}
# Callbacks of frameworks that are handed bytes: the place of the argument, self not counted.
CALLBACKS = {'data_received': 0, 'datagram_received': 0, 'dataReceived': 0, 'datagramReceived': 0, 'lineReceived': 0,
             'collect_incoming_data': 0, 'stringReceived': 0}


def casts(program):
    """List ``(expression, type)`` for all that is sure to be a socket, or a file of one."""
    return _Evidence(program).casts()


class _Evidence:

    def __init__(self, program):
        self._program = program
        self._imported = set(_imports(program))
        self._own = {node.name for node in program.nodes
                     if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and program.class_of(node)}
        self._types = {}
        self._refuted = set()

    def casts(self):
        calls = [node for node in self._program.nodes if isinstance(node, ast.Call) and method(node)]
        for call in calls:
            if method(call) in ('recv', 'recv_bytes') and not call.args:
                self._refuted.add(self._key(call.func.value))
        has_sockets = 'socket' in self._imported or any(
            method(call) in ('recv', 'recvfrom', 'sendall') and self._strong(call) for call in calls)
        for call in calls:
            receiver = call.func.value
            type_ = self._by_await(call) or self._by_name(receiver) or (
                SOCKET if self._strong(call) else LIKELY if self._weak(call, has_sockets) else None)
            key = self._key(receiver)
            if type_ is not None and key not in self._refuted and self._types.get(key, LIKELY) == LIKELY:
                self._types[key] = type_
        self._callbacks()
        found = []
        for node in self._program.nodes:
            type_ = self._known(node)
            if type_ is not None and is_unknown(self._program.type(node)):
                found.append((node, type_))
        return found

    def _key(self, node):
        return self._program.key(node) or (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)

    def _known(self, node):
        if not isinstance(node, ast.expr) or not isinstance(getattr(node, 'ctx', ast.Load()), ast.Load):
            return None
        special = self._request(node) or self._file(node) or self._response(node) or self._by_name(node)
        if special is not None:
            return special
        return self._types.get(self._key(node))

    def _strong(self, call):
        name, receiver = method(call), call.func.value
        if len(call.args) < METHODS.get(name, 99) or NO_SOCKET.search(_last(receiver)):
            return False
        if isinstance(receiver, ast.Call) and isinstance(receiver.func, ast.Name) and receiver.func.id == 'super':
            return False
        # A class of the program that has such a method may be meant.
        return name not in self._own or bool(SURE_NAME.search(_last(receiver)))

    def _weak(self, call, has_sockets):
        name, last = method(call), _last(call.func.value)
        if name in ('read', 'write', 'recv', 'send') and TLS_NAME.search(last) and not NO_SOCKET.search(last):
            return len(call.args) == 1 and name not in self._own
        low, high = WEAK.get(name, (1, 0))
        if not low <= len(call.args) <= high or NO_SOCKET.search(last) or name in self._own or self._imported & OTHERS:
            return False
        if name in ('connect', 'listen', 'accept', 'settimeout', 'shutdown') and not has_sockets:
            return False
        return bool(SURE_NAME.search(last) or (has_sockets and LIKELY_NAME.search(last)))

    def _by_name(self, node):
        """Return the type of what handlers call rfile and wfile."""
        return FILE if _last(node) in ('rfile', 'wfile', '_rfile', '_wfile') else None

    def _by_await(self, call):
        """Return the type of a stream of asyncio: what it is awaited for, or what only a writer has."""
        if isinstance(self._program.parents.get(call), ast.Await):
            if method(call) in ('readline', 'readexactly', 'readuntil') or (
                    method(call) == 'read' and _last(call.func.value) in ('reader', 'stream', 'r')):
                return READER
            if method(call) == 'drain':
                return WRITER
        return None

    def _request(self, node):
        """Return the type of ``self.request`` and its items: of a datagram server, a pair."""
        program = self._program
        if isinstance(node, ast.Subscript) and _is_request(node.value) and isinstance(node.slice, ast.Constant):
            return {0: BYTES, 1: SOCKET}.get(node.slice.value)
        if not _is_request(node) or program.class_of(node) is None:
            return None
        above = program.parents[node]
        if isinstance(above, ast.Assign) and isinstance(above.targets[0], (ast.Tuple, ast.List)):
            return '__ledger__.builtins.tuple[%s, %s]' % (BYTES, SOCKET)
        if isinstance(above, ast.Subscript):
            return None
        bases = [dotted(base) or '' for base in program.class_of(node).bases]
        if any(base.endswith(('BaseRequestHandler', 'StreamRequestHandler')) for base in bases) and not any(
                isinstance(other, ast.Subscript) and _is_request(other.value) for other in program.nodes):
            return SOCKET
        return None

    def _file(self, node):
        """Return the type of ``makefile('rb')`` and of ``makefile()``."""
        if method(node) != 'makefile' or NO_SOCKET.search(_last(node.func.value)):
            return None
        mode = node.args[0] if node.args else next(
            (word.value for word in node.keywords if word.arg == 'mode'), None)
        mode = 'r' if mode is None else text_of(mode)
        return None if mode is None else FILE if 'b' in mode else TEXT_FILE

    def _response(self, node):
        """Return the type of what urlopen gives, for which typeshed has none."""
        called = dotted(node.func) if isinstance(node, ast.Call) else None
        return FILE if (called or '').rpartition('.')[2] == 'urlopen' and 'urlopen' not in self._own else None

    def _callbacks(self):
        """Frameworks hand bytes to these."""
        for node in self._program.nodes:
            if isinstance(node, ast.FunctionDef) and node.name in CALLBACKS and self._program.class_of(node):
                listed = arguments(node)[1:]
                if len(listed) > CALLBACKS[node.name] and listed[0].annotation is None:
                    self._types.setdefault((node, listed[0].arg), BYTES)


def _imports(program):
    for node in program.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.partition('.')[0]
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or '').partition('.')[0]


def _is_request(node):
    return isinstance(node, ast.Attribute) and node.attr == 'request' and (
        isinstance(node.value, ast.Name) and node.value.id == 'self')


def _last(node):
    """Return the last name of ``a.b.c``, of ``a.b()`` and of ``a.b[c]``."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript):
        return _last(node.value)
    return _last(node.func) if isinstance(node, ast.Call) else ''
