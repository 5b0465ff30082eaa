"""What an exception holds, and which one catches a time-out."""

import ast
import builtins

from pyside.ledger.checking.program import dotted

# Errors that Python itself raises; others may well have a message.
MODULES = ('socket', 'select', 'os', 'ssl', 'struct', 'asyncore')
BUILTINS = {name for name, value in vars(builtins).items()
            if isinstance(value, type) and issubclass(value, BaseException)} | {'error', 'timeout', 'StandardError'}
TIMEOUTS = ('socket.timeout', 'timeout')
ERRORS = ('socket.error', 'OSError', 'IOError', 'EnvironmentError', 'error')


def attributes(program):
    """Yield ``e[0]``, ``e.message``, ``code, text = e``: Python 3 has ``errno``, ``strerror`` and ``args``."""
    for handler in program.nodes:
        if not isinstance(handler, ast.ExceptHandler) or not handler.name:
            continue
        types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        if not all(_is_of_python(program, type_) for type_ in types):
            continue
        for node in ast.walk(handler):
            if isinstance(node, ast.Subscript) and _is(node.value, handler.name):
                yield node, 'error-index'
            elif isinstance(node, ast.Attribute) and _is(node.value, handler.name):
                if node.attr == 'message':
                    yield node, 'error-message'
                elif node.attr == 'errno' and any(dotted(type_) == 'select.error' for type_ in types):
                    yield node, 'select-error-errno'
            elif isinstance(node, ast.Assign) and _is(node.value, handler.name) and (
                    isinstance(node.targets[0], (ast.Tuple, ast.List))):
                yield node, 'error-unpack'


def timeouts(program):
    """Yield ``except socket.timeout`` in front of a handler that looks for ETIMEDOUT: from 3.10 on it comes first."""
    for node in program.nodes:
        if not isinstance(node, ast.Try):
            continue
        for place, handler in enumerate(node.handlers):
            if dotted(handler.type) in TIMEOUTS and any(
                    _names(later.type) & set(ERRORS) and _mentions(later, 'ETIMEDOUT')
                    for later in node.handlers[place + 1:]):
                yield handler, 'timeout-is-etimedout'


def _is_of_python(program, type_):
    module, _, name = (dotted(type_) or '').rpartition('.')
    return module in MODULES or (not module and name in BUILTINS and not any(
        isinstance(node, ast.ClassDef) and node.name == name for node in program.nodes))


def _is(node, name):
    return isinstance(node, ast.Name) and node.id == name


def _names(type_):
    return {dotted(one) for one in (type_.elts if isinstance(type_, ast.Tuple) else [type_])}


def _mentions(node, name):
    return any(isinstance(one, (ast.Name, ast.Attribute)) and (dotted(one) or '').endswith(name)
               for one in ast.walk(node))
