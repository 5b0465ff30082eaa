"""Checks a batch of files, in a process that may be ended: ``python -m pyside.ledger.checking.worker CACHE``.

On standard input a list of ``[path, base64 of the file]``, on standard output, in the same order,
``{"rows": [[line, entry]], "problems": [reason]}``; both are JSON.

Read next: ``inference.py``, ``rules/__init__.py``, ``ignores.py``.
"""

import base64
import gc
import json
import sys
import threading

from pyside.ledger.checking import ignores, inference, rules, sources

# mypy recurses in C; monsters.py keeps trees so low that this is enough.
STACK, DEPTH = 256 << 20, 20000


def check(files, cache):
    """Check programs.

    :param files: ``(path, bytes)`` of each.
    :param cache: a folder for what mypy knows of typeshed.
    :returns: ``(rows, problems)`` of each; a row is ``(line, entry)``.
    """
    answers = [([], []) for _ in files]
    readable = []
    for place, (path, data) in enumerate(files):
        try:
            readable.append((place, sources.parsed(path, data)))
        except sources.Unreadable as error:
            answers[place][1].append(str(error))
    inferred = inference.infer([source for _, source in readable], cache)
    for (place, source), (program, messages, syntax) in zip(readable, inferred):
        rows, problems = answers[place]
        problems += ['line %d is nested too deeply, and was left out' % source.line(line) for line in source.skipped]
        if program is None:
            problems.append(messages)
            continue
        found = {(source.line(line), entry) for line, entry in rules.found(program, messages, syntax)}
        rows += ignores.kept(source, found | set(source.syntax)) + ignores.unknown(source)
    return answers


def main(cache):
    files = [(path, base64.b64decode(data)) for path, data in json.load(sys.stdin)]
    answers = check(files, cache)
    json.dump([{'rows': rows, 'problems': problems} for rows, problems in answers], sys.stdout)


if __name__ == '__main__':
    # Trees are large, and end with the process: to search them for cycles takes a third of the time.
    gc.set_threshold(200000, 50, 1000)
    sys.setrecursionlimit(DEPTH)
    threading.stack_size(STACK)
    worker = threading.Thread(target=main, args=sys.argv[1:])
    worker.start()
    worker.join()
