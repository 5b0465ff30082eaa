"""Code behind a test of the version, or of the type, which knows what it does.

``sys.version_info``, ``PY2``, ``six.PY3``, ``str is bytes``; ``try`` with ``except ImportError`` and its like.

Read next: ``rules/__init__.py``.
"""

import ast
import re

VERSION = re.compile(
    r'version_info|hexversion|\bsys\.version\b|python_version|\b_?(?:is_|IS_|using_)?(?:PY|py|Py|PYTHON|python)_?[23]k?\b|'
    r'\bPY[23]\d\b|\bstr is (?:not )?bytes\b|\bbytes is (?:not )?str\b|\bstr [!=]= bytes\b|\bbytes [!=]= str\b')
SIMPLE = (ast.Expr, ast.Assign, ast.AugAssign, ast.Return, ast.IfExp, ast.BoolOp, ast.Compare)
# What asks for a type.
ASKS = ('isinstance', 'hasattr', 'type', 'callable', 'issubclass')
TRIED = {'ImportError', 'ModuleNotFoundError', 'NameError', 'AttributeError', 'TypeError', 'UnicodeError',
         'UnicodeDecodeError', 'UnicodeEncodeError'}


def guarded(program):
    """Return the nodes that a version, or a failure that is expected, decides about."""
    found = set()
    for node in program.nodes:
        if isinstance(node, (ast.If, ast.IfExp, ast.While)):
            if _asks_version(program, node.test):
                _add(found, node)
                _add_rest_of_block(program, found, node)
            else:
                _add_asked(found, node)
        elif _asks_in_passing(program, node):
            _add(found, node)
    return found


def _asks_in_passing(program, node):
    """Tell whether an ``and`` asks for the version, or a ``try`` expects what the other version raises."""
    if isinstance(node, ast.BoolOp):
        return any(_asks_version(program, value) for value in node.values)
    return isinstance(node, ast.Try) and any(_expects(handler.type) for handler in node.handlers)


def _asks_version(program, test):
    """Tell whether a condition asks for the version, also by a name that was assigned from such a question."""
    text = ast.unparse(test)
    if VERSION.search(text):
        return True
    if not hasattr(program, 'version_names'):
        program.version_names = {
            target.id for target, value in program.assigned()
            if isinstance(target, ast.Name) and isinstance(value, (ast.Compare, ast.BoolOp, ast.UnaryOp))
            and VERSION.search(ast.unparse(value))}
    return any(isinstance(node, ast.Name) and node.id in program.version_names for node in ast.walk(test))


def _add_asked(found, node):
    """What is done with a value whose type was asked for knows its type."""
    asked = {ast.dump(call.args[0]) for call in ast.walk(node.test) if isinstance(call, ast.Call) and call.args
             and isinstance(call.func, ast.Name) and call.func.id in ASKS}
    for one in ast.walk(node) if asked else ():
        if isinstance(one, SIMPLE) and any(
                isinstance(inner, ast.expr) and ast.dump(inner) in asked for inner in ast.walk(one)):
            _add(found, one)


def _add(found, node):
    found.update(ast.walk(node))


def _add_rest_of_block(program, found, node):
    """What stands after ``if PY2: return …`` is the other branch."""
    if not isinstance(node, ast.If) or not isinstance(node.body[-1], (ast.Return, ast.Raise, ast.Continue)):
        return
    above = program.parents[node]
    for block in (getattr(above, name, None) for name in ('body', 'orelse', 'finalbody')):
        if isinstance(block, list) and node in block:
            for after in block[block.index(node) + 1:]:
                _add(found, after)


def _expects(type_):
    types = type_.elts if isinstance(type_, ast.Tuple) else [type_]
    return any(isinstance(one, ast.Name) and one.id in TRIED for one in types)
