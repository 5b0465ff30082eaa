"""The first programs, ``pyside/first`` and ``c_ref/first``: how they are started, what is recorded, and their page.

::

    programs.py         the programs as the tests and the page start them
    recording.py        what the pair called while it talked: calls.json
    experiments.py      what goes wrong with them: transcripts.json
    page.py, page.md    docs/first.md

``python -m interop_tests.first`` makes the page; with ``record`` and the paths of interpreters in front, the oldest
first, after it has recorded everything again.
"""
