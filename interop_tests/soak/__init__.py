"""Soak: good clients, hostile ones, and restarts, for as long as one likes; every byte is accounted for.

::

    good clients   number their messages, compare every reply, and send again what was not answered
    hostile ones   are those of ``interop_tests/hostile/clients.py``, one after another, chosen by a seed
    restarts       SIGTERM while all of them talk; the next server takes the same port
    samples        memory and descriptors of the server, four times a second: soak.svg

A reply is an acknowledgement.  What may be lost is what was sent and not answered when a server ended: the client
knows, and asks again.  A wrong byte, a reply to nothing, or a message that is never answered is an error.

``make soak SECONDS=600``; read next: ``accounting.py``.
"""
