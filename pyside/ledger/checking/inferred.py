"""What own functions return, what attributes, items and parameters hold: by what the last pass found.

mypy takes a function without annotations for one that returns anything.  All that it returns, when that is one type,
is its type; a parameter has the type of what callers pass, an attribute that of what is assigned to it.

Read next: ``casts.py``.
"""

import ast
import re

from pyside.ledger.checking.kinds import (
    ANY,
    BYTES,
    TEXT,
    has_unknown_items,
    is_unknown,
    item_kinds,
    item_type,
    kind,
    spelled,
    without_any,
)
from pyside.ledger.checking.program import dotted, method, own_nodes, text_of

BYTES_TYPE, TEXT_TYPE = '__ledger__.builtins.bytes', '__ledger__.builtins.str'
# Methods whose result is of the type of what they are called on.
PARTS = {'strip', 'lstrip', 'rstrip', 'replace', 'lower', 'upper'}
# A parameter that is looked at in this way may be anything.
ASKS = {'isinstance', 'hasattr', 'type', 'callable', 'issubclass', 'getattr'}
OWN_CLASS = re.compile(r'(?<![\w.])(?!__ledger__)\w')
STANDARD = ('sys.stdin', 'sys.stdout', 'sys.stderr')
FORMAT = re.compile(r'(\d*)([xcbB?hHiIlLqQnNefdspP])')


class Definitions:
    """The functions of all programs, and what is known about them.

    :param starts: ``{module: lines before it}``.
    """

    def __init__(self, starts):
        self.returned, self.passed = {}, {}
        self._starts = starts

    def add(self, program):
        for node in program.nodes:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self.returned[program.module, node.lineno] = _returned(program, node)
            elif isinstance(node, ast.Call):
                self._add_call(program, node)

    def called(self, program, call):
        """Return ``(module, line)`` of the function that a call calls, or None."""
        definition = getattr(program.type(call.func), 'definition', None)
        line, name = getattr(definition, 'line', -1), getattr(definition, 'fullname', None)
        if line < 1 or not name:
            return None
        module = name
        while module not in self._starts and '.' in module:
            module = module.rpartition('.')[0]
        if module not in self._starts:
            # A function in a function has a short name.
            module = program.module
        return (module, line - self._starts[module]) if line > self._starts[module] else None

    def _add_call(self, program, call):
        called = self.called(program, call)
        if called is None:
            return
        for place, argument in enumerate(call.args):
            if isinstance(argument, ast.Starred):
                break
            self._pass(called, place, program, argument)
        for word in call.keywords:
            if word.arg:
                self._pass(called, word.arg, program, word.value)

    def _pass(self, called, place, program, argument):
        if not _is_neutral(argument):
            type_ = spelled(program.type(argument), called[0])
            self.passed.setdefault((called, place), set()).add(type_)


def casts(program, definitions):
    """List ``(expression, type)`` for all that the programs themselves say about their values."""
    held, items = _held(program), _items(program)
    parameters = _parameters(program, definitions)
    found = []
    for node in program.nodes:
        if not isinstance(node, ast.expr) or not isinstance(getattr(node, 'ctx', ast.Load()), ast.Load):
            continue
        type_ = program.type(node)
        if is_unknown(type_) or _is_given_up(program, node):
            inferred = _by_call(program, definitions, node) or _by_sum(program, node)
            key = None if inferred else program.key(node)
            inferred = inferred or parameters.get(key) or held.get(key)
        elif has_unknown_items(type_):
            inferred = _by_format(program, node) or _with_items(type_, items.get(program.key(node)))
        else:
            inferred = _by_library(program, definitions, node, type_)
        if inferred:
            found.append((node, inferred))
    return found


def accumulators(program):
    """Find ``x = ''`` that is then ``x += data``: b'' was meant; so it was with ``''.join(parts)``.

    :returns: casts of the literals, and ``(line, entry)`` for each sum.
    """
    groups, empties, others, sums = _assigned_text(program)
    with_other_text = {groups.get(key, key) for key in others}
    with_bytes = {groups.get(key, key) for key in sums}
    found, entries = [], set()
    for key, values in empties.items():
        was_text = [value for value in values if not program.is_kind(value, BYTES)]
        if was_text and groups.get(key, key) in with_bytes - with_other_text:
            found += [(value, BYTES_TYPE) for value in was_text]
    for key, nodes in sums.items() if found else ():
        if groups.get(key, key) in {groups.get(empty, empty) for empty in empties} - with_other_text:
            entries |= {(node.lineno, 'add') for node in nodes if node is not None
                        and not _is_sum_of_bytes(program, node)}
    found += [(empty, BYTES_TYPE) for empty in _instead_of_bytes(program)]
    found += _files_of_bytes(program)
    found += [(node, BYTES_TYPE) for node in program.nodes
              if method(node) == 'join' and len(node.args) == 1 and program.is_kind(node, TEXT)
              and program.is_kind(node.func.value, TEXT) and item_kinds(program.type(node.args[0])) == [BYTES]]
    return found, entries


def _is_given_up(program, node):
    """Tell whether mypy has no type for a sum, one side of which it knows."""
    return isinstance(node, ast.BinOp) and program.type(node) is None and program.type(node.left) is not None


def _files_of_bytes(program):
    """List casts of what ``StringIO.StringIO()`` gave, when bytes are written to it: io.BytesIO is meant."""
    written = {program.key(node.func.value) for node in program.nodes
               if method(node) == 'write' and node.args and program.is_kind(node.args[0], BYTES)}
    for node in program.nodes:
        if method(node) == 'StringIO' or (isinstance(node, ast.Call) and dotted(node.func) == 'StringIO'):
            above = program.parents[node]
            if node.args and program.is_kind(node.args[0], BYTES) and isinstance(above, ast.Assign):
                written |= {program.key(target) for target in above.targets}
    files = {key for key in written - {None} if program.values(key) and all(
        isinstance(value, ast.Call) and (dotted(value.func) or '').rpartition('.')[2] == 'StringIO'
        for value in program.values(key))}
    return [(node, '__ledger__.io.BytesIO') for node in program.nodes if isinstance(node, (ast.Name, ast.Attribute))
            and isinstance(node.ctx, ast.Load) and program.key(node) in files and is_unknown(program.type(node))]


def _instead_of_bytes(program):
    """Yield the empty text of ``s.recv(9) or ''`` and ``s.recv(9) if ready else ''``."""
    for node in program.nodes:
        sides = [node.body, node.orelse] if isinstance(node, ast.IfExp) else (
            node.values if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or) else [])
        if node not in program.guarded and any(program.is_kind(side, BYTES) for side in sides):
            yield from (side for side in sides if text_of(side) == '')


def _assigned_text(program):
    """Sort assignments by key: empty text, other text, and sums with bytes; None stands for bytes as they are.

    Keys that are assigned to each other, or parts of each other, are one group: ``buf = self.buf``.
    """
    groups, empties, sums = {}, {}, {}
    # A program with both '' and b'' for one thing means it.
    others = {program.key(target) for target, value in program.assigned()
              if isinstance(value, ast.Constant) and value.value == b''}
    for target, value in program.assigned():
        key, other = program.key(target), _root(program, value)
        if text_of(value) == '':
            empties.setdefault(key, []).append(value)
        elif program.is_kind(value, BYTES):
            sums.setdefault(key, []).append(None)
        elif _adds(program, key, value):
            sums.setdefault(key, []).append(value)
        elif other is not None and key is not None:
            one, two = groups.get(key, key), groups.get(other, other)
            groups.update((member, one) for member in [key, other] + [
                member for member, group in groups.items() if group == two])
        elif program.is_kind(value, TEXT):
            others.add(key)
    for node in program.nodes:
        if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add) and program.is_kind(node.value, BYTES):
            sums.setdefault(program.key(node.target), []).append(node)
    for found in (empties, sums):
        found.pop(None, None)
    return groups, empties, others, sums


def _is_sum_of_bytes(program, node):
    """Tell whether what is added to is known as bytes by now."""
    return program.is_kind(node.target if isinstance(node, ast.AugAssign) else node, BYTES)


def _root(program, value):
    """Return the key of what a value is, or is a part of: ``x``, ``x[9:]``, ``x.strip()``; None for other things."""
    while True:
        if method(value) in PARTS:
            value = value.func.value
        elif isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Slice):
            value = value.value
        else:
            return program.key(value)


def _adds(program, key, value):
    """Tell whether a value is the sum of what the key holds and received bytes."""
    if not isinstance(value, ast.BinOp) or not isinstance(value.op, ast.Add):
        return False
    for one, other in ((value.left, value.right), (value.right, value.left)):
        if program.key(one) == key and program.is_kind(other, BYTES):
            return True
    return False


def _is_part_of(program, key, value):
    """Tell whether a value is made of what the key holds: ``x[9:]``, ``x.strip()``."""
    while isinstance(value, (ast.Subscript, ast.Attribute, ast.Call)):
        value = value.func if isinstance(value, ast.Call) else value.value
        if program.key(value) == key:
            return True
    return False


def _is_neutral(node):
    """Tell whether a value says nothing about the type of the others: None, and what is empty."""
    return isinstance(node, ast.Constant) and (node.value is None or node.value in ('', b''))


def _one(types):
    """Return the one type of a set, those that are not known left out; None when there are more."""
    known = {type_ for type_ in types if type_}
    return known.pop() if len(known) == 1 else None


def _returned(program, function):
    """Return the type of what a function returns, or yields."""
    if function.returns is not None:
        return None
    returns, yields = [], []
    for node in own_nodes(function):
        if isinstance(node, ast.Return) and node.value is not None:
            returns.append(node.value)
        elif isinstance(node, ast.Yield) and node.value is not None:
            yields.append(node.value)
        elif isinstance(node, (ast.YieldFrom, ast.Await)) and isinstance(function, ast.FunctionDef):
            return None
    values = [value for value in yields or returns if not _is_neutral(value)]
    types = {spelled(program.type(value), program.module) for value in values}
    if None in types or len(types) != 1:
        return None
    if any(value in program.guarded for value in values):
        return None
    type_ = types.pop()
    if isinstance(function, ast.AsyncFunctionDef):
        return None if yields else ('await', type_)
    return '__ledger__.Iterator[%s]' % type_ if yields else type_


def _by_call(program, definitions, node):
    awaited = isinstance(node, ast.Await)
    call = node.value if awaited else node
    if not isinstance(call, ast.Call):
        return None
    called = definitions.called(program, call)
    type_ = definitions.returned.get(called)
    if isinstance(type_, tuple) != awaited or type_ is None:
        return None
    type_ = type_[1] if awaited else type_
    # A class has its name in its own module alone.
    return type_ if called[0] == program.module or not OWN_CLASS.search(type_) else None


def _by_library(program, definitions, node, type_):
    """What typeshed calls ``str | Any`` is text: ``sys.stdin``, the groups of a match."""
    if method(node) == 'groups':
        group = without_any(item_type(type_))
        return '__ledger__.builtins.tuple[%s, ...]' % spelled(group, program.module) if group is not None else None
    known = without_any(type_)
    if known is None:
        return None
    if (dotted(node) in STANDARD and not _is_asked(program, node)) or (
            isinstance(node, ast.Call) and _is_of_library(program, definitions, node)):
        return spelled(known, program.module)
    return None


def _is_of_library(program, definitions, call):
    """Tell whether a call is of typeshed, and not of what may be anything itself."""
    receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
    return definitions.called(program, call) is None and (
        receiver is None or without_any(program.type(receiver)) is None)


def _is_asked(program, node):
    """Tell whether a value gets a name whose type is asked for."""
    above = program.parents[node]
    return isinstance(above, ast.Assign) and isinstance(above.targets[0], ast.Name) and (
        above.targets[0].id in _asked(program.function(node)))


def _by_sum(program, node):
    """A sum in which one term is a literal of text is text, or fails; of bytes and text, bytes are meant."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        sides = {program.kind(node.left), program.kind(node.right)}
        if sides == {BYTES, TEXT}:
            return BYTES_TYPE
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if (text_of(one) or isinstance(one, ast.JoinedStr) or program.is_kind(one, TEXT)) and (
                    is_unknown(program.type(other))):
                return TEXT_TYPE
    return None


def _by_format(program, node):
    """``struct.unpack('>4sI', x)`` is a tuple of bytes and an int."""
    if not isinstance(node, ast.Call) or (dotted(node.func) or '').rpartition('.')[2] not in ('unpack', 'unpack_from'):
        return None
    fmt = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
    fmt = fmt.decode('latin-1') if isinstance(fmt, bytes) else fmt
    if not isinstance(fmt, str):
        return None
    types = []
    for count, letter in FORMAT.findall(fmt):
        number = 1 if letter in 'sp' else min(int(count or 1), 50)
        type_ = 'bytes' if letter in 'spc' else 'bool' if letter == '?' else 'float' if letter in 'efd' else 'int'
        types += [] if letter == 'x' else ['__ledger__.builtins.' + type_] * number
    return '__ledger__.builtins.tuple[%s]' % ', '.join(types) if types else None


def _held(program):
    """Return ``{key: type}`` of what all assignments to an attribute, an item or a global agree upon.

    mypy itself knows the variables of functions.
    """
    types = {}
    for target, value in program.assigned():
        for one in getattr(target, 'elts', [target]):
            key = program.key(one)
            if key is None or (isinstance(one, ast.Name) and key[0] is not program.tree):
                continue
            if one is not target:
                types.setdefault(key, set()).add(None)
            elif not _is_neutral(value) and not _is_part_of(program, key, value):
                types.setdefault(key, set()).add(spelled(program.type(value), program.module))
    return {key: _one(found) for key, found in types.items() if None not in found}


def _items(program):
    """Return ``{key: type}`` of what is put into lists and dicts."""
    types = {}
    for node in program.nodes:
        name = method(node)
        if name in ('append', 'appendleft', 'add', 'put') and len(node.args) == 1:
            key, value = program.key(node.func.value), node.args[0]
        elif name in ('insert', 'setdefault') and len(node.args) == 2:
            key, value = program.key(node.func.value), node.args[1]
        else:
            continue
        if not _is_neutral(value):
            types.setdefault(key, set()).add(spelled(program.type(value), program.module))
    for target, value in program.assigned():
        if isinstance(target, ast.Subscript) and not isinstance(target.slice, ast.Slice):
            key = program.key(target.value)
            if not _is_neutral(value) or program.is_kind(value, BYTES):
                types.setdefault(key, set()).add(spelled(program.type(value), program.module))
    return {key: _one(found) for key, found in types.items() if key is not None}


def _with_items(type_, item):
    if item is None:
        return None
    name = next(iter(kind(type_)), '')
    if name == 'builtins.dict' or name.startswith('collections.') and name != 'collections.deque':
        return '__ledger__.%s[%s, %s]' % (name, ANY, item)
    if name in ('builtins.list', 'builtins.set', 'collections.deque', 'queue.Queue'):
        return '__ledger__.%s[%s]' % (name, item)
    return None


def _parameters(program, definitions):
    """Return ``{key: type}`` of parameters that have no annotation, are not asked for their type, and stay the same."""
    found = {}
    for function in program.nodes:
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        listed = function.args.posonlyargs + function.args.args
        bound = int(program.class_of(function) is program.parents.get(function) and not any(
            dotted(decorator) == 'staticmethod' for decorator in function.decorator_list))
        defaults = dict(zip(reversed([argument.arg for argument in listed]), reversed(function.args.defaults)))
        changed = _changed(function)
        for place, argument in enumerate(listed + function.args.kwonlyargs):
            if argument.annotation is not None or argument.arg in changed or (bound and place == 0):
                continue
            called = (program.module, function.lineno)
            types = definitions.passed.get((called, place - bound), set()) | definitions.passed.get(
                (called, argument.arg), set())
            default = defaults.get(argument.arg)
            if default is not None and not _is_neutral(default):
                types = types | {spelled(program.type(default), program.module)}
            if _one(types):
                found[function, argument.arg] = _one(types)
    return found


def _changed(function):
    """Return the names that a function assigns, or asks for their type."""
    return _asked(function) | {
        node.id for node in own_nodes(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _asked(function):
    return {name.id for node in own_nodes(function) if isinstance(node, ast.Call) and dotted(node.func) in ASKS
            and node.args for name in ast.walk(node.args[0]) if isinstance(name, ast.Name)}
