"""Unkind peers and unkind machines, each against each program: a table fault x victim, made from a run.

::

    clients.py    hostile clients, each against a server of each language and I/O model
    servers.py    hostile servers, each against the client of each language: checks that every client has to pass
    machine.py    what a machine may do to a server
    table.py      what a fault is, and the list of all of them
    victims.py    the programs, and one cell of the table: a fault, a victim, and a good client beside it
    cells.json    what was seen, recorded
    __main__.py   docs/hostile.md

``python -m interop_tests.hostile`` makes ``docs/hostile.md``; with ``record``, after it has run every cell, which takes
some minutes.  Read next: ``table.py``.
"""
