"""Runs mypy over programs, pass after pass, until casts say all that can be inferred.

The first pass has no casts; the next ones know the sockets, and what is received from them; then each knows what own
functions, attributes and parameters hold by what the last one found: what is not text first, text at the end.
``mypy.build`` is no stable API: ``interop_tests/requirements.txt`` pins it.

Read next: ``evidence.py``, ``inferred.py``, ``rules/__init__.py``.
"""

import bisect
import re
from collections import namedtuple

from mypy import build
from mypy.errors import CompileError
from mypy.options import Options

from pyside.ledger.checking import casts, evidence, inferred, modules, versions_asked
from pyside.ledger.checking.program import Program

# Most programs need four.
PASSES = 12
STAGES = ('sockets', 'bytes', 'text')
# No file of typeshed has so many lines; and what casts.py puts below a program has fewer.
ABOVE_ALL, ROOM = 20000, 50
MESSAGE = re.compile(r'^(\d+)(?:/__init__)?\.py:(\d+):(\d+):(?:(\d+):(\d+):)? error: (.*?)  \[([\w-]+)\]$')
BLOCKER = re.compile(r'^(\d+)(?:/__init__)?\.py:(?:(\d+):)?(?:[\d:]*)? error: (.*)$')
# line, column, text, code of a message of mypy.
Message = namedtuple('Message', 'line column text code')


def infer(sources, cache):
    """Yield ``(Program, messages, entries)`` for each source, or ``(None, reason, None)``.

    :param sources: a list of Source.
    :param cache: a folder for what mypy knows of typeshed.
    """
    passes = _Passes(sources, cache)
    for _ in range(PASSES):
        passes.run_mypy()
        if not passes.cast():
            break
    _share_python_3(passes.programs.values())
    for number in range(len(sources)):
        if number in passes.reasons:
            yield None, passes.reasons[number], None
        else:
            yield passes.programs[number], passes.messages.get(number, []), passes.entries[number]


class _Passes:
    """The texts of all sources, numbered, which get more casts with each pass."""

    def __init__(self, sources, cache):
        self._sources, self._cache = sources, cache
        self._names = modules.names(sources)
        self._texts = {number: source.text for number, source in enumerate(sources)}
        programs = {number: Program(source, source.text, '', {}) for number, source in enumerate(sources)}
        self._bound = {number: _bound(program) for number, program in programs.items()}
        self._versions = versions_asked.names_in(
            {self._names[number]: program.tree for number, program in programs.items()})
        self.programs, self.messages, self.reasons = {}, {}, {}
        self.entries = {number: set() for number in self._texts}

    def run_mypy(self):
        """Let mypy look at the texts as they are now."""
        result, starts = self._build()
        types = _types(result, starts)
        self.messages = _messages(result, starts)
        self._definitions = inferred.Definitions({self._names[number]: start for number, start in starts.items()})
        for number, text in self._texts.items():
            if number in self.programs and self.programs[number].text == text:
                self.programs[number].types = types[number]
            else:
                name = self._names[number]
                self.programs[number] = Program(
                    self._sources[number], text, name, types[number], self._versions[name])
            self._definitions.add(self.programs[number])

    def cast(self):
        """Put casts into the texts; return whether there were any.

        Each package has stages of its own.  What makes bytes of something comes first: text might be inferred of what
        turns out to be bytes.
        """
        packages = {}
        for number in self.programs:
            packages.setdefault(self._names[number].partition('.')[0], []).append(number)
        changed = [any(self._cast(numbers, stage) for stage in STAGES) for numbers in packages.values()]
        return any(changed)

    def _cast(self, numbers, stage):
        changed = False
        for number in numbers:
            program = self.programs[number]
            if stage == 'sockets':
                found, entries = inferred.accumulators(program)
                found += evidence.casts(program)
                self.entries[number] |= entries
            else:
                found = [(node, type_) for node, type_ in inferred.casts(program, self._definitions)
                         if stage == 'text' or inferred.TEXT_TYPE not in type_]
            self._texts[number] = casts.inserted(program, found)
            changed = changed or self._texts[number] != program.text
        return changed

    def _build(self):
        """Return what mypy says, and ``{number: lines before it}``; what stops mypy is left out from now on."""
        while True:
            starts = _starts(self._texts)
            built = {number: '\n' * starts[number] + casts.with_imports(text, self._bound[number])
                     for number, text in self._texts.items()}
            wanted = modules.build_sources(self._names, self._sources, built)
            try:
                return build.build(wanted, _options(self._cache)), starts
            except CompileError as error:
                for number, reason in _blockers(error, starts):
                    self.reasons[number] = reason
                    del self._texts[number]
                    self.programs.pop(number, None)


def _share_python_3(programs):
    """A package in which one module needs Python 3 needs it."""
    packages = {program.module.rpartition('.')[0] for program in programs if program.only_python_3} - {''}
    for program in programs:
        if program.module.rpartition('.')[0] in packages and not program.source.is_python_2:
            program.only_python_3 = True


def _options(cache):
    options = Options()
    # The last version whose typeshed has asyncore, asynchat and imp.
    options.python_version = (3, 11)
    options.python_executable = None
    options.no_site_packages = True
    options.mypy_path = [modules.STUBS]
    options.platform = 'linux'
    options.export_types = True
    options.preserve_asts = True
    options.check_untyped_defs = True
    options.strict_equality = True
    options.strict_bytes = True
    options.allow_redefinition = True
    options.strict_optional = False
    options.ignore_missing_imports = True
    options.follow_imports = 'silent'
    options.show_column_numbers = True
    options.show_error_end = True
    options.error_summary = False
    options.incremental = True
    # Files are replaced whole, so that two checks at a time may share them; a database is not.
    options.sqlite_cache = False
    options.cache_dir = cache
    return options


def _starts(texts):
    """Return ``{number: lines before it}``: programs lie below each other, so that a line tells whose node it is."""
    starts, line = {}, ABOVE_ALL
    for number, text in texts.items():
        starts[number] = line
        line += text.count('\n') + ROOM
    return starts


def _types(result, starts):
    """Return ``{number: {place: type}}``."""
    numbers, lines = list(starts), list(starts.values())
    found = {number: {} for number in numbers}
    for node, type_ in result.types.items():
        if node.line > ABOVE_ALL and node.end_line is not None:
            at = bisect.bisect_left(lines, node.line) - 1
            place = node.line - lines[at], node.column, node.end_line - lines[at], node.end_column
            found[numbers[at]][place] = type_
    return found


def _messages(result, starts):
    found = {}
    for line in result.errors:
        match = MESSAGE.match(line)
        if match:
            number, line, column, _, _, text, code = match.groups()
            line = int(line) - starts.get(int(number), 0)
            found.setdefault(int(number), []).append(Message(line, int(column) - 1, text, code))
    return found


def _blockers(error, starts):
    """Return ``{number: reason}`` for the sources that keep the others from being built."""
    found = {}
    for message in error.messages:
        match = BLOCKER.match(message)
        if match and int(match.group(1)) in starts:
            number, line = int(match.group(1)), int(match.group(2) or 0)
            reason = match.group(3).partition('  [')[0]
            found.setdefault(number, 'line %d: %s' % (line - starts[number], reason))
    if not found:
        raise error
    return found.items()


def _bound(program):
    names = set(program.bound(program.tree))
    for node in program.tree.body:
        names.add(getattr(node, 'name', None))
    for node in program.nodes:
        if hasattr(node, 'names') and not isinstance(node.names[0], str):
            names.update((alias.asname or alias.name).partition('.')[0] for alias in node.names)
    return names


