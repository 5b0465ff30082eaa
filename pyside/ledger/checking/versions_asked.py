"""Which expressions ask for the version of Python, and which names hold the answer.

``sys.version_info[0] == 3`` asks; so does ``six.PY3``, and ``new``, after ``new = sys.version_info >= (3,)``, in a
function ``is_new()`` that returns it, or imported from a file that is checked as well.

Read next: ``guards.py``.
"""

import ast
import re

VERSION = re.compile(
    r'version_info|hexversion|\bsys\.version\b|python_version|\b_?(?:is_|IS_|using_)?(?:PY|py|Py|PYTHON|python)_?[23]k?\b|'
    r'\bPY[23]\d\b|\b(?:str|unicode) is (?:not )?bytes\b|\bbytes is (?:not )?str\b|\bstr [!=]= bytes\b|'
    r"\bbytes [!=]= str\b|\btype\(b?''\)|\bisinstance\(b?'', \w+\)|^b?'' [!=]= b?''$")
# 2.7 and 3 are on one side of what asks for 2.6.
OLD = re.compile(r'\bPY2[0-6]\b|\(2, [0-6]\b|\b2\.[0-6]\b|0x20[0-6]')
# What makes another answer of an answer.
CONVERTERS = ('int', 'float', 'bool', 'str', 'tuple', 'list', 'map', 'len')


def asks(test, names):
    """Tell whether a condition asks for the version.

    :param names: those that hold the answer; of an attribute, with a dot in front.
    """
    text = ast.unparse(test)
    if OLD.search(text):
        return False
    return bool(VERSION.search(text)) or any(_is_named(node, names) for node in ast.walk(test))


def names_in(programs):
    """Return ``{module: names that hold the version, or what was asked about it}`` for programs that import each other.

    :param programs: ``{module: tree}``.
    """
    found = {module: set() for module in programs}
    # Names of names: few programs have more than two steps.
    for _ in range(4):
        before = sum(map(len, found.values()))
        for module, tree in programs.items():
            found[module] |= _imported(tree, found) | _held(tree, found[module])
        if sum(map(len, found.values())) == before:
            break
    return found


def _is_named(node, names):
    return (isinstance(node, ast.Name) and node.id in names) or (
        isinstance(node, ast.Attribute) and '.' + node.attr in names)


def _imported(tree, found):
    """Names that are imported under another name, or from a module that holds them; and those of such a module."""
    by_last = {module.rpartition('.')[2]: names for module, names in found.items()}
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            theirs = by_last.get((node.module or '').rpartition('.')[2], ())
            names |= {alias.asname or alias.name for alias in node.names
                      if VERSION.search(alias.name) or alias.name in theirs}
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            modules = [alias.name.rpartition('.')[2] for alias in node.names]
        else:
            continue
        names |= {'.' + name for module in modules for name in by_last.get(module, ()) if name[0] != '.'}
    return names


def _held(tree, names):
    """Names and attributes that are assigned such an answer, functions that return it."""
    found, flags = set(), {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and _is_answer(node.value, names):
            for target in node.targets:
                found |= {_name(one) for one in getattr(target, 'elts', [target])}
        elif isinstance(node, ast.ClassDef):
            found |= {'.' + _name(inner.targets[0]) for inner in node.body if isinstance(inner, ast.Assign)
                      and isinstance(inner.targets[0], ast.Name) and _is_answer(inner.value, names)}
        elif isinstance(node, ast.FunctionDef) and len(node.body) <= 2 and isinstance(node.body[-1], ast.Return) and (
                _is_answer(node.body[-1].value, names)):
            found |= {node.name, '.' + node.name}
        elif isinstance(node, ast.Try) and any(
                isinstance(handler.type, ast.Name) and handler.type.id in ('NameError', 'ImportError')
                for handler in node.handlers):
            _add_flags(flags, node.body + node.orelse, True)
            _add_flags(flags, [inner for handler in node.handlers for inner in handler.body], False)
        elif isinstance(node, ast.If) and asks(node.test, names):
            _add_flags(flags, node.body, True)
            _add_flags(flags, node.orelse, False)
    return (found | {name for name, sides in flags.items() if len(sides) == 2}) - {''}


def _add_flags(flags, block, side):
    """``old = True`` on one side, ``old = False`` on the other: it holds the answer."""
    for node in block:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, bool):
            flags.setdefault(_name(node.targets[0]), set()).add(side)


def _name(target):
    return target.id if isinstance(target, ast.Name) else '.' + target.attr if isinstance(target, ast.Attribute) else ''


def _is_answer(value, names):
    """Tell whether a value is the version, a part of it, or what was asked about it."""
    if isinstance(value, (ast.Compare, ast.BoolOp, ast.UnaryOp)):
        return asks(value, names)
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in CONVERTERS:
        return any(_is_answer(argument, names) for argument in value.args)
    if isinstance(value, (ast.Subscript, ast.Call)):
        return _is_answer(value.value if isinstance(value, ast.Subscript) else value.func, names)
    if isinstance(value, ast.Attribute) and _is_answer(value.value, names):
        return True
    return isinstance(value, (ast.Name, ast.Attribute)) and asks(value, names)
