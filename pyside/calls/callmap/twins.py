"""The examples in C as a program: each becomes a function in ``c_ref/calls/callmap/frame.c``.

Read next: ``c_ref/calls/callmap/stage.h``.
"""

import os
import re
import subprocess

from pyside.wire.cref import C_REF

FRAME = os.path.join(C_REF, 'calls', 'callmap', 'frame.c')
SOURCES = [os.path.join(C_REF, 'calls', 'callmap', 'stage.c'), os.path.join(C_REF, 'calls', 'constants.c')]
FLAGS = ['-std=c11', '-O2', '-D_POSIX_C_SOURCE=200809L', '-Wall', '-Wextra', '-Wpedantic', '-Wshadow', '-Wconversion',
         '-Werror', '-I', C_REF]
# What makes a descriptor, so that it gets the name that the example has for it.
MAKERS = 'socket|listening|accept|dup|fcntl|epoll_create1'
DECLARED = re.compile(r'^int (?:(\w+(?:, \w+)*);|(\w+) = (?:%s)\()' % MAKERS, re.M)


def source(examples):
    """Return a program that runs the example whose name is its first argument.

    :param examples: an iterable of :class:`pyside.calls.callmap.rows.Example`.
    """
    functions, table = [], []
    for number, example in enumerate(examples):
        before, _, statement = ('\n' + example.c).partition('\n---\n')
        functions.append('static void example_%d(void)\n{\n%s\n%s\nmark();\n%s\nmark();\n%s\n}\n' % (
            number, before, _naming(before), statement, _naming(statement)))
        table.append('{"%s", example_%d},' % (example.name, number))
    with open(FRAME) as frame:
        return frame.read().replace('/* FUNCTIONS */', '\n'.join(functions)).replace('/* TABLE */', '\n'.join(table))


def build(examples, folder):
    """Compile that program; return its path.

    :param folder: where it and its source are put.
    :raises subprocess.CalledProcessError: when the compiler says anything.
    """
    path, program = os.path.join(folder, 'examples.c'), os.path.join(folder, 'examples')
    with open(path, 'w') as file:
        file.write(source(examples))
    subprocess.check_call([os.environ.get('CC', 'cc')] + FLAGS + ['-o', program, path] + SOURCES)
    return program


def _naming(code):
    names = [name for many, one in DECLARED.findall(code) for name in (many or one).split(', ')]
    return '\n'.join('name_descriptor("%s", %s);' % (name, name) for name in names)
