"""Compiling small programs in C for a test, once a run."""

import os
import shutil
import subprocess
import tempfile

_built = {}


def build(sources, flags=()):
    """Compile and link sources into one program; return its path.

    :param sources: paths.
    :param flags: more words for the compiler.
    """
    key = tuple(sources) + tuple(flags)
    if key not in _built:
        program = os.path.join(tempfile.mkdtemp(prefix='interop-built-'), 'program')
        compiler = [os.environ.get('CC', 'cc'), '-std=c11', '-D_POSIX_C_SOURCE=200809L']
        subprocess.check_call(compiler + list(flags) + ['-o', program] + list(sources))
        _built[key] = program
    return _built[key]


def forget_builds():
    """Remove the programs that were compiled."""
    while _built:
        shutil.rmtree(os.path.dirname(_built.popitem()[1]), ignore_errors=True)
