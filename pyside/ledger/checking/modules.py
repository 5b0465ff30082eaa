"""Names of modules for files, so that mypy finds what the programs import from each other.

A file in a package has the name that it has there.  What is called as a module of the standard library would take its
place, and a relative import without a package would stop everything: such files get packages that are made up.

Read next: ``inference.py``.
"""

import os
import re
import sys

from mypy.modulefinder import BuildSource

WORD = re.compile(r'^[A-Za-z_]\w*$')
RELATIVE = re.compile(r'^\s*from\s+(\.+)', re.MULTILINE)
STUBS = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'stubs')
OURS = {os.path.splitext(name)[0] for name in os.listdir(STUBS)} | {
    'six', 'mypy_extensions', 'typing_extensions', '_typeshed'}


def names(sources):
    """List a name for each source; no two are equal."""
    found, taken = [], set()
    for number, source in enumerate(sources):
        parts = _parts(source.path)
        dots = max([len(match) for match in RELATIVE.findall(source.text)] or [0])
        root = os.path.dirname(os.path.abspath(source.path))
        made_up = not all(WORD.match(part) for part in parts) or parts[0] in sys.stdlib_module_names or parts[0] in OURS
        if made_up:
            parts = ['checked_' + re.sub(r'\W', '_', part) if not WORD.match(part) or part == parts[0] else part
                     for part in parts]
        parts = ['package%d' % depth for depth in range(dots + 1 - len(parts))] + parts
        name = '.'.join(parts)
        if name in taken or (source.path == '-' or not root):
            name = 'checked%d.%s' % (number, name)
        taken.add(name)
        found.append(name)
    return found


def build_sources(names, sources, texts):
    """List what mypy builds: the programs, under numbers instead of paths, and packages for them."""
    listed = [
        BuildSource('%d%s.py' % (number, '/__init__' if _is_package(sources[number].path) else ''), names[number], text)
        for number, text in texts.items()]
    known = {source.module for source in listed}
    for module in sorted(known):
        while '.' in module:
            module = module.rpartition('.')[0]
            if module not in known:
                known.add(module)
                listed.append(BuildSource('p%d/__init__.py' % len(listed), module, ''))
    return listed


def _parts(path):
    folder, file = os.path.split(os.path.abspath(path))
    parts = [] if _is_package(path) else [os.path.splitext(file)[0]]
    while os.path.isfile(os.path.join(folder, '__init__.py')) and os.path.basename(folder):
        folder, name = os.path.split(folder)
        parts.insert(0, name)
    return parts or ['checked']


def _is_package(path):
    return os.path.basename(path) == '__init__.py'


