"""A program as a tree whose nodes have types: what the passes and the rules look at.

The tree is that of ``ast``, without the casts: a node that is cast has the place of its cast, and so its type.

Read next: ``evidence.py``, ``rules/__init__.py``.
"""

import ast
import functools
import re
import warnings

from pyside.ledger.checking import guards
from pyside.ledger.checking.kinds import BYTES_LIKE, TEXT, UNKNOWN, kind

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
BLOCKS = FUNCTIONS + (ast.ClassDef,)
# Syntax that 2.7 does not have.
NEW_SYNTAX = (ast.JoinedStr, ast.AnnAssign, ast.AsyncFunctionDef, ast.Nonlocal, ast.NamedExpr, ast.YieldFrom)
CAST = '__ledger__'
# Modules that no Python 2.7 has.
NEW_MODULES = {
    'asyncio', 'socketserver', 'queue', 'http', 'configparser', 'concurrent', 'pathlib', 'enum', 'typing', 'selectors',
    'secrets', 'dataclasses', 'contextvars', 'statistics', 'ipaddress', 'tracemalloc', 'builtins', '_thread', 'tkinter'}


class Program:
    """A source and what mypy knows of it.

    :param source: a Source.
    :param text: of the pass: that of the source, with casts.
    :param module: name that mypy has for it.
    :param types: ``{(line, column, last line, last column): type}``.
    :param versions: names that hold the version; see ``versions_asked.py``.
    """

    def __init__(self, source, text, module, types, versions=()):
        self.source, self.text, self.module = source, text, module
        self.types = types
        self.lines = text.split('\n')
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            self.tree = _WithoutCasts().visit(ast.parse(text))
        self.parents, self.nodes = {}, []
        # The function, the class, and whichever is nearer, around each node.
        self._functions, self._classes, self._blocks = {self.tree: self.tree}, {self.tree: None}, {self.tree: None}
        waiting = [self.tree]
        while waiting:
            node = waiting.pop()
            self.nodes.append(node)
            # For own_nodes, which is called for each function many times.
            node.children = list(ast.iter_child_nodes(node))
            function = node if isinstance(node, FUNCTIONS) else self._functions[node]
            class_ = node if isinstance(node, ast.ClassDef) else self._classes[node]
            block = node if isinstance(node, BLOCKS) else self._blocks[node]
            for child in node.children:
                self.parents[child] = node
                self._functions[child], self._classes[child], self._blocks[child] = function, class_, block
            waiting += node.children
        self.nodes.sort(key=lambda node: (getattr(node, 'lineno', 0), getattr(node, 'col_offset', 0)))
        self._scopes, self._keys = {}, {}
        self._assigned = self._by_key = self._loops = None
        self.families = _families(self.nodes)
        self.guarded = guards.guarded(self, versions)
        self._call_methods()

    @functools.cached_property
    def only_python_3(self):
        """Whether 2.7 cannot run this: what 2.7 lacks is no fault of it then."""
        return not self.source.is_python_2 and _is_only_python_3(self)

    def _call_methods(self):
        """After ``send = s.send`` a call of ``send`` gets the method that it calls."""
        functions = [node for node in self.nodes if isinstance(node, FUNCTIONS)]
        taken = {getattr(function, 'name', '') for function in functions}
        for node in self.nodes:
            func = getattr(node, 'func', None)
            if isinstance(func, ast.Name) or (isinstance(func, ast.Attribute) and dotted(func.value) == 'self'):
                values = self.values(self.key(func))
                if len(values) == 1 and isinstance(values[0], ast.Attribute) and not (
                        taken & {getattr(func, 'id', None), getattr(func, 'attr', None)}) and not (
                        isinstance(func, ast.Name) and self._is_parameter(func)):
                    node.func = values[0]

    def _is_parameter(self, name):
        around = self.scope(name, name.id)
        return around is not self.tree and name.id in {argument.arg for argument in arguments(around)}

    def type(self, node):
        """Return the type of mypy for an expression, or None where there is none."""
        return self.types.get(place(node)) if hasattr(node, 'col_offset') else None

    def kind(self, node):
        """Return the kind of an expression; see ``kinds.py``."""
        found = kind(self.type(node))
        if not found and (isinstance(node, ast.JoinedStr) or text_of(node) is not None):
            return TEXT
        if not found and isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and text_of(node.left):
            # mypy gives up where the number has no type.
            return TEXT
        return found

    def is_bytes(self, node):
        return self.is_kind(node, BYTES_LIKE)

    def is_text(self, node):
        return self.is_kind(node, TEXT)

    def is_only_likely(self, node):
        """Tell whether a socket is one by its name, or by methods that others have too."""
        return 'ledger_casts.Likely' in str(self.type(node))

    def is_kind(self, node, kinds):
        """Tell whether an expression is sure to be one of some kinds."""
        found = self.kind(node)
        return found != UNKNOWN and found <= kinds

    def ancestors(self, node):
        while node in self.parents:
            node = self.parents[node]
            yield node

    def function(self, node):
        """Return the innermost function around a node, or the module."""
        return self._functions[node]

    def class_of(self, node):
        return self._classes[node]

    def bound(self, function):
        """Return the names that a function, or the module, binds itself."""
        if function not in self._scopes:
            names = set()
            if not isinstance(function, ast.Module):
                names |= {argument.arg for argument in arguments(function)}
            for node in own_nodes(function):
                if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
                    names.add(node.id)
                elif isinstance(node, ast.ExceptHandler) and node.name:
                    names.add(node.name)
            for node in own_nodes(function):
                if isinstance(node, (ast.Global, ast.Nonlocal)):
                    names -= set(node.names)
            self._scopes[function] = names
        return self._scopes[function]

    def scope(self, node, name):
        """Return the function that binds a name that is used at a node, or the module."""
        around = self.function(node)
        while around is not self.tree and name not in self.bound(around):
            around = self.function(around)
        return around

    def key(self, node):
        """Return what a variable, an attribute or an item is known by, wherever it is used; None for other things."""
        if node not in self._keys:
            self._keys[node] = self._key(node)
        return self._keys[node]

    def _key(self, node):
        if isinstance(node, ast.Name):
            around = self._blocks[node]
            if isinstance(around, ast.ClassDef) and isinstance(node.ctx, ast.Store):
                return (self.families[around], 'self.' + node.id)
            return (self.scope(node, node.id), node.id)
        if isinstance(node, ast.Attribute):
            if isinstance(node.value, ast.Name) and node.value.id in ('self', 'cls'):
                return (self.families.get(self.class_of(node)), 'self.' + node.attr)
            base = self.key(node.value)
            return base and (base[0], base[1] + '.' + node.attr)
        if isinstance(node, ast.Subscript):
            base = self.key(node.value)
            which = repr(node.slice.value) if isinstance(node.slice, ast.Constant) else ''
            return base and (base[0], '%s[%s]' % (base[1], which))
        return None

    def assigned(self):
        """List ``(target, value)`` of every assignment; items of tuples one by one, where both sides have them."""
        if self._assigned is None:
            self._assigned = []
            for node in self.nodes:
                if isinstance(node, ast.Assign):
                    for target in node.targets:
                        self._assigned += _pairs(target, node.value)
                elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
                    self._assigned.append((node.target, node.value))
        return self._assigned

    def values(self, key):
        """List the values that are assigned to what has a key."""
        if self._by_key is None:
            self._by_key = {}
            for target, value in self.assigned():
                self._by_key.setdefault(self.key(target), []).append(value)
        return self._by_key.get(key, []) if key is not None else []

    def looped(self, key):
        """List what is iterated over for a variable with a key."""
        if self._loops is None:
            self._loops = {}
            for node in self.nodes:
                if isinstance(node, (ast.For, ast.comprehension)):
                    self._loops.setdefault(self.key(node.target), []).append(node.iter)
        return self._loops.get(key, []) if key is not None else []


def place(node):
    return (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)


def arguments(function):
    """List the arguments of a function."""
    found = function.args
    return found.posonlyargs + found.args + found.kwonlyargs + [
        argument for argument in (found.vararg, found.kwarg) if argument is not None]


def own_nodes(function):
    """Yield the nodes of a function, but not those of functions and classes in it."""
    waiting = list(function.children)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, BLOCKS):
            waiting += node.children


def method(node):
    """Return the name of the method that a call calls, or None."""
    return node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else None


def dotted(node):
    """Return ``a.b.c`` for that, or None."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return base and base + '.' + node.attr
    return None


def keyword(call, name):
    """Return the value of a keyword of a call, or None."""
    return next((word.value for word in call.keywords if word.arg == name), None)


def text_of(node):
    """Return the value of a literal of text, or None."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _pairs(target, value):
    if isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)) and (
            len(target.elts) == len(value.elts)):
        for one, its in zip(target.elts, value.elts):
            yield from _pairs(one, its)
    else:
        yield target, value


class _WithoutCasts(ast.NodeTransformer):

    def visit_Call(self, node):  # noqa: N802 the name is that of ast
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr == 'cast' and (
                isinstance(node.func.value, ast.Name) and node.func.value.id == CAST):
            inner = node.args[1]
            inner.cast_to = ast.unparse(node.args[0])
            inner.inner_place = getattr(inner, 'inner_place', place(inner))
            return ast.copy_location(inner, node)
        return node


def _families(nodes):
    """Number the classes of a program: those that inherit from each other share attributes, and a number."""
    classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
    numbers = {node: number for number, node in enumerate(classes, 1)}
    by_name = {node.name: node for node in classes}
    for _ in range(len(classes)):
        changed = False
        for node in classes:
            for base in node.bases:
                parent = by_name.get((dotted(base) or '').rpartition('.')[2])
                if parent is not None and numbers[parent] != numbers[node]:
                    numbers[parent] = numbers[node] = min(numbers[parent], numbers[node])
                    changed = True
        if not changed:
            break
    return numbers


def _is_only_python_3(program):
    """Tell whether a program has what 2.7 does not."""
    prints = 'from __future__ import' in program.text and re.search(r'__future__.*print_function', program.text)
    return any(_marks_python_3(program, node, prints) for node in program.nodes)


def _marks_python_3(program, node, prints):
    if isinstance(node, NEW_SYNTAX):
        return True
    if isinstance(node, ast.arg):
        return node.annotation is not None
    if isinstance(node, (ast.FunctionDef, ast.Lambda)):
        return getattr(node, 'returns', None) is not None or bool(node.args.kwonlyargs or node.args.posonlyargs)
    if isinstance(node, ast.ClassDef):
        return bool(node.keywords)
    if isinstance(node, ast.Raise):
        return node.cause is not None
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id == 'super' and not node.args:
            return True
        return not prints and isinstance(node.func, ast.Name) and node.func.id == 'print' and bool(node.keywords)
    if isinstance(node, (ast.Import, ast.ImportFrom)) and node not in program.guarded:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or '']
        return any(name.partition('.')[0] in NEW_MODULES for name in names) or any(
            name in ('urllib.request', 'urllib.parse', 'urllib.error') for name in names)
    return False
