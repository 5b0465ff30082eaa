"""Scripts chosen by the Python code that they reach: atheris (https://github.com/google/atheris), libFuzzer for Python.

Words on the command line are those of libFuzzer.  ``__main__.py`` starts this.
"""

import sys

import atheris

# Only what is imported here reports which of its branches were taken.
with atheris.instrument_imports(include=['pyside.wire', 'pyside.protocols', 'pyside.iomodels']):
    from interop_tests.fuzz import playing, script


def play(data):
    found = playing.disagreement(script.from_bytes(data))
    if found:
        raise AssertionError(found)


atheris.Setup(sys.argv, play)
atheris.Fuzz()
