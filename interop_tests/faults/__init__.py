"""Every call to the kernel fails once with each errno of its man page, and once short; so does every allocation in C.

``faults.c`` is put between a program and the C library, ``control.py`` tells it what fails next, and ``table.py`` says
what has to come of it.  ``docs/faults.md`` is made from that table: ``python -m interop_tests.faults``.
"""
