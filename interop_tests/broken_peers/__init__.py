"""Peers that are broken on purpose, one plain bug each: ``python -m interop_tests.broken_peers FAULT ROLE ...``.

The base is a small peer that keeps the contract, in the standard library alone; a fault overrides a method of it.
The suite has to name every fault: ``test_broken_peers.py``::

    wire.py            reading a stream, and the framings
    server.py          the server of every protocol      server_faults.py   what can be wrong with it
    client.py          the client of every protocol      client_faults.py   what can be wrong with it
    table.py           the list of the faults, and which check names each
"""
