"""The checker: which lines of a program the entries of the ledger are about.

::

    file --> sources.py --> python2.py ---> casts.py <--> typing.py --> rules/ --> findings.py --> formats.py
             decoded        as Python 3     what is         mypy says     what the    messages      text, json,
             lines          by fissix       sure to be      what each     ledger      of the        sarif, github
                                            a socket        value is      knows       ledger

It is made of two libraries that others look after: mypy, with typeshed, infers what is bytes and what is text, and
fissix reads Python 2.  Both take a modern Python; what they judge may be of any.  ``command.py`` is the command, which
runs ``worker.py``, in a process of its own, for as many files at a time as there are.

C has no twin of this: bytes are bytes there.  Read next: ``sources.py``, ``evidence.py``, ``rules/__init__.py``.
"""
