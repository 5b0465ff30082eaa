"""``python -m pyside.ledger check``: reads the files, has them checked, prints what was found.

Read next: ``sources.py``, ``worker.py``.
"""

import base64
import json
import os
import signal
import subprocess
import sys
import tempfile

from pyside.ledger.checking import findings
from pyside.ledger.checking.formats import FORMATS
from pyside.ledger.checking.usage import USAGE
from pyside.ledger.entries import FOLDER
from pyside.wire.errors import EXIT_OK, EXIT_USAGE

ROOT = os.path.dirname(os.path.dirname(FOLDER))
EXIT_FOUND = 1
# Files that are checked together know each other's functions; more than these would take too much memory.
BATCH_FILES, BATCH_BYTES = 300, 6000000
# Seconds that a batch may take, and more for each 100,000 bytes of it: ten times what they do take.
PATIENCE, MORE_PATIENCE = 40, 20


def main(words):
    """Check files; return the exit status."""
    try:
        style, paths = _options(list(words))
    except ValueError as error:
        sys.stderr.write('ledger: %s\n%s' % (error, USAGE))
        return EXIT_USAGE
    files, problems = _read(paths)
    found = []
    for batch in _batches(files):
        for (path, _), answer in zip(batch, _checked(batch)):
            found += findings.described(path, [tuple(row) for row in answer['rows']])
            problems += [(path, reason) for reason in answer['problems']]
    order = {path: place for place, (path, _) in enumerate(files)}
    found.sort(key=lambda finding: (order[finding.path], finding.line, finding.entry))
    for path, reason in problems:
        sys.stderr.write('ledger: cannot check %s: %s\n' % (_shown(path), reason))
    sys.stdout.write(_shown(FORMATS[style](found, problems)))
    return EXIT_USAGE if problems else EXIT_FOUND if found else EXIT_OK


def _options(words):
    """Return the format and the paths.

    :raises ValueError: when they are wrong; its text says so.
    """
    style, paths = 'text', []
    while words:
        word = words.pop(0)
        if word == '--':
            paths += words
            break
        if word == '--format':
            if not words:
                raise ValueError('--format takes one of ' + ', '.join(FORMATS))
            style = words.pop(0)
        elif word.startswith('--format='):
            style = word.partition('=')[2]
        elif word.startswith('-') and word != '-':
            raise ValueError('%s is no option' % word)
        else:
            paths.append(word)
    if style not in FORMATS:
        raise ValueError('--format takes one of %s, not %s' % (', '.join(FORMATS), style))
    if not paths:
        raise ValueError('no file is named')
    return style, paths


def _read(paths):
    """Return ``(path, bytes)`` of all files, and ``(path, reason)`` of those that cannot be read."""
    files, problems, seen = [], [], set()
    for path in paths:
        listed = _walked(path, problems) if os.path.isdir(path) else [path]
        for one in listed:
            if one in seen:
                continue
            seen.add(one)
            try:
                if one == '-':
                    files.append((one, sys.stdin.buffer.read()))
                else:
                    with open(one, 'rb') as file:
                        files.append((one, file.read()))
            except (OSError, ValueError) as error:
                problems.append((one, getattr(error, 'strerror', None) or str(error)))
    return files, problems


def _walked(path, problems):
    """List the Python files below a folder in order, those of hidden folders left out."""
    found = []

    def failed(error):
        problems.append((error.filename, error.strerror))
    for folder, folders, names in os.walk(path, onerror=failed):
        folders[:] = sorted(name for name in folders if not name.startswith('.') and name != '__pycache__')
        paths = [os.path.join(folder, name) for name in sorted(names) if name.endswith('.py')]
        # What is there and no plain file, such as a named pipe, would hold up the rest for ever.
        found += [path for path in paths if os.path.isfile(path) or not os.path.exists(path)]
    return found


def _batches(files):
    batch, size = [], 0
    for path, data in files:
        if batch and (len(batch) == BATCH_FILES or size + len(data) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append((path, data))
        size += len(data)
    if batch:
        yield batch


def _checked(batch):
    """List the answers of a worker for a batch; where that fails, of two for its halves."""
    answers, reason = _worked(batch)
    if answers is not None:
        return answers
    if len(batch) == 1:
        return [{'rows': [], 'problems': [reason]}]
    half = len(batch) // 2
    return _checked(batch[:half]) + _checked(batch[half:])


def _worked(batch):
    """Return the answers of a worker, or None and the reason why there are none."""
    words = json.dumps([[os.path.abspath(path) if path != '-' else path, base64.b64encode(data).decode('ascii')]
                        for path, data in batch]).encode('ascii')
    seconds = PATIENCE + MORE_PATIENCE * sum(len(data) for _, data in batch) // 100000
    # mypy looks for modules where it runs: there are none there.
    with tempfile.TemporaryDirectory(prefix='ledger-') as empty:
        worker = subprocess.Popen(
            [sys.executable, '-W', 'ignore', '-m', 'pyside.ledger.checking.worker', _cache(empty)], cwd=empty,
            env=dict(os.environ, PYTHONPATH=_search_path(), PYTHONHASHSEED='0'), start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            output, errors = worker.communicate(words, timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.communicate()
            return None, 'it takes longer than %d seconds' % seconds
        try:
            return json.loads(output.decode('ascii')), None
        except ValueError:
            last = (errors.decode('utf-8', 'replace').strip().splitlines() or ['it ended without a word'])[-1]
            return None, 'the checker failed: ' + last


def _search_path():
    """Return where the worker looks for modules: mypy may be where the user says."""
    return os.pathsep.join(filter(None, [ROOT, os.environ.get('PYTHONPATH')]))


def _cache(otherwise):
    """Return a folder that keeps what mypy knows of typeshed from one run to the next, if there may be one."""
    base = os.environ.get('XDG_CACHE_HOME') or os.path.join(os.path.expanduser('~'), '.cache')
    folder = os.path.join(base, 'pyside-ledger')
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        return folder if os.access(folder, os.W_OK) else otherwise
    except OSError:
        return otherwise


def _shown(text):
    """Return text that any standard output takes; names of files may be no text."""
    encoding = sys.stdout.encoding or 'utf-8'
    return text.encode(encoding, 'backslashreplace').decode(encoding)
