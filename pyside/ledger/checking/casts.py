"""Casts, put into the text of a program: ``conn.recv(9)`` becomes ``__ledger__.cast(__ledger__.Socket, conn).recv(9)``.

A cast can stand where no annotation can: around an attribute, an item, a call, in a lambda.  Lines stay what they are.

Read next: ``inference.py``.
"""

import ast

from pyside.ledger.checking.program import place

# At the end, so that no line moves; mypy lets functions use what a module defines later.
IMPORTS = '\nimport ledger_casts as __ledger__\n'
PYTHON_2 = ['basestring', 'unicode', 'long', 'xrange', 'buffer', 'raw_input', 'unichr', 'cmp', 'execfile', 'intern',
            'file', 'reduce', 'reload', 'apply']


def with_imports(text, bound):
    """Return a text that knows casts, and those builtins of Python 2 that it does not bind itself.

    :param bound: names that the module binds.
    """
    names = [name for name in PYTHON_2 if name not in bound and name in text]
    return text + IMPORTS + ''.join('from ledger_python2 import %s\n' % name for name in names)


def inserted(program, found):
    """Return the text of a program with casts.

    :param found: ``(expression, type)`` in any order; the first for an expression counts.
    """
    wanted = {}
    for node, type_ in found:
        # A cast that told mypy nothing tells it nothing the second time.
        if getattr(node, 'cast_to', None) != type_ and _may_be_cast(program, node):
            wanted.setdefault(place(node), type_)
    marks = []
    for (line, column, last, end), type_ in wanted.items():
        size = (last - line, end - column)
        # At one column, what ends comes first; then the larger begins before, and ends after, the smaller.
        marks.append((line, column, 1, (-size[0], -size[1]), '__ledger__.cast(%s, ' % type_))
        marks.append((last, end, 0, size, ')'))
    lines = list(program.lines)
    for line, column, _, _, text in sorted(marks, reverse=True):
        lines[line - 1] = lines[line - 1][:column] + text + lines[line - 1][column:]
    return '\n'.join(lines)


def _may_be_cast(program, node):
    if not isinstance(getattr(node, 'ctx', ast.Load()), ast.Load):
        return False
    if isinstance(node, (ast.Starred, ast.Slice, ast.JoinedStr, ast.FormattedValue)):
        return False
    below = node
    for above in program.ancestors(node):
        # Positions in there are right from Python 3.12 on only; patterns, annotations and bases take no calls.
        if isinstance(above, (ast.JoinedStr, ast.pattern, ast.arg, ast.AnnAssign)) and not (
                isinstance(above, ast.AnnAssign) and below is above.value):
            return False
        if isinstance(above, ast.ClassDef) and below in above.bases:
            return False
        if isinstance(above, (ast.FunctionDef, ast.AsyncFunctionDef)) and below is above.returns:
            return False
        if isinstance(above, (ast.Delete, ast.Global)):
            return False
        if isinstance(above, ast.stmt) and not isinstance(above, ast.ClassDef):
            break
        below = above
    # A generator that is the only argument of a call has the parentheses of the call.
    return not isinstance(node, ast.GeneratorExp)
