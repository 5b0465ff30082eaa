"""The checks: every demand of the peer contract and of the wire formats, tried on every peer.

The suite is the other end of the wire.  A check is a function with a docstring
that says what is demanded, what is done on the wire and what has to come::

    clauses.py       the sentences of the contract that the checks hold peers to
    registry.py      what a check is, and the list of them
    stands.py        where a check stands: before a server, or behind a client
    dialogues.py     one good conversation of each protocol
    server_*.py      checks of servers, by theme
    client_*.py      checks of clients, by theme

``docs/checks.md`` is made of this: ``python -m interop_tests.checks``.
"""
