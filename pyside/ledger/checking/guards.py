"""Code behind a test of the version, or of the type, which knows what it does.

``sys.version_info``, ``PY2``, ``six.PY3``, ``str is bytes``, and the names that hold such a question; ``try`` with
``except ImportError`` and its like.

Read next: ``versions_asked.py``, ``rules/__init__.py``.
"""

import ast

from pyside.ledger.checking.versions_asked import asks

SIMPLE = (ast.Expr, ast.Assign, ast.AugAssign, ast.Return, ast.IfExp, ast.BoolOp, ast.Compare)
# What asks for a type.
ASKS = ('isinstance', 'hasattr', 'type', 'callable', 'issubclass')
TRIED = {'ImportError', 'ModuleNotFoundError', 'NameError', 'AttributeError', 'TypeError', 'UnicodeError',
         'UnicodeDecodeError', 'UnicodeEncodeError'}
# Calls that end the program.
EXITS = {'sys.exit', 'exit', 'quit', 'os._exit', 'os.abort'}


def guarded(program, names):
    """Return the nodes that a version, or a failure that is expected, decides about.

    :param names: those that hold a question about the version.
    """
    found = set()
    for node in program.nodes:
        if isinstance(node, (ast.If, ast.IfExp, ast.While)):
            if asks(node.test, names):
                _add(found, node)
                _add_rest_of_block(program, found, node)
            else:
                _add_asked(found, node)
        elif isinstance(node, ast.Assert) and asks(node.test, names):
            _add_after(program, found, node)
        elif _is_decided(node, names):
            _add(found, node)
    return found


def _is_decided(node, names):
    """Tell whether an ``and``, a decorator asks for the version, or a ``try`` expects what the other raises."""
    if isinstance(node, ast.BoolOp):
        return any(asks(value, names) for value in node.values)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        # @unittest.skipIf(PY3, ...)
        return any(isinstance(one, ast.Call) and any(asks(value, names) for value in one.args)
                   for one in node.decorator_list)
    return isinstance(node, ast.Try) and expects_failure(node)


def expects_failure(node):
    """Tell whether a ``try`` expects what the other version raises."""
    return any(isinstance(one, ast.Name) and one.id in TRIED for handler in node.handlers
               for one in (handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]))


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
    """What stands after ``if PY2: return …`` is the other branch; so it is where an ``else`` leaves."""
    if isinstance(node, ast.If) and any(block and _leaves(block[-1]) for block in (node.body, node.orelse)):
        _add_after(program, found, node)


def _leaves(node):
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return ast.unparse(node.value.func) in EXITS
    return isinstance(node, (ast.Return, ast.Raise, ast.Continue, ast.Break))


def _add_after(program, found, node):
    above = program.parents[node]
    for block in (getattr(above, name, None) for name in ('body', 'orelse', 'finalbody')):
        if isinstance(block, list) and node in block:
            for after in block[block.index(node) + 1:]:
                _add(found, after)
