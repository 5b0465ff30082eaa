"""The two languages are built alike: the same folders, the same stems, the same order of what is public.

And each layer uses those below it only.  What differs stands in the tables here, with the reason.
"""

import ast
import io
import os
import re
from collections import OrderedDict

import pytest

from interop_tests.process import ROOT

LANGUAGES = {'python': ('pyside', '.py'), 'c': ('c_ref', '.c')}
MOST_ENTRIES = 11
# The lowest first.
LAYERS = ['wire', 'protocols', 'net', 'iomodels', 'programs']
FOLDERS = LAYERS + ['first']

ONLY_FOLDERS = {
    'python': {
        'ledger': 'what the versions of Python do; C has one',
        'trace': 'draws what the recorder wrote down, of programs in any language',
    },
    'c': {},
}
# calls/ is not compared file for file: the recorder is C, and reading what it recorded is Python.
ONLY_STEMS = {
    'python': {
        'iomodels/asynchronous': 'an event loop of the standard library',
        'iomodels/socketserving': 'a framework of the standard library',
        'net/compat': 'what Python 2 and 3 spell differently',
        'programs/version': 'one line; C has it in a header',
        'wire/cref': 'the way from Python into C',
    },
    'c': {
        'programs/program': 'what both programs do first; in Python one program does it, pyside/__main__.py',
        'wire/pieces': 'Python has deque and tuples for this',
    },
}
# Twins in which no public name is the same in both.
NOTHING_IN_COMMON = {
    'net/allowlist': 'Python makes a dictionary of the list at once, C finds a name when it is asked for',
    'programs/client': 'run in Python is main in C, which has a program for each role',
    'programs/server': 'run in Python is main in C, which has a program for each role',
    'programs/help': 'Python returns the text, C appends it to a buffer',
    'protocols/command': 'C has a table of static functions for each role',
    'protocols/count': 'C has a table of static functions for each role',
    'protocols/greet': 'C has a table of static functions for each role',
    'protocols/sizeok': 'C has a table of static functions for each role',
    'protocols/frame': 'C has a table of static functions for each role',
    'protocols/table': 'C makes a session with the function that wire/cref.h declares',
    'protocols/upper': 'to_upper returns bytes, upper_append appends them',
}

FUNCTION = re.compile(r'^[a-z][\w \*]*?\b(\w+)\([^;{]*?\)\n\{', re.M | re.S)
TWIN = re.compile(r'(?:C|Python) twin: `{0,2}([\w./]+)')
READ_NEXT = re.compile(r'Read next: `{0,2}([\w./]+)')
INCLUDED = re.compile(r'^#include "(\w+)/(.*)"$', re.M)
IMPORTED = re.compile(r'^\s*(?:from pyside\.(\w+)(?:\.([\w.]+))? import (\w+)|import pyside\.(\w+))', re.M)


def text_of(*parts):
    with io.open(os.path.join(ROOT, *parts), encoding='utf-8') as file:
        return file.read()


def entries(language):
    """List what stands in a language's root, without what is built."""
    root = LANGUAGES[language][0]
    built = ('__pycache__', 'bin', 'build', 'lib')
    return sorted(name for name in os.listdir(os.path.join(ROOT, root)) if name not in built and name[-4:] != '.pyc')


def stems(language):
    """List ``folder/stem`` for the source files of a language."""
    root, suffix = LANGUAGES[language]
    found = []
    for folder in FOLDERS:
        for name in os.listdir(os.path.join(ROOT, root, folder)):
            if name.endswith(suffix) and name != '__init__.py':
                found.append('%s/%s' % (folder, name[:-len(suffix)]))
    return sorted(found)


TWINS = sorted(set(stems('python')) & set(stems('c')))


@pytest.mark.parametrize('language', sorted(LANGUAGES))
def test_root_is_small(language):
    assert len(entries(language)) <= MOST_ENTRIES


def test_folders():
    found = {}
    for language, (root, _) in LANGUAGES.items():
        folders = {name for name in entries(language) if os.path.isdir(os.path.join(ROOT, root, name))}
        assert set(ONLY_FOLDERS[language]) <= folders
        found[language] = folders - set(ONLY_FOLDERS[language])
    assert found['python'] == found['c']


def test_stems():
    for language in LANGUAGES:
        assert set(ONLY_STEMS[language]) <= set(stems(language))
    only = {language: set(stems(language)) - set(TWINS) for language in LANGUAGES}
    assert only == {language: set(rows) for language, rows in ONLY_STEMS.items()}


def heads(language):
    """Map each file of a language to its first comment or docstring, as one line; ``iomodels/log.py: text``."""
    root, suffix = LANGUAGES[language]
    end = {'python': '"""', 'c': '*/'}[language]
    found = {}
    for folder in FOLDERS + ['.']:
        for name in os.listdir(os.path.join(ROOT, root, folder)):
            if name.endswith((suffix, '.h')):
                head = text_of(root, folder, name)[3:].partition(end)[0]
                found[os.path.normpath(os.path.join(folder, name))] = re.sub(r'\s+(\* )?', ' ', head)
    return found


HEADS = {language: heads(language) for language in LANGUAGES}


def named(pattern, language, file):
    """Return the path that the head of a file names, or None."""
    match = pattern.search(HEADS[language][file])
    return match and match.group(1).rstrip('.')


@pytest.mark.parametrize('language', sorted(LANGUAGES))
def test_twins_name_each_other(language):
    (root, suffix), (other,) = LANGUAGES[language], set(LANGUAGES) - {language}
    twins = {file: named(TWIN, language, file) for file in HEADS[language]}
    assert [stem for stem in TWINS if not twins[stem + suffix] and not stem.startswith('first/')] == []
    for file, twin in twins.items():
        if twin:
            folder, _, path = twin.partition('/')
            assert folder == LANGUAGES[other][0] and path in HEADS[other], (file, twin)
            # A header has the twin of the file that it declares.
            back = (root + '/' + file, root + '/' + file.replace('.h', '.c'))
            assert named(TWIN, other, path) in back, (file, twin)


@pytest.mark.parametrize('language', sorted(LANGUAGES))
def test_what_to_read_next_exists(language):
    following = {file: named(READ_NEXT, language, file) for file in HEADS[language]}
    assert {file: path for file, path in following.items() if path and path not in HEADS[language]} == {}


def walk(language):
    """Follow ``Read next`` from the first file; return the stems."""
    suffix = LANGUAGES[language][1]
    file, walked = 'wire/errors' + suffix, []
    while file:
        assert os.path.splitext(file)[0] not in walked, (walked, file)
        walked.append(os.path.splitext(file)[0])
        file = named(READ_NEXT, language, file)
    return walked


@pytest.mark.parametrize('language', sorted(LANGUAGES))
def test_read_next_leads_through_every_file(language):
    walked = walk(language)
    assert {stem for stem in stems(language) if not stem.startswith('first/')} - set(walked) == set()
    assert walked[-1] == 'programs/client'


def test_read_next_is_the_same_way_in_both_languages():
    assert [stem for stem in walk('python') if stem in TWINS] == [stem for stem in walk('c') if stem in TWINS]


def public_in_python(stem):
    names = []
    for node in ast.parse(text_of('pyside', stem + '.py')).body:
        if isinstance(node, ast.ClassDef):
            names += [child.name for child in node.body if isinstance(child, ast.FunctionDef)]
        elif isinstance(node, ast.FunctionDef):
            names.append(node.name)
    return [name for name in names if not name.startswith('_')]


def public_in_c(stem):
    text = re.sub(r'/\*.*?\*/', '', text_of('c_ref', stem + '.c'), flags=re.S)
    text = re.sub(r' __attribute__\(\(.*?\)\)\)?', '', text)
    found = [match for match in FUNCTION.finditer(text) if not match.group(0).startswith('static')]
    return [match.group(1) for match in found]


def common(stem):
    """Pair the public names of twins, in Python's order: ``feed`` with ``decoder_feed``, ``serve`` with ``serve_x``."""
    in_c = public_in_c(stem)
    pairs = OrderedDict()
    for name in public_in_python(stem):
        twins = [other for other in in_c
                 if other == name or other.endswith('_' + name) or other.startswith(name + '_')]
        if twins and name not in pairs:
            own = '%s_%s' % (stem.split('/')[1], name)
            ends = [other for other in twins if other.endswith('_' + name)]
            pairs[name] = own if own in twins else (ends or twins)[0]
    return list(pairs.items())


@pytest.mark.parametrize('stem', [stem for stem in TWINS if not stem.startswith('first/')])
def test_public_functions_stand_in_the_same_order(stem):
    pairs = common(stem)
    in_c = public_in_c(stem)
    assert bool(pairs) != (stem in NOTHING_IN_COMMON), (public_in_python(stem), in_c)
    order = [other for _, other in pairs]
    assert order == sorted(order, key=in_c.index), pairs


@pytest.mark.parametrize('stem', stems('c'))
def test_c_reads_from_top_to_bottom(stem):
    """Public functions come before the static ones that they call."""
    text = re.sub(r'/\*.*?\*/', '', text_of('c_ref', stem + '.c'), flags=re.S)
    kinds = ['static' if match.group(0).startswith('static') else 'public' for match in FUNCTION.finditer(text)]
    assert kinds == sorted(kinds)


def used(language):
    """Yield ``(file, layer of the file, layer that it uses, what it uses)``."""
    root, suffix = LANGUAGES[language]
    for folder in LAYERS:
        for name in sorted(os.listdir(os.path.join(ROOT, root, folder))):
            if not name.endswith(('.py', '.c', '.h')):
                continue
            text = text_of(root, folder, name)
            if language == 'c':
                for layer, other in INCLUDED.findall(text):
                    yield '%s/%s' % (folder, name), folder, layer, '%s/%s' % (layer, other)
            else:
                for layer, module, imported, plain in IMPORTED.findall(text):
                    yield '%s/%s' % (folder, name), folder, layer or plain, '%s/%s.py' % (
                        layer or plain, module or imported)


@pytest.mark.parametrize('language', sorted(LANGUAGES))
def test_layers_use_what_is_below_them(language):
    upward = [(file, other) for file, folder, layer, other in used(language)
              if layer not in LAYERS or LAYERS.index(layer) > LAYERS.index(folder)]
    assert upward == []


@pytest.mark.parametrize('language', sorted(LANGUAGES))
def test_no_file_uses_itself_by_way_of_others(language):
    uses = {}
    for file, _, _, other in used(language):
        uses.setdefault(file, set()).add(other)

    def reached(file, path):
        assert file not in path, ' -> '.join(path + [file])
        for other in sorted(uses.get(file, ())):
            reached(other, path + [file])

    assert uses
    for file in sorted(uses):
        reached(file, [])
