"""The byte/str ledger: what each Python does with bytes and text where a socket program meets them.

::

    topics/*.txt     the entries: a piece of code, what to write instead, and that as code
    outcomes.json    what each Python did with it, measured: {entry: {versions: outcome}}
    probe.py         runs one piece of code in a fresh interpreter and says what came of it
    checking/        points at the lines of your own program that an entry is about; check.py starts it

``python -m pyside.ledger check FILE|DIRECTORY`` checks; ``record PYTHON...`` measures again, ``pages`` makes
``docs/ledger``.

Read next: ``topics/sending.txt``, ``entries.py``.
"""
