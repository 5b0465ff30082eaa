"""The faults: what is wrong with each, and how the suite has to name it."""

from collections import namedtuple

# wrong: in one line.  named: the cells that have to fail, each with its status and words of its text.
# kind: the class that has the fault.
Fault = namedtuple('Fault', 'name role wrong named kind')
# cell: the tail of its name, protocol-format/transport/check.
Named = namedtuple('Named', 'cell status words')

FAULTS = []


def fault(role, *named):
    """Register a class; its docstring says in one line what is wrong.

    :param named: ``(cell, status, words)``; the cells are the tails of their names.
    """
    def register(kind):
        FAULTS.append(Fault(_dashed(kind.__name__), role, kind.__doc__, [Named(*one) for one in named], kind))
        return kind
    return register


def _dashed(name):
    return ''.join('-' + letter.lower() if letter.isupper() else letter for letter in name).lstrip('-')


def implementation(name, role):
    """Return the class of a fault for a role; the other role of a fault is right."""
    from interop_tests.broken_peers.client import Client
    from interop_tests.broken_peers.server import Server
    for one in FAULTS:
        if (one.name, one.role) == (name, role):
            return one.kind
    return {'server': Server, 'client': Client}[role]
